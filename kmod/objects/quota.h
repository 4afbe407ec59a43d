/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a namespace of a user may have, and whether the kernel log hears of it.
 *
 * Whoever may make a user namespace has CAP_NET_ADMIN in the network namespaces
 * of it, and so may have services. The memory of services is the kernel's: some
 * of it cannot be charged to anybody, such as the nodes of sysfs. So there are
 * limits for each network namespace that does not belong to the initial user
 * namespace. Namespaces that root makes with ip-netns(8) belong to the initial
 * one, and have none of these limits.
 */
#ifndef NF_VIP_QUOTA_H
#define NF_VIP_QUOTA_H

#include <linux/types.h>
#include "select/scheduler.h"

struct nf_vip_backend_spec;
struct nf_vip_net;
struct nf_vip_service_spec;

/**
 * struct nf_vip_usage - what a namespace has, or shall have
 * @services: services
 * @backends: backends, but for those that are leaving; see nf_vip_leaving_max()
 * @entries: entries of the map of VIPs, see nf_vip_entries()
 * @slots: slots that all selections together may come to need
 * @clients: what the services that remember clients have as max-clients
 */
struct nf_vip_usage {
	u64 services;
	u64 backends;
	u64 entries;
	u64 slots;
	u64 clients;
};

/**
 * nf_vip_is_of_user() - does a namespace belong to somebody but the host?
 * @vn: network namespace
 *
 * Context: any.
 */
bool nf_vip_is_of_user(const struct nf_vip_net *vn);

/**
 * struct nf_vip_part - what backends of one service add to its usage
 * @shares: weights of the backends
 * @warmups: some backend has a warmup
 */
struct nf_vip_part {
	struct nf_vip_shares shares;
	bool warmups;
};

/**
 * nf_vip_part_add() - add a backend
 * @part: sum so far
 * @spec: what the backend's statement says
 */
void nf_vip_part_add(struct nf_vip_part *part, const struct nf_vip_backend_spec *spec);

/**
 * nf_vip_usage_add() - add a service
 * @usage: sum so far
 * @spec: what the service's statement says
 * @part: the service's backends
 *
 * Counts what the service may come to need, whatever is up now: health changes
 * by itself, and a change of health is never refused.
 *
 * Context: any.
 */
void nf_vip_usage_add(struct nf_vip_usage *usage, const struct nf_vip_service_spec *spec,
		      const struct nf_vip_part *part);

/**
 * nf_vip_usage_over() - would a namespace have more than it may?
 * @vn: network namespace
 * @now: what the namespace has
 * @then: what the namespace shall have
 * @limit: set to the limit that is exceeded
 *
 * A number that does not grow is not refused, however small its limit has
 * become.
 *
 * Context: any.
 * Return: the name of the parameter with that limit, or NULL; NULL for a
 * namespace of the host's.
 */
const char *nf_vip_usage_over(const struct nf_vip_net *vn, const struct nf_vip_usage *now,
			      const struct nf_vip_usage *then, u32 *limit);

/**
 * nf_vip_leaving_max() - how many backends may be leaving at a time?
 * @vn: network namespace
 */
u32 nf_vip_leaving_max(const struct nf_vip_net *vn);

/**
 * nf_vip_wait_for_frees() - wait before a change of a user's namespace
 * @vn: network namespace, with its @writer or its @lock held
 *
 * What earlier changes have replaced is not freed before a grace period: a user
 * who makes changes faster than that would have any amount of memory wait to be
 * freed.
 *
 * Context: process. May sleep for some milliseconds; never for a namespace of
 * the host's.
 */
void nf_vip_wait_for_frees(const struct nf_vip_net *vn);

/**
 * nf_vip_text_max() - how much may be written at a time?
 * @vn: network namespace
 *
 * Return: bytes.
 */
size_t nf_vip_text_max(const struct nf_vip_net *vn);

/**
 * nf_vip_statements_max() - how many statements may one text have?
 * @vn: network namespace
 *
 * Each statement is kept until the whole text is read, before it is known how
 * much the text asks for.
 */
u32 nf_vip_statements_max(const struct nf_vip_net *vn);

/* Calls that may write into the configuration of one user's namespace at a time. */
enum {
	NF_VIP_USER_WRITERS	= 16,
};

/**
 * nf_vip_texts_max() - how many texts of the configuration may be held?
 * @vn: network namespace
 * @privileged: for a reader who may also write: other readers cannot take all
 *	texts
 *
 * Each open file may have the text of another time.
 */
unsigned int nf_vip_texts_max(const struct nf_vip_net *vn, bool privileged);

/**
 * nf_vip_may_log() - may something of a namespace be said in the kernel log?
 * @vn: network namespace
 *
 * Each namespace has its own limit, so that none keeps another one's events from
 * being told; namespaces of users are silent, unless the parameter log_users is
 * set.
 *
 * Context: any. May take a spinlock with interrupts off, see ___ratelimit().
 * Return: true if the caller is to print one line.
 */
bool nf_vip_may_log(struct nf_vip_net *vn);

/**
 * nf_vip_quota_init() - set up a namespace
 * @vn: network namespace
 */
void nf_vip_quota_init(struct nf_vip_net *vn);

#endif /* NF_VIP_QUOTA_H */
