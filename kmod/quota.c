// SPDX-License-Identifier: GPL-2.0
#include <linux/moduleparam.h>
#include <linux/ratelimit.h>
#include <linux/sizes.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include "quota.h"
#include "net.h"

/* They take effect with the next change; what there is stays. */

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

/* One write of somebody else: room for as many statements as the limits allow. */
#define USER_TEXT_MAX	SZ_1M

/* Lines of the log: so many in five seconds. */
#define LOG_INTERVAL	(5 * HZ)
#define LOG_BURST	50

bool nf_vip_is_of_user(const struct nf_vip_net *vn)
{
	return vn->net->user_ns != &init_user_ns;
}

void nf_vip_usage_add(struct nf_vip_usage *usage, const struct nf_vip_service_spec *spec,
		      u32 backends, u32 slots)
{
	usage->services++;
	usage->backends += backends;
	usage->entries += nf_vip_entries(spec);
	usage->slots += slots;
	if (spec->persist)
		usage->clients += spec->max_clients;
}

const char *nf_vip_usage_over(const struct nf_vip_net *vn, const struct nf_vip_usage *usage,
			      u32 *limit)
{
	const struct {
		const char *name;
		u64 used;
		u32 limit;
	} limits[] = {
		{ "user_services", usage->services, READ_ONCE(user_services) },
		{ "user_backends", usage->backends, READ_ONCE(user_backends) },
		{ "user_entries", usage->entries, READ_ONCE(user_entries) },
		{ "user_slots", usage->slots, READ_ONCE(user_slots) },
		{ "user_clients", usage->clients, READ_ONCE(user_clients) },
	};
	unsigned int i;

	if (!nf_vip_is_of_user(vn))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		*limit = limits[i].limit;
		if (limits[i].used > limits[i].limit)
			return limits[i].name;
	}
	return NULL;
}

size_t nf_vip_text_max(const struct nf_vip_net *vn)
{
	return nf_vip_is_of_user(vn) ? USER_TEXT_MAX : NF_VIP_TEXT_MAX;
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
