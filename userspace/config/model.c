// SPDX-License-Identifier: GPL-2.0
/* What a model has in place of the module's set of marks and map of VIPs, while it is checked. */
#include <limits.h>
#include <stdlib.h>
#include "config/model.h"
#include "plan/vip_class.h"

/* A backend of a model; other files see only its plan. */
struct model_backend {
	struct nf_vip_plan_backend base;
	struct nf_vip_index_node by_mark;
};

static struct model *model_of(const struct nf_vip_plan *plan)
{
	return container_of(plan, struct model, plan);
}

static int compare_mark(const void *key, const struct nf_vip_index_node *node)
{
	const __u32 *mark = key;
	__u32 other = container_of(node, struct model_backend, by_mark)->base.spec.mark;

	return (*mark > other) - (*mark < other);
}

static int claim_mark(struct nf_vip_plan *plan, struct nf_vip_plan_backend *base)
{
	struct model_backend *backend = container_of(base, struct model_backend, base);
	struct nf_vip_index *marks = &model_of(plan)->marks;

	if (nf_vip_index_find(marks, &base->spec.mark))
		return -EEXIST;
	nf_vip_index_add(marks, &base->spec.mark, &backend->by_mark);
	return 0;
}

/* Assigning marks is the module's business. */
static int assign_mark(struct nf_vip_plan *plan, struct nf_vip_plan_backend *base)
{
	(void)plan;
	(void)base;
	return 0;
}

/* One VIP, with a port, a block of ports or all: an entry of the module's map. */
struct model_vip {
	struct nf_vip_index_node by_key;
	union nf_inet_addr addr;
	__u32 what;
	const char *dev;
};

static const struct model_vip *vip_of(const struct nf_vip_index_node *node)
{
	return container_of(node, struct model_vip, by_key);
}

static int compare_vip(const void *key, const struct nf_vip_index_node *node)
{
	const struct model_vip *a = key, *b = vip_of(node);
	int order = (a->what > b->what) - (a->what < b->what);

	if (!order)
		order = memcmp(&a->addr, &b->addr, sizeof(a->addr));
	return order ? order : strcmp(a->dev, b->dev);
}

static struct model_vip vip_at(const struct nf_vip_service_spec *spec,
			       const union nf_inet_addr *addr, unsigned int class, __u32 port)
{
	return (struct model_vip){
		.addr = *addr,
		.what = nf_vip_what(class, spec->family, spec->proto, (__u16)port),
		.dev = spec->dev,
	};
}

static bool add_vip(struct model *model, struct model_vip key)
{
	struct model_vip *vip = &model->vips[model->nr_vips];

	if (nf_vip_index_find(&model->vips_by_key, &key))
		return false;
	*vip = key;
	nf_vip_index_add(&model->vips_by_key, vip, &vip->by_key);
	model->nr_vips++;
	return true;
}

static bool add_match(struct model *model, const struct nf_vip_service_spec *spec,
		      const struct nf_vip_match *match)
{
	__u32 port, next;

	for (port = match->first; port <= match->last; port = next) {
		unsigned int class = nf_vip_class_at(match, port, &next);

		if (!add_vip(model, vip_at(spec, &match->addr, class, port)))
			return false;
	}
	return true;
}

static bool add_vips(struct nf_vip_plan *plan, struct nf_vip_plan_service *service,
		     unsigned int *taken)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	const union nf_inet_addr mark = { .all = { spec->fwmark } };
	struct model *model = model_of(plan);

	service->entry = model->nr_vips;
	*taken = 0;
	if (spec->fwmark)
		return add_vip(model, vip_at(spec, &mark, NF_VIP_CLASS_FWMARK, 0));
	for (; *taken < spec->nr_matches; ++*taken)
		if (!add_match(model, spec, &spec->matches[*taken]))
			return false;
	return true;
}

static bool find_range(const struct nf_vip_plan *plan, const struct nf_vip_service_spec *spec,
		       const struct nf_vip_match *range, unsigned int own, unsigned int *found)
{
	const struct model *model = model_of(plan);
	unsigned int class;

	for (class = NF_VIP_CLASS_BLOCK; class < NF_VIP_CLASS_ALL; class++) {
		struct model_vip key = vip_at(spec, &range->addr, class, range->first);
		const struct nf_vip_index_node *node;

		node = nf_vip_index_find(&model->vips_by_key, &key);
		if (!node)
			continue;
		*found = (unsigned int)(vip_of(node) - model->vips);
		if (*found < own || *found >= own + nf_vip_entries(spec))
			return true;
	}
	return false;
}

/* Without the functions for existing services: a model begins with nothing. */
static const struct nf_vip_plan_ops ops = {
	.service_size = sizeof(struct nf_vip_plan_service),
	.backend_size = sizeof(struct model_backend),
	.claim_mark = claim_mark,
	.assign_mark = assign_mark,
	.add_vips = add_vips,
	.find_range = find_range,
};

void model_init(struct model *model)
{
	nf_vip_plan_init(&model->plan, &ops, UINT_MAX);
	model->marks = (struct nf_vip_index){ .compare = compare_mark };
	model->vips_by_key = (struct nf_vip_index){ .compare = compare_vip };
	model->nr_vips = 0;
}

void model_free(struct model *model)
{
	nf_vip_plan_free(&model->plan);
}

int model_read(struct model *model, const char *text, size_t len)
{
	return nf_vip_plan_read(&model->plan, text, len, UINT_MAX);
}

static int check_weights(struct nf_vip_plan *plan)
{
	const struct nf_vip_plan_service *service;
	int err = 0;

	list_for_each_entry(service, &plan->services, node) {
		err = nf_vip_plan_check_weights(plan, service);
		if (err)
			break;
	}
	return err;
}

static int check_vips(struct model *model)
{
	struct nf_vip_plan *plan = &model->plan;
	unsigned int nr = 0;
	int err;

	err = nf_vip_plan_check_entries(plan, &nr);
	if (err)
		return err;
	model->vips = calloc(nr + 1, sizeof(*model->vips));
	if (!model->vips)
		return nf_vip_plan_no_memory(plan);
	err = nf_vip_plan_add_vips(plan);
	if (!err)
		err = nf_vip_plan_check_overlaps(plan);
	free(model->vips);
	return err;
}

int model_check(struct model *model)
{
	struct nf_vip_plan *plan = &model->plan;
	int err;

	err = nf_vip_plan_check_confirm(plan, 0);
	if (!err)
		err = nf_vip_plan_check_families(plan);
	if (!err)
		err = nf_vip_plan_check_services(plan, 0);
	if (!err)
		err = nf_vip_plan_mark(plan);
	if (!err)
		err = check_weights(plan);
	return err ? err : check_vips(model);
}
