/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connections of a backend that went down: its state is "down", its checker
 * says 0, or its condition flag is 1. A backend that drains, or weighs nothing,
 * is not down, unless the deadline of its drain has passed: then its connections
 * are reset whatever the service says.
 *
 * A packet of such a connection decides what becomes of it. While no backend
 * is down, packets pay one comparison for that. Connections on the fast path
 * have no packets here; the walk of live.h finds them.
 */
#ifndef NF_VIP_ONDOWN_H
#define NF_VIP_ONDOWN_H

#include "nf_vip_grammar.h"

struct nf_conn;
struct nf_hook_state;
struct nf_vip_backend;
struct nf_vip_net;
struct nf_vip_service;
struct sk_buff;

/**
 * nf_vip_ondown_note() - keep in mind which backends of a service are down
 * @service: service whose selection packets see, the namespace's lock held
 *
 * Comes after the selection without them was published: a packet that learns
 * of it here does not choose them again.
 */
void nf_vip_ondown_note(struct nf_vip_service *service);

/**
 * nf_vip_ondown_forget() - a backend goes away
 * @backend: backend, the namespace's lock held
 *
 * Its connections stay as they are.
 */
void nf_vip_ondown_forget(struct nf_vip_backend *backend);

/**
 * nf_vip_begin_anew() - make a packet the first one of a connection
 * @skb: packet of the client, as nf_vip_ondown()
 * @ct: its entry, which is confirmed and goes
 * @state: the hook
 *
 * The packet has another entry afterwards, that is not confirmed. If a helper or
 * a zone was chosen for the old one, which only rules before us can do, the
 * packet is dropped instead, and its repetition begins anew.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT or NF_DROP.
 */
unsigned int nf_vip_begin_anew(struct sk_buff *skb, struct nf_conn *ct,
			       const struct nf_hook_state *state);

/**
 * nf_vip_ondown() - look after a packet whose backend may be down
 * @vn: network namespace with a backend that is down
 * @skb: packet at PRE_ROUTING or LOCAL_OUT, after conntrack and before the
 *	engine
 * @state: the hook
 *
 * A connection that never got an answer begins anew: its entry goes, and the
 * packet has a new one that is not confirmed, so that the engine balances it.
 * Established connections stay, are reset, or begin anew, as the service says.
 *
 * Context: hook, RCU lock held.
 * Return: NF_ACCEPT, or the verdict for a packet that goes no further.
 */
unsigned int nf_vip_ondown(const struct nf_vip_net *vn, struct sk_buff *skb,
			   const struct nf_hook_state *state);

/**
 * nf_vip_ondown_look() - what is to become of a connection?
 * @backend: whose connection it is
 * @ct: entry
 * @on_down: filled in, if its backend is down
 *
 * Return: false if its backend is not down.
 */
bool nf_vip_ondown_look(const struct nf_vip_backend *backend, const struct nf_conn *ct,
			enum nf_vip_on_down *on_down);

/**
 * nf_vip_ondown_takes_off() - does the fast path hide a connection that is not to stay?
 * @backend: whose connection it is
 * @ct: entry
 *
 * No packet of it comes by, and none can be had to answer: the entry has to go.
 * What comes next is a new connection, which a live backend gets; of TCP it is
 * in the middle, so a backend that does not know it answers by a reset.
 *
 * Context: any, under rcu_read_lock().
 */
bool nf_vip_ondown_takes_off(const struct nf_vip_backend *backend, const struct nf_conn *ct);

#endif /* NF_VIP_ONDOWN_H */
