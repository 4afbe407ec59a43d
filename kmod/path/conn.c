// SPDX-License-Identifier: GPL-2.0
#include <linux/skbuff.h>
#include "objects/kick.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "path/conn.h"
#include "path/packet.h"
#include "select/load.h"

static bool is_address_of(const struct nf_vip_backend *backend, const struct nf_conn *ct)
{
	const union nf_inet_addr *addr = &ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3;

	/*
	 * A transaction that restates the backend writes its address: a count
	 * that is wrong for that reason is mended by the next walk (upkeep.c).
	 */
	return data_race(nf_inet_addr_cmp(&backend->spec.addr, addr));
}

/*
 * The mark says which backend the connection has, unless somebody else's rule
 * has changed the mark.
 */
struct nf_vip_backend *nf_vip_conn_backend(const struct nf_vip_net *vn, const struct nf_conn *ct)
{
	const struct nf_vip_marks *marks = rcu_dereference(vn->marks);
	u32 mark = nf_vip_mark_of(ct);
	struct nf_vip_backend *backend;

	if (!marks || !mark)
		return NULL;
	backend = nf_vip_marks_find(marks, mark);
	return backend && is_address_of(backend, ct) ? backend : NULL;
}

/* The backend whose count a connection changes: none for an expected one, as data of FTP. */
static struct nf_vip_backend *counts_for(const struct nf_vip_net *vn, const struct nf_conn *ct)
{
	return ct->master ? NULL : nf_vip_conn_backend(vn, ct);
}

bool nf_vip_conn_begin(const struct nf_vip_net *vn, struct nf_conn *ct)
{
	struct nf_vip_backend *backend;

	if (ct->status & BIT(NF_VIP_IPS_BEGAN_BIT))
		return true;
	nf_vip_conn_skip(ct);
	backend = counts_for(vn, ct);
	if (!backend)
		return true;
	/*
	 * A transaction may change the limit meanwhile: the old one will do as
	 * well as the new one.
	 */
	if (!nf_vip_load_begin(backend->load, data_race(READ_ONCE(backend->spec.max_conns)))) {
		this_cpu_inc(backend->service->stats->nr[NF_VIP_SVC_FULL]);
		return false;
	}
	nf_vip_load_give_back(backend->load);
	this_cpu_inc(backend->stats->nr[NF_VIP_BE_BEGAN]);
	return true;
}

void nf_vip_conn_closed(const struct nf_vip_net *vn, struct nf_conn *ct)
{
	struct nf_vip_backend *backend;

	if (test_bit(NF_VIP_IPS_ENDED_BIT, &ct->status) ||
	    test_and_set_bit(NF_VIP_IPS_ENDED_BIT, &ct->status))
		return;
	backend = counts_for(vn, ct);
	if (!backend)
		return;
	this_cpu_inc(backend->stats->nr[NF_VIP_BE_ENDED]);
	if (nf_vip_load_end(backend->load))
		nf_vip_kick_emptied(backend);
}

void nf_vip_conn_again(const struct nf_vip_net *vn, struct nf_conn *ct)
{
	struct nf_vip_backend *backend;

	if (nf_ct_protonum(ct) != IPPROTO_SCTP ||
	    !test_and_clear_bit(NF_VIP_IPS_ENDED_BIT, &ct->status))
		return;
	backend = counts_for(vn, ct);
	if (!backend)
		return;
	nf_vip_load_begin(backend->load, 0);
	this_cpu_inc(backend->stats->nr[NF_VIP_BE_BEGAN]);
}

void nf_vip_conn_account(const struct nf_vip_packet *packet)
{
	bool in = nf_vip_packet_dir(packet) == IP_CT_DIR_ORIGINAL;
	unsigned int bytes = packet->skb->len;
	const struct nf_vip_backend *backend;
	struct nf_vip_be_stats __percpu *be;
	struct nf_vip_svc_stats __percpu *svc;

	if (!(READ_ONCE(packet->ct->status) & IPS_DST_NAT))
		return;
	backend = nf_vip_conn_backend(packet->vn, packet->ct);
	if (!backend || !READ_ONCE(backend->service->accounting))
		return;
	be = backend->stats;
	svc = backend->service->stats;
	this_cpu_inc(be->nr[in ? NF_VIP_BE_PACKETS_IN : NF_VIP_BE_PACKETS_OUT]);
	this_cpu_add(be->nr[in ? NF_VIP_BE_BYTES_IN : NF_VIP_BE_BYTES_OUT], bytes);
	this_cpu_inc(svc->nr[in ? NF_VIP_SVC_PACKETS_IN : NF_VIP_SVC_PACKETS_OUT]);
	this_cpu_add(svc->nr[in ? NF_VIP_SVC_BYTES_IN : NF_VIP_SVC_BYTES_OUT], bytes);
}

void nf_vip_conn_no_route(const struct nf_vip_packet *packet)
{
	const struct nf_vip_backend *backend;

	if (packet->ctinfo != IP_CT_NEW || nf_ct_is_confirmed(packet->ct))
		return;
	backend = nf_vip_conn_backend(packet->vn, packet->ct);
	if (backend)
		this_cpu_inc(backend->service->stats->nr[NF_VIP_SVC_NO_ROUTE]);
}
