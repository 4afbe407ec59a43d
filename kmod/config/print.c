// SPDX-License-Identifier: GPL-2.0
/* Objects as lines of text: statements for config, fields for status. */
#include <linux/seq_file.h>
#include "config/confirm.h"
#include "config/print.h"
#include "health/condition.h"
#include "health/drain.h"
#include "health/eject.h"
#include "health/lease.h"
#include "health/liveness.h"
#include "net.h"
#include "objects/hold.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "select/format.h"

static void print_vips(struct seq_file *m, const struct nf_vip_service_spec *spec, char between)
{
	struct nf_vip_endpoint_text room;
	const char *piece;
	unsigned int i;

	for (i = 0; (piece = nf_vip_vips_piece(&room, spec, i, between)); i++)
		seq_puts(m, piece);
}

/* config: hardly more than what differs from the default, but always the mark. */

static void config_options(struct seq_file *m, enum nf_vip_verb verb, const void *spec)
{
	const struct nf_vip_option *option = NULL;
	char value[NF_VIP_OPTION_SIZE];

	while ((option = nf_vip_option_next(verb, option)))
		if (nf_vip_option_differs(option, spec))
			seq_printf(m, " %s %s", nf_vip_option_name(option),
				   nf_vip_option_print(option, spec, value));
	seq_putc(m, '\n');
}

static void config_service(struct seq_file *m, const struct nf_vip_service *service)
{
	const struct nf_vip_service_spec *spec = &service->spec;

	seq_printf(m, "service %s %s ", nf_vip_service_name(service),
		   nf_vip_proto_name(spec->proto));
	print_vips(m, spec, ' ');
	config_options(m, NF_VIP_SERVICE, spec);
}

/* A backend that gets each connection at its own port is written without one. */
static void config_backend(struct seq_file *m, const struct nf_vip_backend *backend)
{
	const struct nf_vip_backend_spec *spec = &backend->spec;

	seq_printf(m, "backend %s/%s ", nf_vip_service_name(backend->service),
		   nf_vip_backend_name(backend));
	if (spec->port)
		seq_puts(m, NF_VIP_ENDPOINT(spec->family, &spec->addr, spec->port));
	else if (spec->family == NFPROTO_IPV6)
		seq_printf(m, "%pI6c", &spec->addr);
	else
		seq_printf(m, "%pI4", &spec->addr);

	config_options(m, NF_VIP_BACKEND, spec);
}

static void config_fastpath(struct seq_file *m, const struct nf_vip_fastpath_spec *fastpath)
{
	unsigned int i;

	if (!fastpath->nr)
		return;
	seq_puts(m, "fastpath");
	for (i = 0; i < fastpath->nr; i++)
		seq_printf(m, " %s", fastpath->dev[i]);
	seq_putc(m, '\n');
}

void nf_vip_print_config(struct seq_file *m, const struct nf_vip_net *vn)
{
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;

	seq_puts(m, "replace\n");
	config_fastpath(m, &vn->fastpath);
	list_for_each_entry(service, &vn->services, node) {
		cond_resched();
		if (seq_has_overflowed(m))
			return;
		config_service(m, service);
		list_for_each_entry(backend, &service->backends, node)
			config_backend(m, backend);
	}
}

/* status: fields have a fixed order; new ones come at the end. */

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

void nf_vip_print_service(struct seq_file *m, const struct nf_vip_service *service, u32 clients)
{
	struct nf_vip_counts counts = nf_vip_service_counts(service);
	const struct nf_vip_service_spec *spec = &service->spec;
	char hold[NF_VIP_HOLD_SIZE];

	seq_printf(m, "service %s proto=%s vip=", nf_vip_service_name(service),
		   nf_vip_proto_name(spec->proto));
	print_vips(m, spec, '+');
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

void nf_vip_print_backend(struct seq_file *m, const struct nf_vip_backend *backend)
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
		   nf_vip_lease_left(backend), nf_vip_eject_left(backend), counts.failed,
		   nf_vip_drain_left(backend), backend->leaving);
}

void nf_vip_print_net(struct seq_file *m, const struct nf_vip_net *vn)
{
	seq_printf(m, "nf_vip version=%s mark_mask=%#x generation=%llu services=%u confirm-left=%u\n",
		   NF_VIP_VERSION, nf_vip_mark_mask, vn->generation, vn->nr_services,
		   nf_vip_confirm_left(vn));
}
