/* SPDX-License-Identifier: GPL-2.0 */
/* How a write to a file of sysfs begins: who may, what, and the lock. */
#ifndef NF_VIP_ATTRIBUTE_INPUT_H
#define NF_VIP_ATTRIBUTE_INPUT_H

#include <linux/types.h>

struct nf_vip_net;

/* Longer than any number of 64 bits: a number that is too large is told from a malformed one. */
#define NF_VIP_INPUT_WORD 32

/**
 * nf_vip_may_change() - may this process change the configuration?
 * @vn: network namespace
 */
bool nf_vip_may_change(struct nf_vip_net *vn);

/**
 * nf_vip_may_report() - may this process, which may write a file, say what a
 *	checker saw?
 * @vn: network namespace
 *
 * A process that got the file by chown or chmod may, and needs no capability;
 * the file's first owner needs the capability, as for all other files.
 */
bool nf_vip_may_report(struct nf_vip_net *vn);

/**
 * nf_vip_input_begin() - begin every store: check, read the word, lock
 * @vn: network namespace
 * @allowed: may this process store?
 * @buf: what was written
 * @len: length of @buf in bytes
 * @word: filled in: what was written, without its newline
 *
 * Context: process, may sleep. Returns with @vn->lock if it returns 0.
 * Return: 0, -EPERM, -EINVAL or -EINTR.
 */
int nf_vip_input_begin(struct nf_vip_net *vn, bool allowed, const char *buf, size_t len,
		       char word[NF_VIP_INPUT_WORD]);

#endif /* NF_VIP_ATTRIBUTE_INPUT_H */
