/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transactions: all of a text takes effect at once, or nothing does.
 */
#ifndef NF_VIP_TRANSACTION_H
#define NF_VIP_TRANSACTION_H

#include <linux/types.h>
#include "nf_vip_limits.h"

struct nf_vip_net;

/**
 * nf_vip_transaction() - make a namespace what a text says
 * @vn: namespace
 * @text: statements; need not end with a NUL; stays the caller's
 * @len: length in bytes
 * @error: set to the sentence that says why the text was refused, or to ""; so
 *	is @vn->error
 *
 * Context: process, may sleep, no lock of @vn held.
 * Return: 0, or an errno of kmod/abi/procfs-nf_vip; -EIO while the files of the
 * namespace go, or -EINTR if they begin to; after an error nothing is changed.
 */
int nf_vip_transaction(struct nf_vip_net *vn, const char *text, size_t len,
		       char error[NF_VIP_ERROR_MAX]);

/**
 * nf_vip_transaction_clear() - delete everything; cannot fail
 * @vn: namespace that is going away, without hooks
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_transaction_clear(struct nf_vip_net *vn);

/**
 * nf_vip_transaction_init() - set up the clock of changes that wait to be confirmed
 * @vn: namespace; nf_vip_confirm_stop() stops the clock
 */
void nf_vip_transaction_init(struct nf_vip_net *vn);

#endif /* NF_VIP_TRANSACTION_H */
