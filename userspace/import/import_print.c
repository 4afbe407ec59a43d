// SPDX-License-Identifier: GPL-2.0
#include "import/import.h"
#include "lib/endpoint.h"

static bool starts_vip(const struct import_service *service, unsigned int i)
{
	return !i || memcmp(&service->vips[i].address, &service->vips[i - 1].address,
			    sizeof(service->vips[i].address));
}

static void print_vips(FILE *to, const struct import_service *service)
{
	char ports[ENDPOINT_PORTS], text[ENDPOINT_SIZE];
	unsigned int i;

	for (i = 0; i < service->nr_vips; i++) {
		const struct import_vip *vip = &service->vips[i];

		endpoint_ports(vip->first, vip->last, ports);
		if (starts_vip(service, i))
			fprintf(to, " %s", endpoint_text((__u8)vip->address.family,
							 &vip->address.addr, ports, text));
		else
			fprintf(to, ",%s", ports);
	}
}

static void print_backend(FILE *to, const struct import_service *service,
			  const struct import_backend *backend, unsigned int number)
{
	char ports[ENDPOINT_PORTS], text[ENDPOINT_SIZE];
	const char *port = NULL;

	if (backend->port)
		port = endpoint_ports(backend->port, backend->port, ports);
	fprintf(to, "backend %s/backend%u %s", service->name, number,
		endpoint_text((__u8)backend->address.family, &backend->address.addr, port, text));
	if (backend->weight != 1)
		fprintf(to, " weight %u", backend->weight);
	if (backend->mark)
		fprintf(to, " mark 0x%x", backend->mark);
	if (backend->condition)
		fprintf(to, " condition %s", backend->condition);
	if (backend->tier != 1)
		fprintf(to, " tier %u", backend->tier);
	if (backend->max_conns)
		fprintf(to, " max-conns %u", backend->max_conns);
	fputc('\n', to);
}

void import_print_service(FILE *to, const struct import_service *service)
{
	const struct import_backend *backend;
	unsigned int number = 0;

	if (service->proto == NF_VIP_PROTO_FWMARK)
		fprintf(to, "service %s fwmark %u%s", service->name, service->fwmark,
			service->family == NFPROTO_IPV6 ? " family ipv6" : "");
	else
		fprintf(to, "service %s %s", service->name, nf_vip_proto_name(service->proto));
	print_vips(to, service);
	if (service->dev)
		fprintf(to, " dev %s", service->dev);
	fprintf(to, " scheduler %s", nf_vip_scheduler_name(service->scheduler));
	if (service->hash_ports)
		fprintf(to, " hash-key addr-port");
	if (service->on_empty)
		fprintf(to, " on-empty %s", service->on_empty);
	if (service->persist)
		fprintf(to, " persist %u", service->persist);
	if (service->mask)
		fprintf(to, " mask %u", service->mask);
	if (service->snat)
		fprintf(to, " snat %s", service->snat);
	fputc('\n', to);
	TAILQ_FOREACH(backend, &service->backends, node)
		print_backend(to, service, backend, ++number);
}

static void print_notes(FILE *to, const struct import_service *service)
{
	const struct import_note *note;

	TAILQ_FOREACH(note, &service->notes, node) {
		if (note->line)
			fprintf(to, "# line %u: %s\n", note->line, note->text);
		else
			fprintf(to, "# %s\n", note->text);
	}
}

/* The name of a file may have anything in it. */
static void print_name(FILE *to, const char *name)
{
	for (; *name; name++)
		fputc(*name >= ' ' && *name <= '~' ? *name : '?', to);
}

void import_print(FILE *to, const struct import *im, const char *name)
{
	const struct import_service *service;
	const struct import_note *note;

	fprintf(to, "# Imported from %s: ", im->kind);
	print_name(to, name);
	fprintf(to, ". %u %s nothing to do with it.\n", im->ignored,
		im->ignored == 1 ? "line has" : "lines have");
	TAILQ_FOREACH(note, &im->not_taken, node)
		fprintf(to, "# line %u: not taken: %s: %s\n", note->line, note->rule, note->text);
	TAILQ_FOREACH(service, &im->services, node) {
		fputc('\n', to);
		print_notes(to, service);
		import_print_service(to, service);
	}
}
