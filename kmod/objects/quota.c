// SPDX-License-Identifier: GPL-2.0
#include <linux/moduleparam.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/sizes.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include "objects/quota.h"
#include "objects/state.h"
#include "select/scheduler.h"
#include "select/select.h"

/* New limits take effect with the next change; objects that are there stay. */

static unsigned int user_services = 256;
module_param(user_services, uint, 0644);
MODULE_PARM_DESC(user_services, "services of each namespace that is not the host's (default: 256)");

static unsigned int user_backends = 1024;
module_param(user_backends, uint, 0644);
MODULE_PARM_DESC(user_backends, "backends of it (default: 1024)");

static unsigned int user_entries = 16384;
module_param(user_entries, uint, 0644);
MODULE_PARM_DESC(user_entries, "ports and blocks of ports of it (default: 16384)");

static unsigned int user_slots = 262144;
module_param(user_slots, uint, 0644);
MODULE_PARM_DESC(user_slots, "slots of its selections, which weights and hash need (default: 262144)");

static unsigned int user_clients = 65536;
module_param(user_clients, uint, 0644);
MODULE_PARM_DESC(user_clients, "clients that its services remember (default: 65536)");

static bool log_users;
module_param(log_users, bool, 0644);
MODULE_PARM_DESC(log_users, "the kernel log hears of namespaces that are not the host's (default: no)");

/*
 * Bytes that a user may write at a time: room for as many statements as the
 * default limits allow.
 */
#define USER_TEXT_MAX	SZ_1M

/* Texts of a user's configuration that may be held by readers who may not write. */
#define USER_TEXTS	32

/* How many lines each namespace may have in the kernel log, and in what time. */
#define LOG_INTERVAL	(5 * HZ)
#define LOG_BURST	50

bool nf_vip_is_of_user(const struct nf_vip_net *vn)
{
	return vn->net->user_ns != &init_user_ns;
}

void nf_vip_part_add(struct nf_vip_part *part, const struct nf_vip_backend_spec *spec)
{
	nf_vip_shares_add(&part->shares, spec->weight);
	part->warmups |= spec->warmup;
}

/*
 * When some backends are down, the divisor of the weights that are left is no
 * smaller. Weights are sixteenths while a backend warms up, or is on trial.
 */
static u32 slots_of(const struct nf_vip_service_spec *spec, const struct nf_vip_part *part)
{
	struct nf_vip_shares shares = part->shares;

	shares.all = shares.nr;
	if (part->warmups || spec->eject.fails)
		shares.weights.sum *= NF_VIP_WARM_FULL;
	return min_t(u32, nf_vip_scheduler_ops(spec->policy.scheduler)->slots(&shares),
		     NF_VIP_SLOTS_MAX);
}

void nf_vip_usage_add(struct nf_vip_usage *usage, const struct nf_vip_service_spec *spec,
		      const struct nf_vip_part *part)
{
	usage->services++;
	usage->backends += part->shares.nr;
	usage->entries += nf_vip_entries(spec);
	usage->slots += slots_of(spec, part);
	if (spec->policy.persist)
		usage->clients += spec->max_clients;
}

const char *nf_vip_usage_over(const struct nf_vip_net *vn, const struct nf_vip_usage *now,
			      const struct nf_vip_usage *then, u32 *limit)
{
	const struct {
		const char *name;
		u64 now;
		u64 then;
		u32 limit;
	} limits[] = {
		{ "user_services", now->services, then->services, READ_ONCE(user_services) },
		{ "user_backends", now->backends, then->backends, READ_ONCE(user_backends) },
		{ "user_entries", now->entries, then->entries, READ_ONCE(user_entries) },
		{ "user_slots", now->slots, then->slots, READ_ONCE(user_slots) },
		{ "user_clients", now->clients, then->clients, READ_ONCE(user_clients) },
	};
	unsigned int i;

	if (!nf_vip_is_of_user(vn))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		*limit = limits[i].limit;
		if (limits[i].then > limits[i].limit && limits[i].then > limits[i].now)
			return limits[i].name;
	}
	return NULL;
}

u32 nf_vip_leaving_max(const struct nf_vip_net *vn)
{
	return nf_vip_is_of_user(vn) ? READ_ONCE(user_backends) : U32_MAX;
}

void nf_vip_wait_for_frees(const struct nf_vip_net *vn)
{
	if (nf_vip_is_of_user(vn))
		rcu_barrier();
}

size_t nf_vip_text_max(const struct nf_vip_net *vn)
{
	return nf_vip_is_of_user(vn) ? USER_TEXT_MAX : NF_VIP_TEXT_MAX;
}

unsigned int nf_vip_texts_max(const struct nf_vip_net *vn, bool privileged)
{
	if (!nf_vip_is_of_user(vn))
		return UINT_MAX;
	return privileged ? 2 * USER_TEXTS : USER_TEXTS;
}

u32 nf_vip_statements_max(const struct nf_vip_net *vn)
{
	u64 objects = (u64)READ_ONCE(user_services) + READ_ONCE(user_backends);

	return nf_vip_is_of_user(vn) ? min_t(u64, 8 * objects + 16, U32_MAX) : U32_MAX;
}

bool nf_vip_may_log(struct nf_vip_net *vn)
{
	if (nf_vip_is_of_user(vn) && !READ_ONCE(log_users))
		return false;
	return __ratelimit(&vn->log_limit);
}

void nf_vip_quota_init(struct nf_vip_net *vn)
{
	ratelimit_state_init(&vn->log_limit, LOG_INTERVAL, LOG_BURST);
}
