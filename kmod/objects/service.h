/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Services and their backends as the control path knows them. Packets never
 * read these objects: they read the selection that is made from them.
 */
#ifndef NF_VIP_SERVICE_H
#define NF_VIP_SERVICE_H

#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include "nf_vip_grammar.h"
#include "objects/ejection.h"
#include "objects/midstream.h"
#include "select/select.h"

struct nf_vip_condition;
struct nf_vip_draft_service;
struct nf_vip_entry;
struct nf_vip_net;

/**
 * struct nf_vip_service - a service, with its VIPs and its backends
 * @kobj: /sys/kernel/nf_vip/SERVICE; holds the name and the reference count
 * @vn: network namespace, which outlives the service
 * @node: in nf_vip_net.services
 * @by_name: in nf_vip_net.by_name
 * @spec: what the service's statement said, and sysfs changed
 * @backends: in the order in which they were stated
 * @backends_by_name: the same backends
 * @nr_backends: how many backends there are
 * @leaving: backends that were deleted while they had connections; see removal.h
 * @nr_leaving: how many backends are leaving
 * @nr_usable: how many backends may be chosen, as of the published selection
 * @nr_slots: entries of the published selection, of which each backend has some
 * @panic: whether too few backends were alive for that selection, and what was
 *	done about it
 * @entry: where the service stands in the published map, while it is linked:
 *	the first of its entries
 * @nr_entries: how many entries, which lie together
 * @next_entry: where the service stands in the map that a transaction is about
 *	to publish
 * @draft: what a transaction on its way makes of the service, or NULL
 * @pending: selection that is built but not published yet
 * @warming: some backend warms up
 * @ejecting: its backends may be ejected
 * @accounting: packets and bytes are counted; read by packets
 * @midstream: what drops TCP from the middle of a connection; read by packets
 * @cursor: position of nth; kept through every change
 * @stats: counters of the packet path
 * @rcu: frees the object after the packets that use @midstream, @cursor and @stats
 *
 * All members but @kobj and @rcu are protected by nf_vip_net.lock.
 */
struct nf_vip_service {
	struct kobject kobj;
	struct nf_vip_net *vn;
	struct list_head node;
	struct rb_node by_name;
	struct nf_vip_service_spec spec;
	struct list_head backends;
	struct rb_root backends_by_name;
	unsigned int nr_backends;
	struct list_head leaving;
	unsigned int nr_leaving;
	unsigned int nr_usable;
	u32 nr_slots;
	struct nf_vip_panic panic;
	struct nf_vip_entry *entry;
	unsigned int nr_entries;
	struct nf_vip_entry *next_entry;
	struct nf_vip_draft_service *draft;
	struct nf_vip_selection *pending;
	bool warming;
	bool ejecting;
	bool accounting;
	struct nf_vip_midstream midstream;
	struct nf_vip_cursor *cursor;
	struct nf_vip_svc_stats __percpu *stats;
	struct rcu_head rcu;
};

/**
 * struct nf_vip_census - a count of live connections on its way, see upkeep.c
 * @seen: connections that the walk has found so far
 * @live: the count before the walk
 * @began: connections counted for the backend before the walk
 * @ended: connections whose end was seen before the walk
 */
struct nf_vip_census {
	u32 seen;
	int live;
	u64 began;
	u64 ended;
};

/**
 * struct nf_vip_drain_asked - what a command and the option of a backend say of a drain
 * @seconds: what the command said; or NF_VIP_DRAIN_BY_OPTION
 * @option: the option, when it was looked at last
 */
struct nf_vip_drain_asked {
	u32 seconds;
	u32 option;
};

/**
 * struct nf_vip_drain - how a backend runs empty, see drain.h
 * @node: in nf_vip_net.idle while @watched
 * @watched: the backend gets no new connections; read by packets
 * @empty: the backend had no connections either at the last look
 * @on: the backend's state is drain
 * @told: the end of this drain was told, or need not be
 * @known: the backend was there before this change
 * @overdue: the deadline has passed, the connections that are left are reset
 * @asked: how long the drain may take
 * @kept: the same, when a change began that waits to be confirmed
 * @seconds: how long this drain may take, or 0
 * @end: the deadline, in jiffies
 */
struct nf_vip_drain {
	struct list_head node;
	bool watched;
	bool empty;
	bool on;
	bool told;
	bool known;
	bool overdue;
	struct nf_vip_drain_asked asked;
	struct nf_vip_drain_asked kept;
	u32 seconds;
	unsigned long end;
};

/* No number of seconds that can be asked for. */
#define NF_VIP_DRAIN_BY_OPTION	U32_MAX

/* What a transaction makes of a backend: it is removed, it leaves, or the text has it. */
enum nf_vip_becoming {
	NF_VIP_WILL_GO,
	NF_VIP_WILL_LEAVE,
	NF_VIP_WILL_STAY,
};

/**
 * struct nf_vip_backend - a real server of a service
 * @kobj: /sys/kernel/nf_vip/SERVICE/BACKEND; holds the name
 * @service: the service, which outlives the backend
 * @node: in nf_vip_service.backends, or with @leaving in nf_vip_service.leaving
 * @by_name: in nf_vip_service.backends_by_name
 * @spec: what the backend's statement said, and sysfs changed; the mark is
 *	never 0
 * @up: health as the checker saw it
 * @unknown: no checker has said anything yet; then @up is false
 * @leased: in nf_vip_net.leases while @up holds for some time only; see lease.h
 * @lease_end: when the lease ends, in jiffies
 * @lapse: health after the lease; only the work that ends leases uses it
 * @condition: the flag that @spec names, or NULL
 * @flagged: in nf_vip_condition.backends
 * @down_action: what becomes of connections, 0 while the backend is neither down nor
 *	ejected; see objects/down_action.h. Read by packets
 * @ejection: failures of the backend; see ejection.h. Packets use some of that
 * @drain: how the backend runs empty
 * @leaving: the backend was deleted and drains
 * @becoming: what the transaction on its way makes of the backend
 * @usable: the backend could be chosen, as of the published selection
 * @since: since when @usable is so, in jiffies
 * @warm: the part of its weight that the backend gets, in NF_VIP_WARM_FULL
 * @slots: the backend's entries of the published selection
 * @load: connections of the backend, which packets count
 * @census: what upkeep counts; only the work of upkeep uses it
 * @stats: counters of the packet path
 * @rcu: frees the object after the packets that use @load and @stats
 *
 * All members but @kobj and @rcu are protected by nf_vip_net.lock.
 */
struct nf_vip_backend {
	struct kobject kobj;
	struct nf_vip_service *service;
	struct list_head node;
	struct rb_node by_name;
	struct nf_vip_backend_spec spec;
	bool up;
	bool unknown;
	struct list_head leased;
	unsigned long lease_end;
	bool lapse;
	struct nf_vip_condition *condition;
	struct list_head flagged;
	u32 down_action;
	struct nf_vip_ejection ejection;
	struct nf_vip_drain drain;
	bool leaving;
	enum nf_vip_becoming becoming;
	bool usable;
	unsigned long since;
	u8 warm;
	u32 slots;
	struct nf_vip_load *load;
	struct nf_vip_census census;
	struct nf_vip_be_stats __percpu *stats;
	struct rcu_head rcu;
};

/**
 * nf_vip_service_set_folders() - set which files are in the folders of services and backends
 * @folders: where the folders of services are
 * @service_groups: files of a service
 * @backend_groups: files of a backend
 *
 * Context: module init, before there is a service.
 */
void nf_vip_service_set_folders(struct kset *folders,
				const struct attribute_group **service_groups,
				const struct attribute_group **backend_groups);

/**
 * nf_vip_service_create() - create a service with its folder in sysfs, on no list yet
 * @vn: network namespace
 * @name: valid name that no other service of @vn has
 *
 * Context: process, @vn->lock held.
 * Return: a service that the caller owns, or ERR_PTR(-ENOMEM), or an errno of
 * kobject_init_and_add().
 */
struct nf_vip_service *nf_vip_service_create(struct nf_vip_net *vn, const char *name);

/**
 * nf_vip_backend_create() - create a backend with its folder in sysfs, on no list yet
 * @service: service of the backend
 * @name: valid name that no other backend of @service has
 *
 * Context: process, the namespace's lock held.
 * Return: a backend that the caller owns, or ERR_PTR() as
 * nf_vip_service_create().
 */
struct nf_vip_backend *nf_vip_backend_create(struct nf_vip_service *service,
					     const char *name);

/**
 * nf_vip_service_link() - put a created service on its namespace's lists
 * @service: service, whose reference the lists take over
 *
 * Context: process, the namespace's lock held.
 */
void nf_vip_service_link(struct nf_vip_service *service);

/**
 * nf_vip_backend_link() - put a created backend on its service's lists
 * @backend: backend, whose reference the lists take over
 *
 * Context: process, the namespace's lock held.
 */
void nf_vip_backend_link(struct nf_vip_backend *backend);

/**
 * nf_vip_service_unlink() - the reverse of nf_vip_service_link()
 * @service: service without backends
 *
 * The caller owns the reference again and owes nf_vip_service_destroy().
 */
void nf_vip_service_unlink(struct nf_vip_service *service);

/**
 * nf_vip_backend_unlink() - the reverse of nf_vip_backend_link()
 * @backend: backend
 *
 * The caller owns the reference again and owes nf_vip_backend_destroy().
 */
void nf_vip_backend_unlink(struct nf_vip_backend *backend);

/**
 * nf_vip_service_is_linked() - is a service part of its namespace?
 * @service: service, the namespace's lock held
 *
 * Return: false before nf_vip_service_link() and after nf_vip_service_unlink(),
 * when files of it may still be open.
 */
static inline bool nf_vip_service_is_linked(const struct nf_vip_service *service)
{
	return !RB_EMPTY_NODE(&service->by_name);
}

/**
 * nf_vip_backend_is_linked() - is a backend part of its service?
 * @backend: backend, the namespace's lock held
 *
 * Return: as nf_vip_service_is_linked().
 */
static inline bool nf_vip_backend_is_linked(const struct nf_vip_backend *backend)
{
	return !RB_EMPTY_NODE(&backend->by_name);
}

/**
 * nf_vip_service_destroy() - remove the folder, drop the reference
 * @service: service that is on no list and in no published map
 *
 * Context: process; waits for writers of its files, which want the namespace's
 * lock: hold nf_vip_net.writer only. Packets may use cursor and counters until
 * a grace period has passed.
 */
void nf_vip_service_destroy(struct nf_vip_service *service);

/**
 * nf_vip_backend_destroy() - remove the folder, drop the reference
 * @backend: backend that is on no list and in no published selection
 *
 * Context: as nf_vip_service_destroy().
 */
void nf_vip_backend_destroy(struct nf_vip_backend *backend);

/**
 * nf_vip_service_find() - find a service by its name
 * @vn: network namespace, its lock held
 * @name: name
 *
 * Return: the service or NULL.
 */
struct nf_vip_service *nf_vip_service_find(struct nf_vip_net *vn, const char *name);

/**
 * nf_vip_backend_find() - find a backend by its name
 * @service: service, the namespace's lock held
 * @name: name
 *
 * Return: the backend or NULL.
 */
struct nf_vip_backend *nf_vip_backend_find(struct nf_vip_service *service,
					   const char *name);

/**
 * nf_vip_backend_find_leaving() - find a backend that is leaving by its name
 * @service: service, the namespace's lock held
 * @name: name
 *
 * Return: the backend or NULL.
 */
struct nf_vip_backend *nf_vip_backend_find_leaving(struct nf_vip_service *service,
						   const char *name);

/**
 * nf_vip_service_counts() - what a service counted since it was created
 * @service: service
 *
 * Sums over all CPUs. The sums include what backends got that were deleted
 * since.
 */
struct nf_vip_svc_stats nf_vip_service_counts(const struct nf_vip_service *service);

/**
 * nf_vip_backend_counts() - what a backend counted since it was created
 * @backend: backend
 */
struct nf_vip_be_stats nf_vip_backend_counts(const struct nf_vip_backend *backend);

/**
 * nf_vip_service_live() - connections that the backends of a service have
 * @service: service, the namespace's lock held
 */
u64 nf_vip_service_live(const struct nf_vip_service *service);

/**
 * nf_vip_service_wait_released() - wait until no service and no backend is left
 *
 * Context: process; module exit, after everything was destroyed.
 */
void nf_vip_service_wait_released(void);

static inline struct nf_vip_service *nf_vip_to_service(struct kobject *kobj)
{
	return container_of(kobj, struct nf_vip_service, kobj);
}

static inline struct nf_vip_backend *nf_vip_to_backend(struct kobject *kobj)
{
	return container_of(kobj, struct nf_vip_backend, kobj);
}

static inline const char *nf_vip_service_name(const struct nf_vip_service *service)
{
	return kobject_name(&service->kobj);
}

static inline const char *nf_vip_backend_name(const struct nf_vip_backend *backend)
{
	return kobject_name(&backend->kobj);
}

/* The port that connections are sent to, network byte order; 0 if each connection keeps its own. */
static inline __be16 nf_vip_backend_port(const struct nf_vip_backend *backend)
{
	return backend->spec.port ?: nf_vip_port(&backend->service->spec);
}

#endif /* NF_VIP_SERVICE_H */
