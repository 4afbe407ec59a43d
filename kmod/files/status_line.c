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
#include "objects/hold.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/format.h"
#include "select/load.h"

/* The options that came after those which have their places. */
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

static void status_traffic(struct seq_file *m, const struct nf_vip_traffic *traffic)
{
	seq_printf(m, " packets-in=%llu bytes-in=%llu packets-out=%llu bytes-out=%llu",
		   traffic->packets_in, traffic->bytes_in, traffic->packets_out,
		   traffic->bytes_out);
}

void nf_vip_status_service(struct seq_file *m, const struct nf_vip_service *service, u32 clients)
{
	struct nf_vip_counts counts = nf_vip_service_counts(service);
	const struct nf_vip_service_spec *spec = &service->spec;
	char hold[NF_VIP_HOLD_SIZE];

	seq_printf(m, "service %s proto=%s vip=", nf_vip_service_name(service),
		   nf_vip_proto_name(spec->proto));
	nf_vip_print_vips(m, spec, '+');
	seq_printf(m, " dev=%s scheduler=%s on-empty=%s", spec->dev[0] ? spec->dev : "-",
		   nf_vip_scheduler_name(spec->scheduler),
		   nf_vip_on_empty_name(spec->on_empty));
	seq_printf(m, " backends=%u usable=%u chosen=%llu pinned=%llu empty=%llu clash=%llu",
		   service->nr_backends, service->nr_usable, counts.chosen, counts.pinned,
		   counts.empty, counts.clash);
	seq_printf(m, " full=%llu no-route=%llu no-memory=%llu live=%llu", counts.full,
		   counts.no_route, counts.no_memory, nf_vip_service_live(service));
	status_traffic(m, &counts.traffic);
	status_options(m, NF_VIP_SERVICE, "hash-key", spec);
	/* Behind the options: it came later. */
	seq_printf(m, " clients=%u clients-full=%llu few=%d", clients, counts.clients_full,
		   service->few.too_few);
	seq_printf(m, " held=%llu hold-left=%s redispatched=%llu\n", counts.held,
		   nf_vip_hold_left(service, hold), counts.redispatched);
}

void nf_vip_status_backend(struct seq_file *m, const struct nf_vip_backend *backend)
{
	struct nf_vip_counts counts = nf_vip_backend_counts(backend);
	const struct nf_vip_backend_spec *spec = &backend->spec;

	seq_printf(m, "backend %s/%s address=%s state=%s up=%s condition=",
		   nf_vip_service_name(backend->service), nf_vip_backend_name(backend),
		   NF_VIP_ENDPOINT(spec->family, &spec->addr, nf_vip_backend_port(backend)),
		   nf_vip_state_name(spec->state), nf_vip_health(backend));
	if (backend->condition)
		seq_printf(m, "%s:%d", spec->condition, backend->condition->dead);
	else
		seq_putc(m, '-');
	seq_printf(m, " usable=%d weight=%u mark=%#x chosen=%llu pinned=%llu",
		   nf_vip_backend_usable(backend), spec->weight,
		   spec->mark, counts.chosen, counts.pinned);
	seq_printf(m, " live=%u warm=%u", nf_vip_load_get(backend->load),
		   backend->warm * 100 / NF_VIP_WARM_FULL);
	status_traffic(m, &counts.traffic);
	status_options(m, NF_VIP_BACKEND, "tier", spec);
	seq_printf(m, " lease=%u ejected=%u failed=%llu drain-left=%u leaving=%d\n",
		   nf_vip_lease_left(backend), nf_vip_ejection_left(backend), counts.failed,
		   nf_vip_drain_left(backend), backend->leaving);
}

void nf_vip_status_net(struct seq_file *m, const struct nf_vip_net *vn)
{
	seq_printf(m, "nf_vip version=%s mark_mask=%#x generation=%llu services=%u confirm-left=%u\n",
		   NF_VIP_VERSION, nf_vip_mark_mask, vn->generation, vn->nr_services,
		   nf_vip_confirm_left(vn));
}
