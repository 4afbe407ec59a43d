/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A change that wants to be confirmed: unless it is, in time, the namespace goes
 * back to the configuration that it had, by itself. Whoever cut himself off by
 * the change gets his gateway back.
 */
#ifndef NF_VIP_CONFIRM_H
#define NF_VIP_CONFIRM_H

#include <linux/types.h>

struct nf_vip_config;
struct nf_vip_net;

/**
 * nf_vip_confirm_begin() - from now on a change waits
 * @vn: namespace, its lock held, in which none does
 * @old: what to go back to; the reference is the namespace's from now on
 * @seconds: how long to wait, 1 to NF_VIP_CONFIRM_MAX
 */
void nf_vip_confirm_begin(struct nf_vip_net *vn, struct nf_vip_config *old, u32 seconds);

/**
 * nf_vip_confirm_arm() - have the clock run that goes back
 * @vn: namespace in which a change waits, its lock held
 */
void nf_vip_confirm_arm(struct nf_vip_net *vn);

/**
 * nf_vip_confirm_end() - nothing waits any more
 * @vn: namespace, its lock held
 */
void nf_vip_confirm_end(struct nf_vip_net *vn);

/**
 * nf_vip_confirm_is_due() - has nobody confirmed in time?
 * @vn: namespace, its lock held
 */
bool nf_vip_confirm_is_due(const struct nf_vip_net *vn);

/**
 * nf_vip_confirm_left() - how long does a change wait?
 * @vn: namespace, its lock held
 *
 * Return: seconds, at least 1; 0 if none does.
 */
unsigned int nf_vip_confirm_left(const struct nf_vip_net *vn);

/**
 * nf_vip_confirm_stop() - what waits is forgotten, nothing goes back any more
 * @vn: namespace without files, before its hooks are dropped
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_confirm_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_CONFIRM_H */
