/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What services and backends count. From the rows of counter_rows.h come the sums of all
 * CPUs, the fields of status, the files of sysfs, members of JSON and its schema, and
 * metrics.
 */
#ifndef NF_VIP_COUNTER_H
#define NF_VIP_COUNTER_H

#include "nf_vip_pure.h"

#define SVC(number, ...)	NF_VIP_SVC_##number,
#define BE(number, ...)
enum nf_vip_svc_counter {
#include "grammar/counter_rows.h"
	NF_VIP_SVC_COUNTERS
};

#undef SVC
#undef BE
#define SVC(number, ...)
#define BE(number, ...)		NF_VIP_BE_##number,
enum nf_vip_be_counter {
#include "grammar/counter_rows.h"
	NF_VIP_BE_COUNTERS
};

#undef SVC
#undef BE

/**
 * struct nf_vip_counter - what people see of a counter
 * @name: word of status; `_` takes the place of `-` in sysfs, JSON and metrics. NULL: people
 *	see nothing
 * @help: a sentence that says what is counted
 */
struct nf_vip_counter {
	const char *name;
	const char *help;
};

/* By enum nf_vip_svc_counter, and by enum nf_vip_be_counter. */
extern const struct nf_vip_counter nf_vip_svc_counters[NF_VIP_SVC_COUNTERS];
extern const struct nf_vip_counter nf_vip_be_counters[NF_VIP_BE_COUNTERS];

/**
 * nf_vip_counters_of() - the counters of services, or of backends
 * @service: true for those of services, false for those of backends
 * @nr: set to how many counters there are
 *
 * Return: the first counter.
 */
static inline const struct nf_vip_counter *nf_vip_counters_of(bool service, unsigned int *nr)
{
	*nr = service ? NF_VIP_SVC_COUNTERS : NF_VIP_BE_COUNTERS;
	return service ? nf_vip_svc_counters : nf_vip_be_counters;
}

#endif /* NF_VIP_COUNTER_H */
