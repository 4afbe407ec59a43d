/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What packets would do. The packet path makes its choice for an entry that nobody
 * else knows, on copies of all that a choice changes: cursor, connections of
 * backends, counters, clients, recent flows. So the answer is the packet path's own,
 * no packet pays for it, and nothing is left of the choice.
 */
#ifndef NF_VIP_SIMULATE_H
#define NF_VIP_SIMULATE_H

#include <net/netfilter/nf_conntrack.h>
#include "nf_vip_grammar.h"
#include "path/bind.h"
#include "path/packet.h"
#include "select/select.h"

struct nf_vip_net;
struct nf_vip_recent_flows;

/**
 * struct nf_vip_simulation - a connection that does not exist
 * @vn: network namespace
 * @question: what is asked about the connection
 * @all: the choice may depend on other connections, and on what is remembered
 *	of clients
 * @packet: the first packet of the connection, without content; its entry is in no
 *	table
 * @sel: copy of the selection, or NULL before there was a choice
 * @cursor: cursor of @sel
 * @loads: loads of the targets of @sel
 * @flows: recent flows for a UDP flow, or NULL
 * @bound: the choice
 * @by: what made the choice
 * @mark: mark of the backend that was chosen, or 0
 * @reply: reply tuple with that backend
 * @client: mark of the backend that the client had, or 0
 * @client_left: seconds for which that is remembered
 * @avoid: mark of the backend that has just failed this connection, or 0
 */
struct nf_vip_simulation {
	struct nf_vip_net *vn;
	const struct nf_vip_question *question;
	bool all;
	struct nf_vip_packet packet;
	struct nf_vip_selection *sel;
	struct nf_vip_cursor cursor;
	struct nf_vip_load *loads;
	struct nf_vip_recent_flows *flows;
	enum nf_vip_bound bound;
	enum nf_vip_chosen_by by;
	u32 mark;
	struct nf_conntrack_tuple reply;
	u32 client;
	u32 client_left;
	u32 avoid;
};

/**
 * nf_vip_simulate_begin() - make a connection up
 * @vn: network namespace
 * @question: what is asked about the connection; stays the caller's
 * @all: the answer may depend on other connections, and on what is remembered of
 *	clients
 *
 * Context: process, may sleep.
 * Return: a simulation, to be ended with nf_vip_simulate_end(), or ERR_PTR(-ENOMEM).
 */
struct nf_vip_simulation *nf_vip_simulate_begin(struct nf_vip_net *vn,
						const struct nf_vip_question *question, bool all);

/**
 * nf_vip_simulate_end() - forget a simulation
 * @sim: simulation
 */
void nf_vip_simulate_end(struct nf_vip_simulation *sim);

/* The original tuple of the simulated connection. */
static inline const struct nf_conntrack_tuple *
nf_vip_simulate_tuple(const struct nf_vip_simulation *sim)
{
	return nf_vip_original(sim->packet.ct);
}

/**
 * nf_vip_simulate_choose() - let the packet path choose, once a simulation
 * @sim: simulation; its members about the choice are filled in
 * @sel: selection of the service, published, with at least one slot
 *
 * Context: process, may sleep; the namespace's lock held.
 * Return: 0 or -ENOMEM.
 */
int nf_vip_simulate_choose(struct nf_vip_simulation *sim, const struct nf_vip_selection *sel);

/**
 * nf_vip_simulate_bind() - could a backend have the connection?
 * @sim: simulation with a choice
 * @target: backend, of a selection of the service
 *
 * Room for connections is not looked at.
 *
 * Context: process; the namespace's lock held.
 */
enum nf_vip_bound nf_vip_simulate_bind(struct nf_vip_simulation *sim,
				       const struct nf_vip_target *target);

#endif /* NF_VIP_SIMULATE_H */
