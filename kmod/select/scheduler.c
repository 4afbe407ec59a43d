// SPDX-License-Identifier: GPL-2.0
#include "select/scheduler.h"

static const struct nf_vip_scheduler_ops * const schedulers[] = {
	[NF_VIP_SCHED_NTH]	= &nf_vip_nth_ops,
	[NF_VIP_SCHED_RANDOM]	= &nf_vip_random_ops,
	[NF_VIP_SCHED_HASH]	= &nf_vip_hash_ops,
	[NF_VIP_SCHED_LEAST]	= &nf_vip_least_ops,
};

const struct nf_vip_scheduler_ops *nf_vip_scheduler_ops(enum nf_vip_scheduler scheduler)
{
	return schedulers[scheduler];
}
