// SPDX-License-Identifier: GPL-2.0
/* Objects are compared as they are printed: equal texts are equal objects. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/model_diff.h"
#include "lib/endpoint.h"
#include "nf_vip_option.h"

/* Room for addresses with ports, and for the interfaces of the fast path. */
#define LONG_SIZE	(NF_VIP_MATCHES_MAX * ENDPOINT_SIZE)

static_assert(NF_VIP_FASTPATH_MAX * (NF_VIP_DEV_MAX + 1) < LONG_SIZE, "they fit");

/**
 * struct print - an object in words
 * @nr: how many fields
 * @names: names of the fields
 * @values: values of the fields
 * @shown: whether to show the field of a new object
 * @room: values of options
 * @text: room for the one long value
 */
struct print {
	unsigned int nr;
	const char *names[MODEL_FIELDS_MAX];
	const char *values[MODEL_FIELDS_MAX];
	bool shown[MODEL_FIELDS_MAX];
	char room[MODEL_FIELDS_MAX][NF_VIP_OPTION_SIZE];
	char text[LONG_SIZE];
};

/* What model_diff() was asked for, and what it has found. */
struct diff {
	void (*tell)(void *arg, const struct model_change *change);
	void *arg;
	unsigned int nr;
};

static void add(struct print *print, const char *name, const char *value, bool shown)
{
	print->names[print->nr] = name;
	print->values[print->nr] = value;
	print->shown[print->nr] = shown;
	print->nr++;
}

/* A mark that only the module has assigned is not compared. */
static void add_options(struct print *print, enum nf_vip_verb verb, const void *spec)
{
	const struct nf_vip_option *option = NULL;

	while ((option = nf_vip_option_next(verb, option))) {
		char *room = print->room[print->nr];

		nf_vip_option_print(option, spec, room);
		add(print, nf_vip_option_name(option), *room ? room : "-",
		    nf_vip_option_differs(option, spec));
	}
}

static int by_place(const void *a, const void *b)
{
	const struct nf_vip_match *x = a, *y = b;
	int order = memcmp(&x->addr, &y->addr, sizeof(x->addr));

	return order ? order : x->first - y->first;
}

static void print_vips(FILE *to, const struct nf_vip_service_spec *spec)
{
	struct nf_vip_match matches[NF_VIP_MATCHES_MAX];
	char ports[ENDPOINT_PORTS], vip[ENDPOINT_SIZE];
	unsigned int i;

	if (spec->fwmark)
		fprintf(to, "%#x%s", spec->fwmark,
			spec->family == NFPROTO_IPV6 ? " family ipv6" : "");
	memcpy(matches, spec->matches, sizeof(matches));
	qsort(matches, spec->nr_matches, sizeof(*matches), by_place);
	for (i = 0; i < spec->nr_matches; i++) {
		endpoint_ports(matches[i].first, matches[i].last, ports);
		fprintf(to, "%s%s", i ? " " : "",
			endpoint_text(spec->family, &matches[i].addr, ports, vip));
	}
}

static void print_address(FILE *to, const struct nf_vip_backend_spec *spec)
{
	__u16 port = ntohs(spec->port);
	char ports[ENDPOINT_PORTS], text[ENDPOINT_SIZE];

	fputs(endpoint_text(spec->family, &spec->addr,
			    port ? endpoint_ports(port, port, ports) : NULL, text), to);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void print_interfaces(FILE *to, const struct nf_vip_fastpath_spec *spec)
{
	struct nf_vip_fastpath_spec sorted = *spec;
	unsigned int i;

	qsort(sorted.dev, sorted.nr, sizeof(*sorted.dev), by_name);
	for (i = 0; i < sorted.nr; i++)
		fprintf(to, "%s%s", i ? " " : "", sorted.dev[i]);
}

static FILE *begin(struct print *print)
{
	print->nr = 0;
	print->text[0] = '\0';
	return fmemopen(print->text, sizeof(print->text), "w");
}

static void print_service(struct print *print, const struct nf_vip_plan_service *service)
{
	FILE *to = begin(print);

	if (to) {
		print_vips(to, &service->spec);
		fclose(to);
	}
	add(print, "proto", nf_vip_proto_name(service->spec.proto), true);
	add(print, "vip", print->text, true);
	add_options(print, NF_VIP_SERVICE, &service->spec);
}

static void print_backend(struct print *print, const struct nf_vip_plan_backend *backend)
{
	FILE *to = begin(print);

	if (to) {
		print_address(to, &backend->spec);
		fclose(to);
	}
	add(print, "address", print->text, true);
	add_options(print, NF_VIP_BACKEND, &backend->spec);
}

static void print_fastpath(struct print *print, const struct nf_vip_fastpath_spec *spec)
{
	FILE *to = begin(print);

	if (to) {
		print_interfaces(to, spec);
		fclose(to);
	}
	add(print, "interface", print->text, true);
}

static void tell(struct diff *diff, const struct model_change *change)
{
	diff->tell(diff->arg, change);
	diff->nr++;
}

static void tell_added(struct diff *diff, const char *type, const char *name,
		       const struct print *to)
{
	struct model_change change = { .kind = MODEL_ADD, .type = type, .name = name };
	unsigned int i;

	for (i = 0; i < to->nr; i++)
		if (to->shown[i])
			change.fields[change.nr++] =
				(struct model_field){ to->names[i], NULL, to->values[i] };
	tell(diff, &change);
}

static void tell_deleted(struct diff *diff, const char *type, const char *name)
{
	tell(diff, &(struct model_change){ .kind = MODEL_DELETE, .type = type, .name = name });
}

static void tell_changed(struct diff *diff, const char *type, const char *name,
			 const struct print *from, const struct print *to)
{
	struct model_change change = { .kind = MODEL_CHANGE, .type = type, .name = name };
	unsigned int i;

	for (i = 0; i < to->nr; i++)
		if (strcmp(from->values[i], to->values[i]))
			change.fields[change.nr++] = (struct model_field){
				to->names[i], from->values[i], to->values[i]
			};
	if (change.nr)
		tell(diff, &change);
}

static void diff_backend(struct diff *diff, const struct nf_vip_plan_service *from,
			 const struct nf_vip_plan_backend *to)
{
	const struct nf_vip_plan_backend *old = NULL;
	static struct print a, b;
	char name[2 * (NF_VIP_NAME_MAX + 1)];

	if (from)
		old = nf_vip_plan_find_backend(from, to->name);
	snprintf(name, sizeof(name), "%s/%s", to->service->name, to->name);
	print_backend(&b, to);
	if (old) {
		struct nf_vip_plan_backend unmarked = *old;

		if (!to->spec.mark)
			unmarked.spec.mark = 0;
		print_backend(&a, &unmarked);
		tell_changed(diff, "backend", name, &a, &b);
	} else {
		tell_added(diff, "backend", name, &b);
	}
}

static void delete_backends(struct diff *diff, const struct nf_vip_plan_service *from,
			    const struct nf_vip_plan_service *to)
{
	const struct nf_vip_plan_backend *backend;
	char name[2 * (NF_VIP_NAME_MAX + 1)];

	list_for_each_entry(backend, &from->backends, node) {
		if (to && nf_vip_plan_find_backend(to, backend->name))
			continue;
		snprintf(name, sizeof(name), "%s/%s", from->name, backend->name);
		tell_deleted(diff, "backend", name);
	}
}

static void diff_service(struct diff *diff, const struct nf_vip_plan_service *from,
			 const struct nf_vip_plan_service *to)
{
	const struct nf_vip_plan_backend *backend;
	static struct print a, b;

	print_service(&b, to);
	if (from) {
		print_service(&a, from);
		tell_changed(diff, "service", to->name, &a, &b);
	} else {
		tell_added(diff, "service", to->name, &b);
	}
	list_for_each_entry(backend, &to->backends, node)
		diff_backend(diff, from, backend);
	if (from)
		delete_backends(diff, from, to);
}

static void diff_fastpath(struct diff *diff, const struct nf_vip_fastpath_spec *from,
			  const struct nf_vip_fastpath_spec *to)
{
	static struct print a, b;

	print_fastpath(&a, from);
	print_fastpath(&b, to);
	if (from->nr && to->nr)
		tell_changed(diff, "fastpath", "", &a, &b);
	else if (to->nr)
		tell_added(diff, "fastpath", "", &b);
	else if (from->nr)
		tell_deleted(diff, "fastpath", "");
}

unsigned int model_diff(const struct model *from, const struct model *to,
			void (*tell)(void *arg, const struct model_change *change), void *arg)
{
	struct diff diff = { .tell = tell, .arg = arg };
	const struct nf_vip_plan_service *service;

	diff_fastpath(&diff, &from->plan.fastpath, &to->plan.fastpath);
	list_for_each_entry(service, &to->plan.services, node)
		diff_service(&diff, nf_vip_plan_find_service(&from->plan, service->name), service);
	list_for_each_entry(service, &from->plan.services, node) {
		if (nf_vip_plan_find_service(&to->plan, service->name))
			continue;
		tell_deleted(&diff, "service", service->name);
		delete_backends(&diff, service, NULL);
	}
	return diff.nr;
}
