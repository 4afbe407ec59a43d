/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A change that has to be confirmed: if nobody does in time, the namespace goes
 * back to its old configuration by itself. An administrator who cut himself off
 * by the change gets the gateway back.
 */
#ifndef NF_VIP_CONFIRM_H
#define NF_VIP_CONFIRM_H

#include <linux/types.h>

struct nf_vip_config;
struct nf_vip_net;

/**
 * nf_vip_confirm_begin() - have a change wait to be confirmed
 * @vn: namespace, its lock held, in which no change waits
 * @old: what to go back to; the reference is the namespace's from now on
 * @seconds: how long to wait, 1 to NF_VIP_CONFIRM_MAX
 */
void nf_vip_confirm_begin(struct nf_vip_net *vn, struct nf_vip_config *old, u32 seconds);

/**
 * nf_vip_confirm_arm() - start the clock for going back
 * @vn: namespace in which a change waits, its lock held
 */
void nf_vip_confirm_arm(struct nf_vip_net *vn);

/**
 * nf_vip_confirm_end() - no change waits any more
 * @vn: namespace, its lock held
 */
void nf_vip_confirm_end(struct nf_vip_net *vn);

/**
 * nf_vip_confirm_is_due() - has nobody confirmed a change in time?
 * @vn: namespace, its lock held
 */
bool nf_vip_confirm_is_due(const struct nf_vip_net *vn);

/**
 * nf_vip_confirm_left() - how long does a change wait?
 * @vn: namespace, its lock held
 *
 * Return: seconds, at least 1; 0 if no change waits.
 */
unsigned int nf_vip_confirm_left(const struct nf_vip_net *vn);

/**
 * nf_vip_confirm_stop() - forget a change that waits, without going back
 * @vn: namespace without files, before its hooks are dropped
 *
 * Context: process, no lock of @vn held.
 */
void nf_vip_confirm_stop(struct nf_vip_net *vn);

#endif /* NF_VIP_CONFIRM_H */
