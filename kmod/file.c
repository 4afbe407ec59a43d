// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include "file.h"

/* Pages may go again before they are used; nobody has that happen for ever. */
#define TRIES	4

/* Get the page that is written to first; as much fits into one piece of a text. */
static int get_page_for(char __user *buf, size_t len)
{
	size_t wanted = min_t(size_t, len, PAGE_SIZE), left;

	if (!try_module_get(THIS_MODULE))
		return -EIO;
	left = fault_in_writeable(buf, wanted);
	module_put(THIS_MODULE);
	return left == wanted ? -EFAULT : 0;
}

ssize_t nf_vip_file_read(nf_vip_read_fn *read, struct file *file, char __user *buf, size_t len,
			 loff_t *pos)
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
		err = get_page_for(buf, len);
		if (err)
			return err;
	}
}

ssize_t nf_vip_seq_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	return nf_vip_file_read(seq_read, file, buf, len, pos);
}

int nf_vip_file_copy(void *to, const char __user *from, size_t len)
{
	unsigned long left;

	pagefault_disable();
	left = copy_from_user(to, from, len);
	pagefault_enable();
	if (!left)
		return 0;

	if (!try_module_get(THIS_MODULE))
		return -EIO;
	left = copy_from_user(to, from, len);
	module_put(THIS_MODULE);
	return left ? -EFAULT : 0;
}
