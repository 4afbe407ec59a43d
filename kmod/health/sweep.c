// SPDX-License-Identifier: GPL-2.0
/*
 * A sweep walks the whole conntrack table, so it is work of its own and never
 * runs under a lock of ours.
 */
#include <net/netfilter/nf_conntrack.h>
#include "health/sweep.h"
#include "objects/state.h"
#include "select/map.h"

/*
 * An answered TCP connection belongs to a process of the gateway and would
 * break without its entry. A UDP flow has no state that could be lost.
 */
static bool went_past(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	if (status & IPS_NAT_MASK)
		return false;
	return !(status & IPS_SEEN_REPLY) || nf_ct_protonum(ct) == IPPROTO_UDP;
}

static int drop_if_past(struct nf_conn *ct, void *data)
{
	const struct nf_vip_net *vn = data;
	const struct nf_vip_map *map;
	bool drop;

	if (!went_past(ct))
		return 0;

	rcu_read_lock();
	map = rcu_dereference(vn->map);
	drop = map && nf_vip_map_covers(map, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	rcu_read_unlock();
	return drop;
}

static void sweep(struct work_struct *work)
{
	struct nf_vip_net *vn = container_of(work, struct nf_vip_net, sweep);
	struct nf_ct_iter_data iter = { .net = vn->net, .data = vn };

	nf_ct_iterate_cleanup_net(drop_if_past, &iter);
}

void nf_vip_sweep_init(struct nf_vip_net *vn)
{
	INIT_WORK(&vn->sweep, sweep);
}

void nf_vip_sweep_later(struct nf_vip_net *vn)
{
	queue_work(vn->queue, &vn->sweep);
}

void nf_vip_sweep_wait(struct nf_vip_net *vn)
{
	flush_work(&vn->sweep);
}

void nf_vip_sweep_cancel(struct nf_vip_net *vn)
{
	cancel_work_sync(&vn->sweep);
}
