/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copies between our files in /proc and the memory of their readers and
 * writers.
 *
 * That memory may be a page of a file in another program, a file system in user
 * space, which never delivers the page: whoever touches the page waits as long as
 * that program likes. A file of /proc is removed only when no call of the file is
 * left, and the module is unloaded only then. So a call of ours waits for a page only
 * while it holds the module and the namespace: unloading is refused then, at once and
 * with all as it was, instead of begun and stuck half-way, and the namespace ends
 * later.
 */
#ifndef NF_VIP_FILE_H
#define NF_VIP_FILE_H

#include <linux/atomic.h>
#include <linux/types.h>

struct file;
struct nf_vip_net;

/**
 * struct nf_vip_holder - what a call holds while it waits for its caller's memory
 * @vn: the network namespace of the file
 * @waiting: how many calls wait; -1 when no call may wait any more, because the
 *	file is about to go; or NULL, for a file that goes with its namespace
 */
struct nf_vip_holder {
	struct nf_vip_net *vn;
	atomic_t *waiting;
};

typedef ssize_t nf_vip_read_fn(struct file *file, char __user *buf, size_t len, loff_t *pos);

/**
 * nf_vip_file_read() - read a file of ours
 * @read: the function that reads; when it returns -EFAULT, nothing has changed
 * @file: open file
 * @buf: where to
 * @len: how many bytes at most
 * @pos: where from
 * @holder: what is held meanwhile
 *
 * Context: process, may sleep.
 * Return: as @read, or -EIO if the file is about to go.
 */
ssize_t nf_vip_file_read(nf_vip_read_fn *read, struct file *file, char __user *buf, size_t len,
			 loff_t *pos, const struct nf_vip_holder *holder);

/*
 * nf_vip_file_read() with seq_read(), for struct proc_ops of files whose data
 * is the struct nf_vip_net.
 */
ssize_t nf_vip_seq_read(struct file *file, char __user *buf, size_t len, loff_t *pos);

/**
 * nf_vip_file_copy() - copy what was written to a file of ours
 * @to: where to
 * @from: user's memory
 * @len: bytes
 * @holder: what is held meanwhile
 *
 * Context: process, may sleep, no lock held.
 * Return: 0, -EFAULT, or -EIO if the file is about to go.
 */
int nf_vip_file_copy(void *to, const char __user *from, size_t len,
		     const struct nf_vip_holder *holder);

#endif /* NF_VIP_FILE_H */
