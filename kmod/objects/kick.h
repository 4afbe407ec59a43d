/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets and changes of health have work of the namespace done: one line each,
 * for layers that lie below the work.
 */
#ifndef NF_VIP_KICK_H
#define NF_VIP_KICK_H

#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include "objects/service.h"
#include "objects/state.h"

/**
 * nf_vip_kick_idle() - look soon who of those that get no new connections ran empty
 * @vn: namespace
 *
 * Context: any.
 */
static inline void nf_vip_kick_idle(struct nf_vip_net *vn)
{
	queue_work(vn->queue, &vn->emptied);
}

/**
 * nf_vip_kick_emptied() - the last connection of a backend has ended
 * @backend: backend; only one that gets no new connections matters
 *
 * Context: any, RCU lock held.
 */
static inline void nf_vip_kick_emptied(struct nf_vip_backend *backend)
{
	if (READ_ONCE(backend->drain.watched))
		nf_vip_kick_idle(backend->service->vn);
}

/**
 * nf_vip_kick_reap() - remove soon the backends whose time to leave is over
 * @vn: namespace
 *
 * Context: any.
 */
static inline void nf_vip_kick_reap(struct nf_vip_net *vn)
{
	queue_work(vn->queue, &vn->reap);
}

/**
 * nf_vip_kick_eject() - look soon whom to eject
 * @vn: namespace
 *
 * Context: any.
 */
static inline void nf_vip_kick_eject(struct nf_vip_net *vn)
{
	queue_work(vn->queue, &vn->eject);
}

/**
 * nf_vip_kick_upkeep() - walk now, or when the last one is eight times its length ago
 * @vn: namespace, its lock held
 *
 * For connections on the fast path, which have to leave a backend. One that
 * a packet puts there during the walk goes with the next one.
 */
static inline void nf_vip_kick_upkeep(struct nf_vip_net *vn)
{
	unsigned long now = jiffies, soonest = vn->walk.soonest;

	lockdep_assert_held(&vn->lock);
	if (vn->walk.on)
		mod_delayed_work(vn->queue, &vn->upkeep,
				 time_after(soonest, now) ? soonest - now : 0);
}

#endif /* NF_VIP_KICK_H */
