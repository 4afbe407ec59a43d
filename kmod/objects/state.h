/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one network namespace has: its services, the map that packets are
 * looked up in, and its files.
 */
#ifndef NF_VIP_STATE_H
#define NF_VIP_STATE_H

#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/ratelimit.h>
#include <linux/rbtree.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "nf_vip_grammar.h"

struct nf_vip_config;
struct nf_vip_map;
struct nf_vip_marks;
struct nf_vip_routes;
struct nf_vip_recent_flows;
struct proc_dir_entry;

/* Address families of the packet path, and hooks of each family. */
enum {
	NF_VIP_FAMILIES = IS_ENABLED(CONFIG_IPV6) ? 2 : 1,
	NF_VIP_HOOKS = 4,
};

/* What a walk over the conntrack table takes, see upkeep.h. */
struct nf_vip_walk {
	bool on;
	u64 nr;
	u32 usecs;
	u32 pause_msecs;
	unsigned long soonest;
};

/**
 * struct nf_vip_confirm - the change of a namespace that waits to be confirmed, if any
 * @old: the configuration before the change; NULL while no change waits
 * @end: until when the change can be confirmed, in jiffies
 * @work: goes back to @old at @end
 */
struct nf_vip_confirm {
	struct nf_vip_config *old;
	unsigned long end;
	struct delayed_work work;
};

/**
 * struct nf_vip_net - state of one network namespace
 * @map: VIP lookup of the packet path; NULL while there was no service yet
 * @marks: backends by their marks; NULL like @map
 * @routes: routes to backends, of each CPU; NULL before there is an IPv4 hook
 * @nr_accounting: how many services count packets and bytes
 * @nr_down: how many backends are down or ejected; see objects/down_action.h
 * @nr_left: how many backends that are down lose established connections
 * @nr_ejecting: how many services eject backends
 * @recent: choices for flows that are new; NULL before there is a hook
 * @failed: backends that failed a connection; see redispatch.h. NULL like @recent
 * @asked: what an ejected backend was asked; see ask.h. NULL like @recent
 * @net: the namespace
 * @queue: queue for the namespace's work, see queue.h; constant
 * @writer: held by one transaction at a time, from parsing to the removal of
 *	deleted objects. Taken before @lock, never in a call that the removal of
 *	a file waits for
 * @askers: held by one at a time of those who ask explain and have no right
 *	here
 * @lock: protects every member below and every object of the namespace. sysfs
 *	and /proc/net/nf_condition handlers take it, so whoever removes their
 *	files holds @writer only
 * @services: in the order in which they were stated
 * @by_name: the same services
 * @nr_services: how many services there are
 * @conditions: every condition flag that a backend names
 * @conditions_by_name: the same flags
 * @unnamed: removes flags that no backend names any more; see condition.h
 * @fastpath: interfaces of the fast path, which vipctl makes in nftables
 * @closing: the namespace's files are about to go: a writer that waits has nothing to
 *	write any more
 * @nr_writers: how many calls are writing into config
 * @nr_configs: how many texts of the configuration are held
 * @config: the configuration as text, of some generation; or NULL
 * @generation: grows with each change that a user could see
 * @steps: how many steps the last change took, see nf_vip_plan_step()
 * @next_mark: where the assignment of marks goes on, as an index in mark_mask
 * @hooks: hooks of IPv4 and of IPv6, which have the namespace as their argument
 * @hooked: hooks of IPv4 (bit 0) and IPv6 (bit 1) are registered
 * @sweep: drops conntrack entries that went past a VIP; see sweep.h
 * @upkeep: corrects what packets do not see; see upkeep.h
 * @leases: backends whose health holds for some time only; see lease.h
 * @lapse: ends leases
 * @lapse_at: when @lapse is to run, in jiffies, while it is pending
 * @eject: ejects backends that failed too often; see eject_run.h
 * @eject_key: of the hash that tells clients apart; constant
 * @eject_later: ejects at a time, and ends ejections
 * @eject_at: when @eject_later is to run, in jiffies, while it is pending
 * @idle: backends that get no new connections; see drain.h
 * @emptied: looks which backends on @idle have no connections left
 * @deadline: looks which backends on @idle have drained for long enough
 * @reap: removes backends whose time to leave is over; see removal.h
 * @confirm: the change that waits to be confirmed
 * @walk: how long upkeep took last, and how long it rests
 * @log_limit: limits the lines about this namespace in the kernel log; has a lock
 *	of its own
 * @proc_dir: /proc/net/nf_vip
 * @condition_dir: /proc/net/nf_condition, or NULL if xt_condition has it
 * @error: why the last write to `config` was refused, or ""
 */
struct nf_vip_net {
	struct nf_vip_map __rcu *map;
	struct nf_vip_marks __rcu *marks;
	struct nf_vip_routes __percpu *routes;
	unsigned int nr_accounting;
	unsigned int nr_down;
	unsigned int nr_left;
	unsigned int nr_ejecting;
	struct nf_vip_recent_flows *recent;
	struct nf_vip_recent_flows *failed;
	struct nf_vip_recent_flows *asked;
	struct net *net;
	struct workqueue_struct *queue;

	/* The control path; see above for what each lock is for. */
	struct mutex writer ____cacheline_aligned_in_smp;
	/* Outside of @lock. */
	struct mutex askers;
	/* Inside @writer and @askers. */
	struct mutex lock;
	struct list_head services;
	struct rb_root by_name;
	unsigned int nr_services;
	struct list_head conditions;
	struct rb_root conditions_by_name;
	struct work_struct unnamed;
	struct nf_vip_fastpath_spec fastpath;
	bool closing;
	atomic_t nr_writers;
	atomic_t nr_configs;
	struct nf_vip_config *config;
	u64 generation;
	unsigned int steps;
	u32 next_mark;
	struct nf_hook_ops hooks[NF_VIP_FAMILIES][NF_VIP_HOOKS];
	unsigned int hooked;
	struct work_struct sweep;
	struct delayed_work upkeep;
	struct list_head leases;
	struct delayed_work lapse;
	unsigned long lapse_at;
	struct work_struct eject;
	siphash_key_t eject_key;
	struct delayed_work eject_later;
	unsigned long eject_at;
	struct list_head idle;
	struct work_struct emptied;
	struct delayed_work deadline;
	struct work_struct reap;
	struct nf_vip_confirm confirm;
	struct nf_vip_walk walk;
	struct ratelimit_state log_limit;
	struct proc_dir_entry *proc_dir;
	struct proc_dir_entry *condition_dir;
	char error[NF_VIP_ERROR_MAX];
};

/** @nf_vip_pernet_id: where a namespace keeps the module's state, from nf_vip_net_start() on */
extern unsigned int nf_vip_pernet_id;

/**
 * nf_vip_pernet() - the module's state of a network namespace
 * @net: namespace, between the module's pernet init and exit
 *
 * Context: any; in hooks under the RCU lock that netfilter holds.
 * Return: never NULL.
 */
static inline struct nf_vip_net *nf_vip_pernet(const struct net *net)
{
	return net_generic(net, nf_vip_pernet_id);
}

/** @nf_vip_unloading: the module goes, and all namespaces' files do */
extern bool nf_vip_unloading;

/**
 * nf_vip_is_closing() - do the files of a namespace go, or does the module?
 * @vn: network namespace
 *
 * Removing a file waits for all calls of that file: these are to give up.
 *
 * Context: any.
 */
static inline bool nf_vip_is_closing(const struct nf_vip_net *vn)
{
	return READ_ONCE(vn->closing) || READ_ONCE(nf_vip_unloading);
}

#endif /* NF_VIP_STATE_H */
