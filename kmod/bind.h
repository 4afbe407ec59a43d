/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding a new connection to its backend: reply tuple, mark, status.
 */
#ifndef NF_VIP_BIND_H
#define NF_VIP_BIND_H

#include <linux/types.h>

struct nf_conn;
struct nf_vip_target;

/**
 * nf_vip_bind() - send a connection to a backend
 * @ct: entry that is not confirmed and whose destination is not translated
 * @target: backend
 *
 * Alters the reply tuple, sets our bits of the mark, and marks the destination
 * as translated (IPS_DST_NAT, IPS_DST_NAT_DONE). ip_vs_nfct.c of the kernel
 * alters reply tuples in the same way.
 *
 * Context: hook, RCU lock held.
 * Return: false if the reply tuple is taken; then nothing was changed.
 */
bool nf_vip_bind(struct nf_conn *ct, const struct nf_vip_target *target);

/**
 * nf_vip_bind_other_port() - the same, with another source port
 * @ct: as above
 * @target: backend
 *
 * For clients that reach one backend through two VIPs from one port of theirs.
 * Tries a bounded number of random ports from 1024 on, as RFC 6056 section
 * 3.3.1 has it; the port that the backend sees is translated back for the
 * client.
 *
 * Context: hook, RCU lock held.
 * Return: false if no port was found; then nothing was changed.
 */
bool nf_vip_bind_other_port(struct nf_conn *ct, const struct nf_vip_target *target);

#endif /* NF_VIP_BIND_H */
