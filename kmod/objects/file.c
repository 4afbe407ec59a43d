// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include "objects/file.h"
#include "objects/state.h"

/* A page may go again before it is used; nobody has that happen for ever. */
#define TRIES	4

static bool hold_file(const struct nf_vip_holder *holder)
{
	/* A module that is being loaded can be held, too; but should loading fail, its files go. */
	if (nf_vip_is_closing(holder->vn) || READ_ONCE(THIS_MODULE->state) != MODULE_STATE_LIVE ||
	    !try_module_get(THIS_MODULE))
		return false;
	if (!maybe_get_net(holder->vn->net))
		goto put_module;
	if (!holder->waiting || atomic_inc_unless_negative(holder->waiting))
		return true;
	put_net(holder->vn->net);
put_module:
	module_put(THIS_MODULE);
	return false;
}

static void let_go(const struct nf_vip_holder *holder)
{
	if (holder->waiting)
		atomic_dec(holder->waiting);
	put_net(holder->vn->net);
	module_put(THIS_MODULE);
}

/* Gets one page of the buffer in: about as much as is read at a time. */
static int get_page_for(char __user *buf, size_t len, const struct nf_vip_holder *holder)
{
	size_t wanted = min_t(size_t, len, PAGE_SIZE), left;

	if (!hold_file(holder))
		return -EIO;
	left = fault_in_safe_writeable(buf, wanted);
	let_go(holder);
	return left == wanted ? -EFAULT : 0;
}

ssize_t nf_vip_file_read(nf_vip_read_fn *read, struct file *file, char __user *buf, size_t len,
			 loff_t *pos, const struct nf_vip_holder *holder)
{
	unsigned int tries = TRIES;
	ssize_t n;
	int err;

	for (;;) {
		pagefault_disable();
		n = read(file, buf, len, pos);
		pagefault_enable();
		if (n != -EFAULT || !tries--)
			return n;
		err = get_page_for(buf, len, holder);
		if (err)
			return err;
	}
}

ssize_t nf_vip_seq_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct nf_vip_net *vn = pde_data(file_inode(file));

	return nf_vip_file_read(seq_read, file, buf, len, pos,
				&(const struct nf_vip_holder){ vn });
}

int nf_vip_file_copy(void *to, const char __user *from, size_t len,
		     const struct nf_vip_holder *holder)
{
	unsigned long left;

	pagefault_disable();
	left = copy_from_user(to, from, len);
	pagefault_enable();
	if (!left)
		return 0;

	if (!hold_file(holder))
		return -EIO;
	left = copy_from_user(to, from, len);
	let_go(holder);
	return left ? -EFAULT : 0;
}
