// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/nf_condition/NAME, so that a checker script written for
 * xt_condition keeps working as it is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/namei.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include "health/change.h"
#include "health/condition.h"
#include "objects/file.h"
#include "objects/state.h"

static bool xt_condition_found __ro_after_init;

static bool __init path_exists(const char *name)
{
	struct path path;

	if (kern_path(name, LOOKUP_FOLLOW, &path))
		return false;
	path_put(&path);
	return true;
}

/*
 * Making a folder of /proc a second time is a kernel warning, and no symbol of
 * xt_condition tells whether that module is there: look for what users see of
 * it.
 */
void __init nf_vip_condition_probe(void)
{
	xt_condition_found = path_exists("/sys/module/xt_condition") ||
			     path_exists("/proc/net/" NF_VIP_CONDITION_DIR);
	if (xt_condition_found)
		pr_warn("xt_condition has /proc/net/%s: the option \"condition\" is refused\n",
			NF_VIP_CONDITION_DIR);
}

static ssize_t read_flag(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	const struct nf_vip_condition *condition = pde_data(file_inode(file));
	const char *text = READ_ONCE(condition->dead) ? "1\n" : "0\n";

	return simple_read_from_buffer(buf, len, pos, text, 2);
}

/* The call that ends here may be the last one that an unnamed flag was kept for. */
static void waited(struct nf_vip_condition *condition)
{
	/*
	 * Pairs with the barrier in nf_vip_condition_reap(): either the reaper
	 * sees that this call waits no more, or this call sees that no backend
	 * names the flag.
	 */
	smp_mb();
	if (!READ_ONCE(condition->users))
		queue_work(condition->vn->queue, &condition->vn->unnamed);
}

static ssize_t condition_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct nf_vip_condition *condition = pde_data(file_inode(file));
	ssize_t n;

	n = nf_vip_file_read(read_flag, file, buf, len, pos, &(const struct nf_vip_holder){
		condition->vn, &condition->waiting });
	waited(condition);
	return n;
}

/* The contract of xt_condition: input that is not understood is accepted and ignored. */
static ssize_t condition_write(struct file *file, const char __user *buf, size_t len,
			       loff_t *pos)
{
	struct nf_vip_condition *condition = pde_data(file_inode(file));
	char first;
	int err;

	if (!len)
		return 0;
	err = nf_vip_file_copy(&first, buf, 1, &(const struct nf_vip_holder){
		condition->vn, &condition->waiting });
	waited(condition);
	if (err)
		return err;
	if (first != '0' && first != '1')
		return len;

	if (mutex_lock_interruptible(&condition->vn->lock))
		return -EINTR;
	err = nf_vip_condition_set(condition, first == '1');
	mutex_unlock(&condition->vn->lock);
	return err ?: len;
}

static const struct proc_ops condition_ops = {
	.proc_read	= condition_read,
	.proc_write	= condition_write,
	.proc_lseek	= default_llseek,
};

static struct nf_vip_condition *condition_of(const struct rb_node *node)
{
	return rb_entry(node, struct nf_vip_condition, by_name);
}

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(condition_of(a)->name, condition_of(b)->name) < 0;
}

static int compare(const void *name, const struct rb_node *node)
{
	return strcmp(name, condition_of(node)->name);
}

static struct nf_vip_condition *condition_create(struct nf_vip_net *vn, const char *name)
{
	struct nf_vip_condition *condition;

	condition = kzalloc(sizeof(*condition), GFP_KERNEL_ACCOUNT);
	if (!condition)
		return ERR_PTR(-ENOMEM);

	condition->vn = vn;
	strscpy(condition->name, name, sizeof(condition->name));
	INIT_LIST_HEAD(&condition->backends);
	condition->file = proc_create_data(name, 0644, vn->condition_dir, &condition_ops,
					   condition);
	if (!condition->file) {
		kfree(condition);
		return ERR_PTR(-ENOMEM);
	}
	list_add_tail(&condition->node, &vn->conditions);
	rb_add(&condition->by_name, &vn->conditions_by_name, less);
	return condition;
}

static struct nf_vip_condition *condition_find(struct nf_vip_net *vn, const char *name)
{
	struct rb_node *node = rb_find(name, &vn->conditions_by_name, compare);

	return node ? condition_of(node) : NULL;
}

struct nf_vip_condition *nf_vip_condition_get(struct nf_vip_net *vn, const char *name)
{
	struct nf_vip_condition *condition;

	lockdep_assert_held(&vn->lock);
	if (!vn->condition_dir)
		return ERR_PTR(-EOPNOTSUPP);

	condition = condition_find(vn, name);
	if (!condition)
		condition = condition_create(vn, name);
	if (IS_ERR(condition))
		return condition;
	/* A flag that was kept only for readers of its file begins anew. */
	if (!condition->users)
		WRITE_ONCE(condition->dead, false);
	WRITE_ONCE(condition->users, condition->users + 1);
	return condition;
}

static void take(struct nf_vip_condition *condition, struct list_head *unnamed)
{
	rb_erase(&condition->by_name, &condition->vn->conditions_by_name);
	list_move(&condition->node, unnamed);
}

void nf_vip_condition_put(struct nf_vip_condition *condition, struct list_head *unnamed)
{
	if (!condition)
		return;

	lockdep_assert_held(&condition->vn->lock);
	WRITE_ONCE(condition->users, condition->users - 1);
	if (!condition->users)
		take(condition, unnamed);
}

/* A call of the flag's file waits for its caller's memory: the flag stays until that call ends. */
static void keep(struct nf_vip_condition *condition)
{
	struct nf_vip_net *vn = condition->vn;

	mutex_lock(&vn->lock);
	list_move(&condition->node, &vn->conditions);
	rb_add(&condition->by_name, &vn->conditions_by_name, less);
	mutex_unlock(&vn->lock);
}

void nf_vip_condition_reap(struct list_head *unnamed)
{
	struct nf_vip_condition *condition, *next;

	list_for_each_entry_safe(condition, next, unnamed, node) {
		lockdep_assert_held(&condition->vn->writer);
		lockdep_assert_not_held(&condition->vn->lock);
		/* Pairs with the barrier in waited(): a cmpxchg that fails orders nothing. */
		smp_mb();
		if (atomic_cmpxchg(&condition->waiting, 0, -1)) {
			keep(condition);
			continue;
		}
		list_del(&condition->node);
		proc_remove(condition->file);
		kfree(condition);
	}
}

static void reap_unnamed(struct nf_vip_net *vn)
{
	struct nf_vip_condition *condition, *next;
	LIST_HEAD(unnamed);

	mutex_lock(&vn->writer);
	mutex_lock(&vn->lock);
	list_for_each_entry_safe(condition, next, &vn->conditions, node)
		if (!condition->users)
			take(condition, &unnamed);
	mutex_unlock(&vn->lock);
	nf_vip_condition_reap(&unnamed);
	mutex_unlock(&vn->writer);
}

static void run_unnamed(struct work_struct *work)
{
	reap_unnamed(container_of(work, struct nf_vip_net, unnamed));
}

int nf_vip_condition_start(struct nf_vip_net *vn)
{
	INIT_WORK(&vn->unnamed, run_unnamed);
	if (xt_condition_found)
		return 0;

	vn->condition_dir = proc_net_mkdir(vn->net, NF_VIP_CONDITION_DIR, vn->net->proc_net);
	return vn->condition_dir ? 0 : -ENOMEM;
}

/*
 * A call that waits for its caller's memory holds the namespace, so no such
 * call is left. The last calls may still be on their way out and queue the
 * work: proc_remove() waits for them before the work is cancelled.
 */
void nf_vip_condition_stop(struct nf_vip_net *vn)
{
	reap_unnamed(vn);
	proc_remove(vn->condition_dir);
	cancel_work_sync(&vn->unnamed);
}
