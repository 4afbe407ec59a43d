// SPDX-License-Identifier: GPL-2.0
#include <linux/bottom_half.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "files/simulate.h"
#include "objects/mark.h"
#include "objects/state.h"
#include "path/bind.h"
#include "path/choose.h"
#include "path/redispatch.h"
#include "select/load.h"
#include "select/persist.h"
#include "select/select.h"
#include "select/recent_flow.h"

/* Counters that nobody reads. */
static DEFINE_PER_CPU(struct nf_vip_svc_stats, service_stats);
static DEFINE_PER_CPU(struct nf_vip_be_stats, backend_stats);

/*
 * An asker who may not see the connections of others does not learn of them by
 * a clash either: their entries are in other zones than the entry of the
 * simulation.
 */
static const struct nf_conntrack_zone nowhere = {
	.id = U16_MAX,
	.dir = NF_CT_DEFAULT_ZONE_DIR,
};

/* Makes an entry as conntrack does, but puts it into no table. */
static void set_entry(struct nf_vip_simulation *sim)
{
	const struct nf_vip_question *question = sim->question;
	struct nf_conntrack_tuple *tuple;
	struct nf_conn *ct = sim->packet.ct;

	memset(ct, 0, sizeof(*ct));
	write_pnet(&ct->ct_net, sim->vn->net);
	nf_ct_zone_add(ct, sim->all ? &nf_ct_zone_dflt : &nowhere);
	ct->mark = question->mark;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	tuple->src.l3num = question->family;
	tuple->src.u3 = question->client;
	tuple->src.u.all = question->client_port;
	tuple->dst.u3 = question->vip;
	tuple->dst.u.all = question->vip_port;
	tuple->dst.protonum = question->proto;
	tuple->dst.dir = IP_CT_DIR_ORIGINAL;
	nf_ct_invert_tuple(&ct->tuplehash[IP_CT_DIR_REPLY].tuple, tuple);
}

struct nf_vip_simulation *nf_vip_simulate_begin(struct nf_vip_net *vn,
						const struct nf_vip_question *question, bool all)
{
	struct nf_vip_simulation *sim = kzalloc(sizeof(*sim), GFP_KERNEL_ACCOUNT);

	if (!sim)
		return ERR_PTR(-ENOMEM);
	sim->vn = vn;
	sim->packet.vn = vn;
	sim->question = question;
	sim->all = all;
	sim->packet.ct = kzalloc(sizeof(*sim->packet.ct), GFP_KERNEL_ACCOUNT);
	sim->packet.skb = alloc_skb(0, GFP_KERNEL_ACCOUNT);
	if (!sim->packet.ct || !sim->packet.skb) {
		nf_vip_simulate_end(sim);
		return ERR_PTR(-ENOMEM);
	}
	sim->packet.skb->mark = question->fwmark;
	set_entry(sim);
	return sim;
}

void nf_vip_simulate_end(struct nf_vip_simulation *sim)
{
	if (sim->sel)
		nf_vip_clients_put(sim->sel->clients);
	kvfree(sim->sel);
	kvfree(sim->loads);
	kvfree(sim->flows);
	kfree_skb(sim->packet.skb);
	kfree(sim->packet.ct);
	kfree(sim);
}

static int copy_selection(struct nf_vip_simulation *sim, const struct nf_vip_selection *sel)
{
	struct nf_vip_selection *copy = nf_vip_selection_copy(sel);
	u32 i;

	sim->sel = copy;
	if (!copy)
		return -ENOMEM;
	copy->clients = NULL;
	copy->stats = &service_stats;
	copy->cursor = &sim->cursor;
	atomic64_set(&sim->cursor.next, atomic64_read(&sel->cursor->next));

	sim->loads = kvcalloc(sel->nr_targets, sizeof(*sim->loads), GFP_KERNEL_ACCOUNT);
	if (!sim->loads)
		return -ENOMEM;
	for (i = 0; i < sel->nr_targets; i++) {
		atomic_set(&sim->loads[i].live,
			   nf_vip_load_expected(sel->targets[i].load));
		copy->targets[i].load = &sim->loads[i];
		copy->targets[i].stats = &backend_stats;
	}
	return 0;
}

static int copy_clients(struct nf_vip_simulation *sim, struct nf_vip_clients *clients)
{
	const union nf_inet_addr *addr = &nf_vip_simulate_tuple(sim)->src.u3;
	struct nf_vip_client client;

	if (!clients || !sim->all)
		return 0;
	sim->sel->clients = nf_vip_clients_copy_for(clients, addr);
	if (!sim->sel->clients)
		return -ENOMEM;
	sim->client = nf_vip_client_find(sim->sel->clients, addr, &client);
	if (sim->client)
		sim->client_left = nf_vip_client_left(&client);
	return 0;
}

static int copy_all(struct nf_vip_simulation *sim, const struct nf_vip_selection *sel)
{
	int err = copy_selection(sim, sel);

	if (!err)
		err = copy_clients(sim, sel->clients);
	if (err || sim->question->proto != IPPROTO_UDP)
		return err;
	sim->flows = sim->all ?
		      nf_vip_recent_flows_copy_for(sim->vn->recent, nf_vip_simulate_tuple(sim)) :
		      nf_vip_recent_flows_alloc(HZ);
	return sim->flows ? 0 : -ENOMEM;
}

static void note(struct nf_vip_simulation *sim)
{
	if (sim->bound != NF_VIP_BOUND)
		return;
	sim->mark = nf_vip_mark_of(sim->packet.ct);
	sim->reply = sim->packet.ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	sim->by = sim->packet.by;
}

/*
 * As in a hook: under RCU, for as long as which the interface is there, and with bottom
 * halves disabled.
 */
static void enter(struct nf_vip_simulation *sim)
	__acquires(RCU)
{
	local_bh_disable();
	rcu_read_lock();
	sim->packet.skb->dev = dev_get_by_name_rcu(sim->vn->net, sim->question->dev);
}

static void leave(struct nf_vip_simulation *sim)
	__releases(RCU)
{
	sim->packet.skb->dev = NULL;
	rcu_read_unlock();
	local_bh_enable();
}

int nf_vip_simulate_choose(struct nf_vip_simulation *sim, const struct nf_vip_selection *sel)
{
	int err = copy_all(sim, sel);

	lockdep_assert_held(&sim->vn->lock);
	if (err)
		return err;
	enter(sim);
	if (sel->eject && sim->all)
		sim->avoid = nf_vip_redispatch_avoid(&sim->packet);
	sim->bound = nf_vip_choose(&sim->packet, sim->sel, sim->flows, sim->avoid);
	leave(sim);
	note(sim);
	return 0;
}

enum nf_vip_bound nf_vip_simulate_bind(struct nf_vip_simulation *sim,
				       const struct nf_vip_target *target)
{
	enum nf_vip_bound bound;

	set_entry(sim);
	enter(sim);
	bound = nf_vip_bind(&sim->packet, sim->sel, target);
	leave(sim);
	return bound;
}
