/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets and changes of health queue work of the namespace: one line each, for
 * layers that lie below that work.
 */
#ifndef NF_VIP_KICK_H
#define NF_VIP_KICK_H

#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include "objects/service.h"
#include "objects/state.h"

/**
 * nf_vip_kick_idle() - look soon which backends on nf_vip_net.idle ran empty
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
 * @backend: backend; matters only if it gets no new connections
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
 * nf_vip_kick_eject() - look soon which backends to eject
 * @vn: namespace
 *
 * Context: any.
 */
static inline void nf_vip_kick_eject(struct nf_vip_net *vn)
{
	queue_work(vn->queue, &vn->eject);
}

/**
 * nf_vip_kick_upkeep() - walk now, or as soon as the pause after the last walk allows
 * @vn: namespace, its lock held
 *
 * For connections on the fast path that have to leave a backend. A connection
 * that a packet puts on the fast path during the walk goes with the next walk.
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
