// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/nf_vip/explain: a question is written, and its answer is read on the
 * same open file. Anybody may ask; what the answer says of connections and of
 * clients is for those who may see connections and clients otherwise. seq_file's
 * lock keeps processes that share an open file apart.
 */
#include <linux/capability.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "files/explain.h"
#include "objects/file.h"
#include "objects/state.h"

/**
 * struct asker - an open file
 * @vn: network namespace
 * @all: whoever opened the file may see all that the answer depends on
 * @question: the last question that was written
 * @error: why that question was refused, or ""
 */
struct asker {
	struct nf_vip_net *vn;
	bool all;
	struct nf_vip_question question;
	char error[NF_VIP_ERROR_MAX];
};

static int answer(struct seq_file *m, const struct asker *asker)
{
	return nf_vip_explain_answer(m, asker->vn, &asker->question, asker->all);
}

/*
 * An answer takes a while under the lock, and everybody may ask: so askers
 * without a right here stand in the way of writers one at a time only.
 */
static int answer_in_turn(struct seq_file *m, const struct asker *asker)
{
	int err;

	if (mutex_lock_interruptible(&asker->vn->askers))
		return -EINTR;
	err = answer(m, asker);
	mutex_unlock(&asker->vn->askers);
	return err;
}

static int explain_show(struct seq_file *m, void *v)
{
	struct asker *asker = m->private;

	if (!asker->error[0])
		return asker->all ? answer(m, asker) : answer_in_turn(m, asker);
	seq_printf(m, "error %s\n", asker->error);
	return 0;
}

static bool dev_exists(struct net *net, const char *name)
{
	bool exists;

	rcu_read_lock();
	exists = dev_get_by_name_rcu(net, name);
	rcu_read_unlock();
	return exists;
}

static int ask(struct asker *asker, const char *text, size_t len)
{
	struct nf_vip_question *question = &asker->question;
	int err;

	err = nf_vip_parse_question(text, len, question, asker->error);
	if (err)
		return err;
	if (!question->dev[0] || dev_exists(asker->vn->net, question->dev))
		return 0;
	scnprintf(asker->error, sizeof(asker->error),
		  "dev \"%s\": expected an interface that exists", question->dev);
	return -ENODEV;
}

/* The answer begins at the start of the file, so that is where the next read continues. */
static ssize_t explain_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct seq_file *m = file->private_data;
	const struct asker *asker = m->private;
	char text[NF_VIP_QUESTION_MAX];
	int err = 0;

	/* A longer question is refused without a look at the text. */
	if (len <= sizeof(text))
		err = nf_vip_file_copy(text, buf, len,
				       &(const struct nf_vip_holder){ asker->vn });
	if (err)
		return err;
	if (mutex_lock_interruptible(&m->lock))
		return -EINTR;
	err = ask(m->private, text, len);
	mutex_unlock(&m->lock);
	/* Also after a question that is refused, whose error sentence is the answer. */
	*pos = 0;
	file->f_pos = 0;
	return err ?: len;
}

static int explain_open(struct inode *inode, struct file *file)
{
	struct asker *asker = kzalloc(sizeof(*asker), GFP_KERNEL_ACCOUNT);
	int err;

	if (!asker)
		return -ENOMEM;
	asker->vn = pde_data(inode);
	asker->all = file_ns_capable(file, asker->vn->net->user_ns, CAP_NET_ADMIN);
	strscpy(asker->error, "expected a question: tcp ADDRESS:PORT -> VIP:PORT",
		sizeof(asker->error));
	err = single_open(file, explain_show, asker);
	if (err)
		kfree(asker);
	return err;
}

static int explain_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->private);
	return single_release(inode, file);
}

const struct proc_ops nf_vip_explain_ops = {
	.proc_open	= explain_open,
	.proc_read	= nf_vip_seq_read,
	.proc_write	= explain_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= explain_release,
};
