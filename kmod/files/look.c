// SPDX-License-Identifier: GPL-2.0
#include <linux/bottom_half.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "files/look.h"
#include "objects/mark.h"
#include "objects/state.h"
#include "path/bind.h"
#include "path/choose.h"
#include "path/redispatch.h"
#include "select/load.h"
#include "select/persist.h"
#include "select/select.h"
#include "select/twin.h"

/* Counters that nobody reads. */
static DEFINE_PER_CPU(struct nf_vip_svc_stats, service_stats);
static DEFINE_PER_CPU(struct nf_vip_be_stats, backend_stats);

/*
 * Whoever may not see the connections of others does not learn of them by a clash
 * either: their entries are in other zones than this one.
 */
static const struct nf_conntrack_zone nowhere = {
	.id = U16_MAX,
	.dir = NF_CT_DEFAULT_ZONE_DIR,
};

/* As conntrack makes a new entry, but for the table. */
static void set_entry(struct nf_vip_look *look)
{
	const struct nf_vip_question *question = look->question;
	struct nf_conntrack_tuple *tuple;
	struct nf_conn *ct = look->packet.ct;

	memset(ct, 0, sizeof(*ct));
	write_pnet(&ct->ct_net, look->vn->net);
	nf_ct_zone_add(ct, look->all ? &nf_ct_zone_dflt : &nowhere);
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

struct nf_vip_look *nf_vip_look_begin(struct nf_vip_net *vn,
				      const struct nf_vip_question *question, bool all)
{
	struct nf_vip_look *look = kzalloc(sizeof(*look), GFP_KERNEL_ACCOUNT);

	if (!look)
		return ERR_PTR(-ENOMEM);
	look->vn = vn;
	look->packet.vn = vn;
	look->question = question;
	look->all = all;
	look->packet.ct = kzalloc(sizeof(*look->packet.ct), GFP_KERNEL_ACCOUNT);
	look->packet.skb = alloc_skb(0, GFP_KERNEL_ACCOUNT);
	if (!look->packet.ct || !look->packet.skb) {
		nf_vip_look_end(look);
		return ERR_PTR(-ENOMEM);
	}
	look->packet.skb->mark = question->fwmark;
	set_entry(look);
	return look;
}

void nf_vip_look_end(struct nf_vip_look *look)
{
	if (look->sel)
		nf_vip_clients_put(look->sel->clients);
	kvfree(look->sel);
	kvfree(look->loads);
	kvfree(look->slots);
	kvfree(look->twins);
	kfree_skb(look->packet.skb);
	kfree(look->packet.ct);
	kfree(look);
}

static int copy_selection(struct nf_vip_look *look, const struct nf_vip_selection *sel)
{
	struct nf_vip_selection *copy = nf_vip_selection_copy(sel);
	u32 i;

	look->sel = copy;
	if (!copy)
		return -ENOMEM;
	copy->clients = NULL;
	copy->stats = &service_stats;
	copy->cursor = &look->cursor;
	atomic64_set(&look->cursor.next, atomic64_read(&sel->cursor->next));

	look->loads = kvcalloc(sel->nr_targets, sizeof(*look->loads), GFP_KERNEL_ACCOUNT);
	if (!look->loads)
		return -ENOMEM;
	for (i = 0; i < sel->nr_targets; i++) {
		atomic_set(&look->loads[i].live,
			   nf_vip_load_expected(sel->targets[i].load));
		copy->targets[i].load = &look->loads[i];
		copy->targets[i].stats = &backend_stats;
	}
	return 0;
}

static int copy_clients(struct nf_vip_look *look, struct nf_vip_clients *clients)
{
	const union nf_inet_addr *addr = &nf_vip_look_tuple(look)->src.u3;
	struct nf_vip_client client;

	if (!clients || !look->all)
		return 0;
	look->sel->clients = nf_vip_clients_copy_for(clients, addr);
	if (!look->sel->clients)
		return -ENOMEM;
	look->client = nf_vip_client_find(look->sel->clients, addr, &client);
	if (look->client)
		look->client_left = nf_vip_client_left(&client);
	return 0;
}

static int count_slots(struct nf_vip_look *look)
{
	const struct nf_vip_selection *sel = look->sel;
	u32 i;

	look->slots = kvcalloc(sel->nr_best, sizeof(*look->slots), GFP_KERNEL_ACCOUNT);
	if (!look->slots)
		return -ENOMEM;
	for (i = 0; i < sel->nr_slots; i++)
		look->slots[sel->slots[i]]++;
	return 0;
}

static int copy(struct nf_vip_look *look, const struct nf_vip_selection *sel)
{
	int err = copy_selection(look, sel);

	if (!err)
		err = copy_clients(look, sel->clients);
	if (!err)
		err = count_slots(look);
	if (err || look->question->proto != IPPROTO_UDP)
		return err;
	look->twins = look->all ?
		      nf_vip_twins_copy_for(look->vn->twins, nf_vip_look_tuple(look)) :
		      nf_vip_twins_alloc(HZ);
	return look->twins ? 0 : -ENOMEM;
}

static void note(struct nf_vip_look *look)
{
	if (look->bound != NF_VIP_BOUND)
		return;
	look->mark = look->packet.ct->mark & nf_vip_mark_mask;
	look->reply = look->packet.ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	look->by = look->packet.by;
}

/* As hooks are called: under RCU, and by nobody else on this processor. */
static void enter(void)
	__acquires(RCU)
{
	local_bh_disable();
	rcu_read_lock();
}

static void leave(void)
	__releases(RCU)
{
	rcu_read_unlock();
	local_bh_enable();
}

int nf_vip_look_choose(struct nf_vip_look *look, const struct nf_vip_selection *sel)
{
	int err = copy(look, sel);

	lockdep_assert_held(&look->vn->lock);
	if (err)
		return err;
	enter();
	if (sel->eject && look->all)
		look->avoid = nf_vip_redispatch_avoid(&look->packet);
	look->bound = nf_vip_choose(&look->packet, look->sel, look->twins, look->avoid);
	leave();
	note(look);
	return 0;
}

enum nf_vip_bound nf_vip_look_bind(struct nf_vip_look *look, const struct nf_vip_target *target)
{
	enum nf_vip_bound bound;

	set_entry(look);
	enter();
	bound = nf_vip_bind(&look->packet, look->sel, target);
	leave();
	return bound;
}
