// SPDX-License-Identifier: GPL-2.0
/* Does each VIP of a configuration belong to one service? */
#include <stdlib.h>
#include "config/model.h"
#include "lib/endpoint.h"

/* In the order in which the kernel looks: a port may be in each of these. */
enum vip_class { CLASS_FWMARK, CLASS_PORT, CLASS_RANGE, CLASS_ALL };

/**
 * struct claim - what a service claims for itself
 * @class: what kind of ports it is
 * @order: how many claims were stated before
 * @service: the service
 * @match: one of its matches; all zero for a service of a mark
 */
struct claim {
	enum vip_class class;
	unsigned int order;
	const struct model_service *service;
	const struct nf_vip_match *match;
};

static enum vip_class class_of(const struct nf_vip_service_spec *spec,
			       const struct nf_vip_match *match)
{
	if (spec->fwmark)
		return CLASS_FWMARK;
	if (nf_vip_match_is_range(match))
		return CLASS_RANGE;
	return match->first == match->last ? CLASS_PORT : CLASS_ALL;
}

static int compare(unsigned int a, unsigned int b)
{
	return (a > b) - (a < b);
}

/* 0 for claims that are in each other's way if their ports are. */
static int by_place(const struct claim *x, const struct claim *y)
{
	const struct nf_vip_service_spec *a = &x->service->spec;
	const struct nf_vip_service_spec *b = &y->service->spec;
	int order = compare(x->class, y->class);

	if (!order)
		order = compare(a->family, b->family);
	if (!order)
		order = compare(a->proto, b->proto);
	if (!order)
		order = compare(a->fwmark, b->fwmark);
	if (!order)
		order = memcmp(&x->match->addr, &y->match->addr,
			       sizeof(x->match->addr));
	return order ? order : strcmp(a->dev, b->dev);
}

static int by_port(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = by_place(x, y);

	if (!order)
		order = compare(x->match->first, y->match->first);
	return order ? order : compare(x->order, y->order);
}

static size_t add_claims(struct claim *claims, size_t nr,
			 const struct model_service *service)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	unsigned int i = 0;

	do {
		claims[nr] = (struct claim){
			.class = class_of(spec, &spec->matches[i]),
			.order = (unsigned int)nr,
			.service = service,
			.match = &spec->matches[i],
		};
		nr++;
	} while (++i < spec->nr_matches);
	return nr;
}

/* Of sorted claims the first one, as stated, that came too late; or NULL. */
static const struct claim *find_late(const struct claim *claims, size_t nr)
{
	const struct claim *far = claims, *late = NULL;
	size_t i;

	for (i = 1; i < nr; i++) {
		const struct claim *at = &claims[i];
		bool same = !by_place(far, at);

		if (same && at->match->first <= far->match->last) {
			const struct claim *later = at->order > far->order ? at : far;

			if (!late || later->order < late->order)
				late = later;
		}
		if (!same || at->match->last > far->match->last)
			far = at;
	}
	return late;
}

static void print_vip(char *out, size_t size, const struct claim *claim)
{
	const struct nf_vip_service_spec *spec = &claim->service->spec;
	const struct nf_vip_match *match = claim->match;
	char ports[ENDPOINT_PORTS];
	char vip[ENDPOINT_SIZE];

	if (claim->class == CLASS_FWMARK) {
		snprintf(out, size, "fwmark %#x", spec->fwmark);
		return;
	}
	endpoint_ports(match->first, match->last, ports);
	snprintf(out, size, "%s", endpoint_text(spec->family, &match->addr, ports, vip));
}

static int refuse(struct model *model, const struct claim *claim)
{
	char vip[80];

	print_vip(vip, sizeof(vip), claim);
	return model_refuse(model, claim->service->line, -EEXIST,
			    "service \"%s\": another service has %s%s and the same dev",
			    claim->service->name,
			    claim->class == CLASS_RANGE ? "ports of " : "", vip);
}

static int check_entries(struct model *model)
{
	const struct model_service *service;
	unsigned int nr = 0;

	TAILQ_FOREACH(service, &model->services, node)
		nr += nf_vip_entries(&service->spec);
	if (nr <= NF_VIP_ENTRIES_MAX)
		return 0;
	return model_refuse(model, 0, -E2BIG,
			    "the port ranges need more than %d entries",
			    NF_VIP_ENTRIES_MAX);
}

int model_check_vips(struct model *model)
{
	const struct model_service *service;
	const struct claim *late;
	struct claim *claims;
	size_t nr = 1;
	int err;

	err = check_entries(model);
	if (err)
		return err;
	TAILQ_FOREACH(service, &model->services, node)
		nr += service->spec.fwmark ? 1 : service->spec.nr_matches;
	claims = calloc(nr, sizeof(*claims));
	if (!claims)
		return model_refuse(model, 0, -ENOMEM, "out of memory");

	nr = 0;
	TAILQ_FOREACH(service, &model->services, node)
		nr = add_claims(claims, nr, service);
	qsort(claims, nr, sizeof(*claims), by_port);
	late = find_late(claims, nr);
	err = late ? refuse(model, late) : 0;
	free(claims);
	return err;
}
