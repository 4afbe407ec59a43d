// SPDX-License-Identifier: GPL-2.0
#include <linux/seq_file.h>
#include "config/confirm.h"
#include "config/print.h"
#include "files/status_line.h"
#include "grammar/parse.h"
#include "health/condition.h"
#include "health/drain.h"
#include "health/lease.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/midstream.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "plan/format.h"
#include "select/load.h"

/* The options from @first on; older ones have places of their own in the line. */
static void status_options(struct seq_file *m, enum nf_vip_verb verb, const char *first,
			   const void *spec)
{
	const struct nf_vip_option *option = nf_vip_option_find(verb, first);
	char value[NF_VIP_OPTION_SIZE];

	for (; option; option = nf_vip_option_next(verb, option)) {
		nf_vip_option_print(option, spec, value);
		/* A blank ends a field: several numbers are joined like VIPs. */
		strreplace(value, ' ', '+');
		seq_printf(m, " %s=%s", nf_vip_option_name(option), value);
	}
}

/* Counters in the order of their table, from @from on, without @to. */
static void status_counters(struct seq_file *m, const struct nf_vip_counter *rows, const u64 *nr,
			    unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		seq_printf(m, " %s=%llu", rows[i].name, nr[i]);
}

/* New fields come after old ones, so the counters are in several places of the line. */
void nf_vip_status_service(struct seq_file *m, const struct nf_vip_service *service, u32 clients)
{
	const struct nf_vip_svc_stats counts = nf_vip_service_counts(service);
	const struct nf_vip_counter *rows = nf_vip_svc_counters;
	const struct nf_vip_service_spec *spec = &service->spec;
	char hold[NF_VIP_MIDSTREAM_SIZE];

	seq_printf(m, "service %s proto=%s vip=", nf_vip_service_name(service),
		   nf_vip_proto_name(spec->proto));
	nf_vip_print_vips(m, spec, '+');
	seq_printf(m, " dev=%s scheduler=%s on-empty=%s backends=%u usable=%u",
		   spec->dev[0] ? spec->dev : "-", nf_vip_scheduler_name(spec->policy.scheduler),
		   nf_vip_on_empty_name(spec->on_empty), service->nr_backends, service->nr_usable);
	status_counters(m, rows, counts.nr, 0, NF_VIP_SVC_PACKETS_IN);
	seq_printf(m, " live=%llu", nf_vip_service_live(service));
	status_counters(m, rows, counts.nr, NF_VIP_SVC_PACKETS_IN, NF_VIP_SVC_CLIENTS_FULL);
	status_options(m, NF_VIP_SERVICE, "hash-key", spec);
	seq_printf(m, " clients=%u", clients);
	status_counters(m, rows, counts.nr, NF_VIP_SVC_CLIENTS_FULL, NF_VIP_SVC_HELD);
	seq_printf(m, " few=%d", service->panic.too_few);
	status_counters(m, rows, counts.nr, NF_VIP_SVC_HELD, NF_VIP_SVC_REDISPATCHED);
	seq_printf(m, " hold-left=%s", nf_vip_midstream_left(service, hold));
	status_counters(m, rows, counts.nr, NF_VIP_SVC_REDISPATCHED, NF_VIP_SVC_COUNTERS);
	seq_printf(m, " slots=%u\n", service->nr_slots);
}

void nf_vip_status_backend(struct seq_file *m, const struct nf_vip_backend *backend)
{
	const struct nf_vip_be_stats counts = nf_vip_backend_counts(backend);
	const struct nf_vip_counter *rows = nf_vip_be_counters;
	const struct nf_vip_backend_spec *spec = &backend->spec;

	seq_printf(m, "backend %s/%s address=%s state=%s up=%s condition=",
		   nf_vip_service_name(backend->service), nf_vip_backend_name(backend),
		   NF_VIP_ENDPOINT(spec->family, &spec->addr, nf_vip_backend_port(backend)),
		   nf_vip_state_name(spec->state), nf_vip_health(backend));
	if (backend->condition)
		seq_printf(m, "%s:%d", spec->condition, backend->condition->dead);
	else
		seq_putc(m, '-');
	seq_printf(m, " usable=%d weight=%u mark=%#x", nf_vip_backend_usable(backend), spec->weight,
		   spec->mark);
	status_counters(m, rows, counts.nr, NF_VIP_BE_CHOSEN, NF_VIP_BE_PACKETS_IN);
	seq_printf(m, " live=%u warm=%u", nf_vip_load_get(backend->load),
		   backend->warm * 100 / NF_VIP_WARM_FULL);
	status_counters(m, rows, counts.nr, NF_VIP_BE_PACKETS_IN, NF_VIP_BE_FAILED);
	status_options(m, NF_VIP_BACKEND, "tier", spec);
	seq_printf(m, " lease=%u ejected=%u", nf_vip_lease_left(backend),
		   nf_vip_ejection_left(backend));
	status_counters(m, rows, counts.nr, NF_VIP_BE_FAILED, NF_VIP_BE_FAILED + 1);
	seq_printf(m, " drain-left=%u leaving=%d", nf_vip_drain_left(backend), backend->leaving);
	status_counters(m, rows, counts.nr, NF_VIP_BE_FAILED + 1, NF_VIP_BE_COUNTERS);
	seq_printf(m, " slots=%u\n", backend->leaving ? 0 : backend->slots);
}

void nf_vip_status_net(struct seq_file *m, const struct nf_vip_net *vn)
{
	seq_printf(m, "nf_vip version=%s mark_mask=%#x generation=%llu services=%u confirm-left=%u\n",
		   NF_VIP_VERSION, nf_vip_mark_mask, vn->generation, vn->nr_services,
		   nf_vip_confirm_left(vn));
}
