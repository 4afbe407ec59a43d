/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between a file of ours in /proc and memory of whoever reads or writes it.
 *
 * That memory may be a page of a file of another program, a file system in user
 * space, that never delivers it: whoever touches the page waits as long as that
 * program likes. A file of /proc is removed only when nobody is in a call of it
 * any more, and the module is unloaded only then. So no call of ours waits for a
 * page, unless it holds the module and the namespace: unloading is refused then, at
 * once and with all as it was, instead of begun and stuck half-way, and the namespace
 * ends later.
 */
#ifndef NF_VIP_FILE_H
#define NF_VIP_FILE_H

#include <linux/atomic.h>
#include <linux/types.h>

struct file;
struct nf_vip_net;

/**
 * struct nf_vip_holder - what stays while somebody waits for his memory
 * @vn: the network namespace of the file
 * @waiting: how many wait; -1 when nobody may any more, because the file is about
 *	to go; or NULL, of a file that goes with its namespace
 */
struct nf_vip_holder {
	struct nf_vip_net *vn;
	atomic_t *waiting;
};

typedef ssize_t nf_vip_read_fn(struct file *file, char __user *buf, size_t len, loff_t *pos);

/**
 * nf_vip_file_read() - read a file of ours
 * @read: what does it; -EFAULT from it has changed nothing
 * @file: open file
 * @buf: where to
 * @len: how many bytes at most
 * @pos: where from
 * @holder: what stays meanwhile
 *
 * Context: process, may sleep.
 * Return: as @read, or -EIO if the file is about to go.
 */
ssize_t nf_vip_file_read(nf_vip_read_fn *read, struct file *file, char __user *buf, size_t len,
			 loff_t *pos, const struct nf_vip_holder *holder);

/* The same with seq_read(), for struct proc_ops of files whose data is the struct nf_vip_net. */
ssize_t nf_vip_seq_read(struct file *file, char __user *buf, size_t len, loff_t *pos);

/**
 * nf_vip_file_copy() - what was written
 * @to: where to
 * @from: user's memory
 * @len: bytes
 * @holder: what stays meanwhile
 *
 * Context: process, may sleep, no lock held.
 * Return: 0, -EFAULT, or -EIO if the file is about to go.
 */
int nf_vip_file_copy(void *to, const char __user *from, size_t len,
		     const struct nf_vip_holder *holder);

#endif /* NF_VIP_FILE_H */
