// SPDX-License-Identifier: GPL-2.0
/*
 * A walk cannot stop the world: connections begin and end while it counts. So a
 * count is only taken for wrong if what began and ended during the walk does
 * not explain it, and is mended to the nearest value that could be right. When
 * nothing happens during a walk, the count is exact afterwards.
 */
#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack_core.h>
#include "health/drain.h"
#include "health/publish.h"
#include "health/upkeep.h"
#include "objects/down_action.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "objects/state.h"
#include "path/conn.h"
#include "select/load.h"

/*
 * The pause after a walk: WALK_SHARE times as long as the walk took, at least
 * WALK_PAUSE, and for the host at most WALK_PAUSE_MAX.
 */
#define WALK_PAUSE	(HZ / 2)
#define WALK_SHARE	64
#define WALK_PAUSE_MAX	(30 * HZ)

/* The share before a walk that somebody waits for, however often backends go down. */
#define WALK_SHARE_SOON	8

static bool is_live(const struct nf_conn *ct)
{
	unsigned long status = READ_ONCE(ct->status);

	if (!(status & IPS_DST_NAT) || (status & (IPS_DYING | BIT(NF_VIP_IPS_ENDED_BIT))) ||
	    ct->master)
		return false;
	/* An entry on the fast path does not expire by its timeout. */
	if (nf_ct_is_expired(ct) && !(status & IPS_OFFLOAD))
		return false;
	return !nf_vip_conn_closing(ct);
}

/* Returns 1 for an entry that is to be deleted. */
static int count_entry(struct nf_conn *ct, void *data)
{
	const struct nf_vip_net *vn = data;
	struct nf_vip_backend *backend;
	int gone = 0;

	if (!is_live(ct))
		return 0;
	rcu_read_lock();
	backend = nf_vip_conn_backend(vn, ct);
	if (backend && nf_vip_down_takes_off(backend, ct)) {
		nf_vip_conn_closed(vn, ct);
		gone = 1;
	} else if (backend) {
		backend->census.seen++;
	}
	rcu_read_unlock();
	return gone;
}

/* Notes the counts of a backend before a walk. */
static void begin(struct nf_vip_backend *backend)
{
	struct nf_vip_be_stats counts = nf_vip_backend_counts(backend);

	backend->census.seen = 0;
	backend->census.live = atomic_read(&backend->load->live);
	backend->census.began = counts.nr[NF_VIP_BE_BEGAN];
	backend->census.ended = counts.nr[NF_VIP_BE_ENDED];
}

/* The walk misses a connection that ends before the walk gets there, or begins behind it. */
static void mend(struct nf_vip_backend *backend)
{
	struct nf_vip_be_stats counts = nf_vip_backend_counts(backend);
	const struct nf_vip_census *census = &backend->census;
	s64 low = census->live - (s64)(counts.nr[NF_VIP_BE_ENDED] - census->ended);
	s64 high = census->live + (s64)(counts.nr[NF_VIP_BE_BEGAN] - census->began);

	if (census->seen < low)
		atomic_sub(low - census->seen, &backend->load->live);
	else if (census->seen > high)
		atomic_add(census->seen - high, &backend->load->live);
}

static void visit(struct nf_vip_net *vn, void (*what)(struct nf_vip_backend *backend))
{
	struct nf_vip_service *service;
	struct nf_vip_backend *backend;

	mutex_lock(&vn->lock);
	list_for_each_entry(service, &vn->services, node) {
		list_for_each_entry(backend, &service->backends, node)
			what(backend);
		list_for_each_entry(backend, &service->leaving, node)
			what(backend);
		cond_resched();
	}
	mutex_unlock(&vn->lock);
}

static void warm_up(struct nf_vip_net *vn)
{
	struct nf_vip_service *service;

	mutex_lock(&vn->lock);
	list_for_each_entry(service, &vn->services, node)
		if (service->warming)
			nf_vip_service_warm_up(service);
	mutex_unlock(&vn->lock);
}

/*
 * Each namespace walks over the table that all of them share, so each rests the
 * longer the more of them walk. But users' namespaces do not make the host's
 * walks rarer, however many there are.
 */
static struct walkers {
	atomic_t host;
	atomic_t users;
} walkers;

static atomic_t *walkers_like(const struct nf_vip_net *vn)
{
	return nf_vip_is_of_user(vn) ? &walkers.users : &walkers.host;
}

static u64 nr_walkers(const struct nf_vip_net *vn)
{
	u64 nr = atomic_read(&walkers.host);

	return nf_vip_is_of_user(vn) ? nr + atomic_read(&walkers.users) : nr;
}

/* In jiffies: @share times as long as the walk took, for each namespace that walks. */
static u64 pause_for(const struct nf_vip_net *vn, u64 took_usecs, unsigned int share)
{
	return nsecs_to_jiffies64(took_usecs * share * nr_walkers(vn) * NSEC_PER_USEC);
}

/* All users' namespaces share one part of a CPU, so there is no upper limit to their pause. */
static unsigned long pause_after(const struct nf_vip_net *vn, u64 took_usecs)
{
	u64 most = nf_vip_is_of_user(vn) ? MAX_JIFFY_OFFSET : WALK_PAUSE_MAX;

	return clamp_t(u64, pause_for(vn, took_usecs, WALK_SHARE), WALK_PAUSE, most);
}

static void rest_after(struct nf_vip_net *vn, u64 took_usecs)
{
	unsigned long pause = pause_after(vn, took_usecs);

	lockdep_assert_held(&vn->lock);
	vn->walk.nr++;
	vn->walk.usecs = took_usecs;
	vn->walk.pause_msecs = jiffies_to_msecs(pause);
	/* A walk that somebody waits for comes no later than an ordinary one. */
	vn->walk.soonest = jiffies +
			   min_t(u64, pause, pause_for(vn, took_usecs, WALK_SHARE_SOON));
	if (vn->nr_services) {
		queue_delayed_work(vn->queue, &vn->upkeep, pause);
	} else {
		vn->walk.on = false;
		atomic_dec(walkers_like(vn));
	}
}

static void upkeep(struct work_struct *work)
{
	struct nf_vip_net *vn = container_of(to_delayed_work(work), struct nf_vip_net, upkeep);
	struct nf_ct_iter_data iter = { .net = vn->net, .data = vn };
	ktime_t start;
	u64 took;

	visit(vn, begin);
	/* Without the time for the lock: a walk that was kept waiting need not rest for that. */
	start = ktime_get();
	nf_ct_iterate_cleanup_net(count_entry, &iter);
	took = ktime_us_delta(ktime_get(), start);
	visit(vn, mend);
	nf_vip_drain_run(vn);
	warm_up(vn);

	mutex_lock(&vn->lock);
	rest_after(vn, took);
	mutex_unlock(&vn->lock);
}

void nf_vip_upkeep_init(struct nf_vip_net *vn)
{
	INIT_DELAYED_WORK(&vn->upkeep, upkeep);
	vn->walk.soonest = jiffies;
}

void nf_vip_upkeep_start(struct nf_vip_net *vn)
{
	lockdep_assert_held(&vn->lock);
	if (vn->walk.on || !vn->nr_services)
		return;
	vn->walk.on = true;
	atomic_inc(walkers_like(vn));
	queue_delayed_work(vn->queue, &vn->upkeep, WALK_PAUSE);
}

void nf_vip_upkeep_stop(struct nf_vip_net *vn)
{
	cancel_delayed_work_sync(&vn->upkeep);
	if (vn->walk.on)
		atomic_dec(walkers_like(vn));
	vn->walk.on = false;
}
