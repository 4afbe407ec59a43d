/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters.
 */
#ifndef NF_VIP_PARAMS_H
#define NF_VIP_PARAMS_H

/**
 * nf_vip_params_check() - may the module be loaded with these parameters?
 *
 * Context: module init, before anything else. Sets nf_vip_mark_mask.
 * Return: 0 or -EINVAL; the reason is in the kernel log.
 */
int nf_vip_params_check(void);

/**
 * nf_vip_params_apply() - configure the initial namespace
 *
 * `vip` and `backends` first, then `config`; each becomes a transaction.
 *
 * Context: module init, after everything else.
 * Return: 0 or an errno of nf_vip_transaction(); the reason is in the kernel
 * log.
 */
int nf_vip_params_apply(void);

#endif /* NF_VIP_PARAMS_H */
