// SPDX-License-Identifier: GPL-2.0
/* Statements that make the same configuration again. */
#include <linux/seq_file.h>
#include "config/print.h"
#include "nf_vip_option.h"
#include "objects/service.h"
#include "objects/state.h"
#include "plan/format.h"

void nf_vip_print_vips(struct seq_file *m, const struct nf_vip_service_spec *spec, char between)
{
	struct nf_vip_endpoint_text room;
	const char *piece;
	unsigned int i;

	for (i = 0; (piece = nf_vip_vips_piece(&room, spec, i, between)); i++)
		seq_puts(m, piece);
}

/* Options that differ from their default, and the few that are always written, as the mark. */
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
	nf_vip_print_vips(m, spec, ' ');
	config_options(m, NF_VIP_SERVICE, spec);
}

/* A backend that gets each connection at the connection's own port is written without a port. */
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
