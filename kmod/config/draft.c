// SPDX-License-Identifier: GPL-2.0
/* What a plan has to know of the namespace, and how a text is read into a draft. */
#include <linux/sched/signal.h>
#include "config/confirm.h"
#include "config/draft.h"
#include "config/text.h"
#include "objects/mark.h"
#include "objects/quota.h"

static struct nf_vip_draft_service *service_of(struct nf_vip_plan_service *base)
{
	return container_of(base, struct nf_vip_draft_service, base);
}

static struct nf_vip_draft_backend *backend_of(struct nf_vip_plan_backend *base)
{
	return container_of(base, struct nf_vip_draft_backend, base);
}

static bool has_service(const struct nf_vip_plan *plan, const char *name)
{
	return nf_vip_service_find(nf_vip_draft_of(plan)->vn, name);
}

static void added_service(struct nf_vip_plan *plan, struct nf_vip_plan_service *base)
{
	struct nf_vip_draft_service *service = service_of(base);

	INIT_LIST_HEAD(&service->forced);
	service->live = nf_vip_service_find(nf_vip_draft_of(plan)->vn, base->name);
	service->object = service->live;
	if (service->live)
		service->live->draft = service;
}

static int copy_service(struct nf_vip_plan *plan, struct nf_vip_plan_service *base)
{
	const struct nf_vip_service *service = service_of(base)->live;
	const struct nf_vip_backend *live;

	base->spec = service->spec;
	list_for_each_entry(live, &service->backends, node) {
		struct nf_vip_plan_backend *backend;

		backend = nf_vip_plan_add_backend(plan, base, nf_vip_backend_name(live));
		if (!backend)
			return -ENOMEM;
		backend->spec = live->spec;
	}
	return 0;
}

static void added_backend(struct nf_vip_plan_backend *base)
{
	struct nf_vip_draft_backend *backend = backend_of(base);
	struct nf_vip_service *service = service_of(base->service)->live;

	if (service)
		backend->live = nf_vip_backend_find(service, base->name) ?:
				nf_vip_backend_find_leaving(service, base->name);
	backend->object = backend->live;
	if (backend->live)
		base->old_mark = backend->live->spec.mark;
}

/*
 * A backend that is leaving is not in the plan, so the list of forced ones gets
 * an entry made for it.
 */
static int force_leaving(struct nf_vip_draft_service *service, const char *name)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_backend *leaving;

	leaving = service->live ? nf_vip_backend_find_leaving(service->live, name) : NULL;
	if (!leaving)
		return 0;
	backend = nf_vip_pure_zalloc(sizeof(*backend));
	if (!backend)
		return -ENOMEM;
	backend->live = leaving;
	list_add(&backend->base.node, &service->forced);
	return 1;
}

/* A backend that only the text has made has no object: the plan deletes it like any other. */
static int force(struct nf_vip_plan *plan, struct nf_vip_plan_service *service,
		 struct nf_vip_plan_backend *backend, const char *name)
{
	if (!backend)
		return force_leaving(service_of(service), name);
	if (!backend_of(backend)->live)
		return 0;
	nf_vip_plan_take_backend(plan, backend);
	list_add(&backend->node, &service_of(service)->forced);
	return 1;
}

static void drop_service(struct nf_vip_plan_service *base)
{
	struct nf_vip_draft_service *service = service_of(base);
	struct nf_vip_draft_backend *backend, *next;

	if (service->live)
		service->live->draft = NULL;
	list_for_each_entry_safe(backend, next, &service->forced, base.node)
		nf_vip_pure_free(backend);
}

static int step(struct nf_vip_plan *plan)
{
	cond_resched();
	if (fatal_signal_pending(current) || nf_vip_is_closing(nf_vip_draft_of(plan)->vn))
		return -EINTR;
	return 0;
}

static const struct nf_vip_plan_ops ops = {
	.service_size = sizeof(struct nf_vip_draft_service),
	.backend_size = sizeof(struct nf_vip_draft_backend),
	.has_service = has_service,
	.added_service = added_service,
	.copy_service = copy_service,
	.added_backend = added_backend,
	.force = force,
	.drop_service = drop_service,
	.step = step,
	.claim_mark = nf_vip_draft_claim_mark,
	.assign_mark = nf_vip_draft_assign_mark,
	.claim_rest = nf_vip_draft_claim_rest,
	.add_vips = nf_vip_draft_add_vips,
	.find_range = nf_vip_draft_find_range,
};

/* The plan frees services and backends by their @base, so it has to be their first member. */
static_assert(!offsetof(struct nf_vip_draft_service, base));
static_assert(!offsetof(struct nf_vip_draft_backend, base));

void nf_vip_draft_init(struct nf_vip_draft *draft, struct nf_vip_net *vn)
{
	nf_vip_plan_init(&draft->plan, &ops, nf_vip_mark_mask);
	draft->vn = vn;
}

void nf_vip_draft_free(struct nf_vip_draft *draft)
{
	nf_vip_plan_free(&draft->plan);
}

int nf_vip_draft_read(struct nf_vip_draft *draft, const char *text, size_t len)
{
	const struct nf_vip_config *old = draft->vn->confirm.old;
	struct nf_vip_plan *plan = &draft->plan;
	int err;

	plan->fastpath = draft->vn->fastpath;
	err = nf_vip_plan_read(plan, text, len, nf_vip_statements_max(draft->vn));
	if (!err)
		err = nf_vip_plan_check_confirm(plan, nf_vip_confirm_left(draft->vn));
	if (!err && plan->action == NF_VIP_CONFIRM_REVERT)
		err = nf_vip_plan_read(plan, old->text, old->len, U32_MAX);
	return err ?: nf_vip_plan_check_families(plan);
}
