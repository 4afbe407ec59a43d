// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "objects/ejection.h"
#include "objects/kick.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/alarm.h"

/* Other CPUs count at the same time: a failure that is not counted is one of very many. */
#define COUNT_TRIES	8

static u64 count_failure(struct nf_vip_ejection *ejection)
{
	u64 was = atomic64_read(&ejection->failures), word;
	unsigned int i;

	for (i = 0; i < COUNT_TRIES; i++) {
		word = nf_vip_eject_count(was, jiffies, READ_ONCE(ejection->window));
		if (atomic64_try_cmpxchg_relaxed(&ejection->failures, &was, word))
			break;
	}
	return word;
}

/* The hash that tells a client from others; not 0. */
static u32 print_of(const struct nf_vip_net *vn, const struct nf_conntrack_tuple *client)
{
	const u32 *addr = client->src.u3.all;

	if (client->src.l3num == NFPROTO_IPV4)
		return siphash_1u32(addr[0], &vn->eject_key) | 1;
	return siphash_2u32(addr[0], addr[1], &vn->eject_key) | 1;
}

/* Enough failures, and of enough clients? */
static bool is_enough(struct nf_vip_ejection *ejection, u64 failures, u32 print)
{
	u32 clients = READ_ONCE(ejection->clients);

	/* The clients first, so that those of the first failures are noted, too. */
	return nf_vip_eject_meet(ejection->met, clients, print, failures >> 32) >= clients &&
	       (u32)failures >= READ_ONCE(ejection->limit);
}

void nf_vip_ejection_failed(struct nf_vip_backend *backend, const struct nf_conntrack_tuple *client)
{
	struct nf_vip_ejection *ejection = &backend->ejection;
	struct nf_vip_net *vn = backend->service->vn;

	this_cpu_inc(backend->stats->nr[NF_VIP_BE_FAILED]);
	if (!is_enough(ejection, count_failure(ejection), print_of(vn, client)) ||
	    !READ_ONCE(ejection->others) || READ_ONCE(ejection->due))
		return;
	WRITE_ONCE(ejection->due, true);
	nf_vip_kick_eject(vn);
}

bool nf_vip_is_ejected(const struct nf_vip_backend *backend)
{
	return backend->ejection.phase.state == NF_VIP_EJECT_OUT;
}

bool nf_vip_is_on_trial(const struct nf_vip_backend *backend)
{
	return backend->ejection.phase.state == NF_VIP_EJECT_TRIAL;
}

unsigned int nf_vip_ejection_left(const struct nf_vip_backend *backend)
{
	lockdep_assert_held(&backend->service->vn->lock);
	return nf_vip_is_ejected(backend) ? nf_vip_alarm_left(backend->ejection.phase.until) : 0;
}
