// SPDX-License-Identifier: GPL-2.0
#include "health/condition.h"
#include "health/down_action_sync.h"
#include "health/usable.h"
#include "objects/down_action.h"
#include "objects/ejection.h"
#include "objects/kick.h"
#include "objects/state.h"

static bool is_down(const struct nf_vip_backend *backend)
{
	return backend->spec.state == NF_VIP_STATE_DOWN ||
	       (!backend->up && !backend->unknown) || nf_vip_condition_is_dead(backend->condition);
}

/* Connections are not moved while there is no usable backend to move them to. */
static u32 action_of(const struct nf_vip_service *service, enum nf_vip_on_down on_down,
		     unsigned int shift)
{
	if (on_down == NF_VIP_DOWN_MOVE && !service->nr_usable)
		return 0;
	return (u32)on_down << shift;
}

/* Who drains answers for itself, ejected or not. */
static bool is_ejected(const struct nf_vip_backend *backend)
{
	return backend->spec.state == NF_VIP_STATE_UP && backend->spec.weight &&
	       nf_vip_is_ejected(backend);
}

static u32 action(const struct nf_vip_backend *backend)
{
	const struct nf_vip_service *service = backend->service;
	const struct nf_vip_service_spec *spec = &service->spec;
	/* A connection is begun again only where somebody can take it. */
	u32 again = service->nr_usable ? NF_VIP_DOWN_AGAIN : 0, word = NF_VIP_DOWN_FLAG | again;

	if (backend->drain.overdue)
		return word | NF_VIP_DOWN_RESET << NF_VIP_DOWN_TCP_SHIFT |
		       NF_VIP_DOWN_RESET << NF_VIP_DOWN_UDP_SHIFT;
	if (nf_vip_is_open(backend))
		return 0;
	if (!is_down(backend))
		return is_ejected(backend) ? again : 0;
	if (spec->proto == IPPROTO_TCP || spec->proto == NF_VIP_PROTO_FWMARK)
		word |= action_of(service, spec->on_down_tcp, NF_VIP_DOWN_TCP_SHIFT);
	if (spec->proto == IPPROTO_UDP || spec->proto == NF_VIP_PROTO_FWMARK)
		word |= action_of(service, spec->on_down_udp, NF_VIP_DOWN_UDP_SHIFT);
	return word;
}

static void set_action(struct nf_vip_backend *backend, u32 word)
{
	struct nf_vip_net *vn = backend->service->vn;
	u32 old = backend->down_action;

	lockdep_assert_held(&vn->lock);
	if (word == old)
		return;
	/*
	 * Pairs with nf_vip_down_packet(): who sees the word sees the selection
	 * published before it, too.
	 */
	smp_store_release(&backend->down_action, word);
	WRITE_ONCE(vn->nr_down, vn->nr_down + !!word - !!old);
	WRITE_ONCE(vn->nr_left, vn->nr_left + nf_vip_down_word_loses(word) -
				nf_vip_down_word_loses(old));
	if (nf_vip_down_word_loses(word))
		nf_vip_kick_upkeep(vn);
}

void nf_vip_down_action_note(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		set_action(backend, action(backend));
	list_for_each_entry(backend, &service->leaving, node)
		set_action(backend, action(backend));
}

void nf_vip_down_action_forget(struct nf_vip_backend *backend)
{
	set_action(backend, 0);
}
