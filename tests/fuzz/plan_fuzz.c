// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the plan that a text makes, as vipctl check does. What it takes has no
 * two services with one port and no two backends with one mark, whatever a search tree
 * says, and what it refuses is refused with a sentence.
 */
#include <stdlib.h>
#include "config/model.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static void need(bool promise)
{
	if (!promise)
		abort();
}

static void check_sentence(const char *text)
{
	need(*text && strlen(text) < NF_VIP_ERROR_MAX - 1);
	for (; *text; text++)
		need(*text >= ' ' && *text <= '~');
}

/* A port alone, a range, or all ports: those of one kind are in each other's way. */
static unsigned int kind_of(const struct nf_vip_match *match)
{
	return nf_vip_match_is_range(match) ? 2 : match->first == match->last;
}

static bool share_port(const struct nf_vip_match *a, const struct nf_vip_match *b)
{
	return kind_of(a) == kind_of(b) && a->first <= b->last && b->first <= a->last &&
	       !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

/* The naive model. */
static bool overlap(const struct nf_vip_service_spec *a, const struct nf_vip_service_spec *b)
{
	unsigned int i, j;

	if (a->family != b->family || a->proto != b->proto || strcmp(a->dev, b->dev))
		return false;
	if (a->fwmark || b->fwmark)
		return a->fwmark == b->fwmark;
	for (i = 0; i < a->nr_matches; i++)
		for (j = 0; j < b->nr_matches; j++)
			if (share_port(&a->matches[i], &b->matches[j]))
				return true;
	return false;
}

static bool has_overlap(const struct nf_vip_plan *plan)
{
	const struct nf_vip_plan_service *a, *b;

	list_for_each_entry(a, &plan->services, node)
		list_for_each_entry(b, &plan->services, node)
			if (a != b && overlap(&a->spec, &b->spec))
				return true;
	return false;
}

static bool has_mark_twice(const struct nf_vip_plan *plan)
{
	const struct nf_vip_plan_service *x, *y;
	const struct nf_vip_plan_backend *a, *b;

	list_for_each_entry(x, &plan->services, node)
		list_for_each_entry(a, &x->backends, node)
			list_for_each_entry(y, &plan->services, node)
				list_for_each_entry(b, &y->backends, node)
					if (a != b && a->spec.mark && a->spec.mark == b->spec.mark)
						return true;
	return false;
}

/* Lists, counts and what objects are found by say the same. */
static void check_counts(const struct nf_vip_plan *plan)
{
	const struct nf_vip_plan_service *service;
	const struct nf_vip_plan_backend *backend;
	unsigned int services = 0, all = 0, nr;

	list_for_each_entry(service, &plan->services, node) {
		need(nf_vip_plan_find_service(plan, service->name) == service);
		nr = 0;
		list_for_each_entry(backend, &service->backends, node) {
			need(nf_vip_plan_find_backend(service, backend->name) == backend);
			nr++;
		}
		need(nr == service->nr_backends);
		services++;
		all += nr;
	}
	need(services == plan->nr_services && all == plan->nr_backends);
}

static void check_verdict(struct model *model)
{
	const struct nf_vip_plan *plan = &model->plan;
	int err = model_check(model);

	if (err)
		check_sentence(plan->error);
	else
		need(!plan->error[0] && !has_overlap(plan) && !has_mark_twice(plan));
	if (strstr(plan->error, "another backend has it"))
		need(has_mark_twice(plan));
	if (strstr(plan->error, ": another service has "))
		need(has_overlap(plan));
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct model model;

	model_init(&model);
	if (model_read(&model, (const char *)data, size)) {
		check_sentence(model.plan.error);
	} else {
		check_counts(&model.plan);
		check_verdict(&model);
	}
	model_free(&model);
	return 0;
}
