// SPDX-License-Identifier: GPL-2.0
/* The part of a transaction that can fail, and how it is undone. */
#include <linux/slab.h>
#include "config/draft.h"
#include "config/text.h"
#include "config/tx.h"
#include "health/change.h"
#include "health/condition.h"
#include "health/publish.h"
#include "health/usable.h"
#include "objects/midstream.h"
#include "objects/mark.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "objects/state.h"
#include "path/hooks.h"
#include "select/select.h"

static int count_services(struct nf_vip_tx *tx)
{
	const struct nf_vip_service *live;
	unsigned int kept = 0;

	list_for_each_entry(live, &tx->draft.vn->services, node)
		kept += nf_vip_draft_keeps(&tx->draft, live);
	return nf_vip_plan_check_services(&tx->draft.plan, kept);
}

static void draft_usage(const struct nf_vip_draft_service *service, struct nf_vip_usage *usage)
{
	const struct nf_vip_draft_backend *backend;
	struct nf_vip_part part = {};

	nf_vip_draft_for_each_backend(backend, service)
		nf_vip_part_add(&part, &backend->base.spec);
	nf_vip_usage_add(usage, &service->base.spec, &part);
}

/* The usage of the namespace now, and after the change. */
static void sum_up(const struct nf_vip_tx *tx, struct nf_vip_usage *now,
		   struct nf_vip_usage *then)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_service *live;

	list_for_each_entry(live, &tx->draft.vn->services, node) {
		nf_vip_service_usage(live, now);
		if (nf_vip_draft_keeps(&tx->draft, live))
			nf_vip_service_usage(live, then);
		cond_resched();
	}
	nf_vip_draft_for_each_service(service, &tx->draft) {
		draft_usage(service, then);
		cond_resched();
	}
}

/* Going back to the configuration before an unconfirmed change is never refused. */
static int check_usage(struct nf_vip_tx *tx)
{
	struct nf_vip_usage now = {}, then = {};
	const char *parameter;
	u32 limit;

	if (!nf_vip_is_of_user(tx->draft.vn) || tx->draft.plan.action == NF_VIP_CONFIRM_REVERT)
		return 0;
	sum_up(tx, &now, &then);
	parameter = nf_vip_usage_over(tx->draft.vn, &now, &then, &limit);
	if (!parameter)
		return 0;
	return nf_vip_plan_refuse(&tx->draft.plan, 0, -E2BIG,
				  "expected at most %u: the module's parameter %s, for a namespace of a user",
				  limit, parameter);
}

/* Objects, with their folders. */

static int make_backend(struct nf_vip_tx *tx, struct nf_vip_draft_service *service,
			struct nf_vip_draft_backend *backend)
{
	struct nf_vip_backend *object;

	object = nf_vip_backend_create(service->object, backend->base.name);
	if (IS_ERR(object))
		return nf_vip_plan_refuse(&tx->draft.plan, backend->base.line, PTR_ERR(object),
					  "backend \"%s/%s\": cannot be made", service->base.name,
					  backend->base.name);
	object->up = backend->base.spec.initial == NF_VIP_INITIAL_UP;
	object->unknown = backend->base.spec.initial == NF_VIP_INITIAL_UNKNOWN;
	backend->object = object;
	return 0;
}

static int make_service(struct nf_vip_tx *tx, struct nf_vip_draft_service *service)
{
	struct nf_vip_service *object;

	object = nf_vip_service_create(tx->draft.vn, service->base.name);
	if (IS_ERR(object))
		return nf_vip_plan_refuse(&tx->draft.plan, service->base.line, PTR_ERR(object),
					  "service \"%s\": cannot be made", service->base.name);
	nf_vip_midstream_begin(object, service->base.spec.hold);
	service->object = object;
	return 0;
}

static int make_objects(struct nf_vip_tx *tx)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_draft_service *service;
	int err;

	nf_vip_draft_for_each_service(service, &tx->draft) {
		err = service->object ? 0 : make_service(tx, service);
		if (err)
			return err;
		nf_vip_draft_for_each_backend(backend, service) {
			err = backend->object ? 0 : make_backend(tx, service, backend);
			if (!err)
				err = nf_vip_plan_step(&tx->draft.plan);
			if (err)
				return err;
		}
		err = nf_vip_plan_step(&tx->draft.plan);
		if (err)
			return err;
	}
	return 0;
}

/* Condition flags. */

static int get_condition(struct nf_vip_tx *tx, struct nf_vip_draft_backend *backend)
{
	struct nf_vip_condition *condition;

	if (!backend->base.spec.condition[0])
		return 0;

	condition = nf_vip_condition_get(tx->draft.vn, backend->base.spec.condition);
	if (PTR_ERR_OR_ZERO(condition) == -EOPNOTSUPP)
		return nf_vip_plan_refuse(&tx->draft.plan, backend->base.line, -EOPNOTSUPP,
					  "condition \"%s\": xt_condition has the flags, unload it first",
					  backend->base.spec.condition);
	if (IS_ERR(condition))
		return nf_vip_plan_no_memory(&tx->draft.plan);
	backend->condition = condition;
	return 0;
}

static int get_conditions(struct nf_vip_tx *tx)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_draft_service *service;
	int err;

	nf_vip_draft_for_each_service(service, &tx->draft)
		nf_vip_draft_for_each_backend(backend, service) {
			err = get_condition(tx, backend) ?: nf_vip_plan_step(&tx->draft.plan);
			if (err)
				return err;
		}
	return 0;
}

/* Selections. */

static int select_one(struct nf_vip_tx *tx, struct nf_vip_draft_service *service)
{
	const struct nf_vip_draft_backend *backend;
	struct nf_vip_selection *selection;
	struct nf_vip_target *targets;
	unsigned int nr = 0;

	targets = kvcalloc(service->base.nr_backends + 1, sizeof(*targets), GFP_KERNEL_ACCOUNT);
	if (!targets)
		return nf_vip_plan_no_memory(&tx->draft.plan);

	nf_vip_draft_for_each_backend(backend, service)
		nf_vip_target_set(&targets[nr++], &service->base.spec, &backend->base.spec,
				  backend->object, backend->condition);

	selection = nf_vip_service_select(service->object, &service->base.spec, targets, nr);
	kvfree(targets);
	if (IS_ERR(selection))
		return nf_vip_plan_no_memory(&tx->draft.plan);
	service->selection = selection;
	return 0;
}

static int make_selections(struct nf_vip_tx *tx)
{
	struct nf_vip_draft_service *service;
	int err;

	nf_vip_draft_for_each_service(service, &tx->draft) {
		err = nf_vip_plan_check_weights(&tx->draft.plan, &service->base) ?:
		      select_one(tx, service) ?: nf_vip_plan_step(&tx->draft.plan);
		if (err)
			return err;
	}
	return 0;
}

static bool vip_differs(const struct nf_vip_service_spec *a, const struct nf_vip_service_spec *b)
{
	return a->family != b->family || a->proto != b->proto || a->fwmark != b->fwmark ||
	       a->nr_matches != b->nr_matches ||
	       memcmp(a->matches, b->matches, a->nr_matches * sizeof(*a->matches)) ||
	       strcmp(a->dev, b->dev);
}

static int make_map(struct nf_vip_tx *tx)
{
	const struct nf_vip_draft_service *service;
	int err;

	err = nf_vip_draft_map(&tx->draft, &tx->map);
	if (err)
		return err;
	nf_vip_draft_for_each_service(service, &tx->draft)
		if (!service->live || vip_differs(&service->base.spec, &service->live->spec) ||
		    nf_vip_ends_accept(nf_vip_selection_of(service->live), service->selection))
			tx->sweep = true;
	return 0;
}

static int make_marks(struct nf_vip_tx *tx)
{
	tx->marks = nf_vip_marks_alloc(nf_vip_mark_mask, tx->draft.vn->next_mark);
	if (!tx->marks)
		return nf_vip_plan_no_memory(&tx->draft.plan);
	return nf_vip_draft_mark(&tx->draft, tx->marks);
}

static int hook_up(struct nf_vip_tx *tx)
{
	const struct nf_vip_draft_service *service;
	unsigned int families = 0;
	int err;

	nf_vip_draft_for_each_service(service, &tx->draft)
		families |= nf_vip_hooks_family(service->base.spec.family);
	err = nf_vip_hooks_get(tx->draft.vn, families);
	if (err)
		nf_vip_plan_refuse(&tx->draft.plan, 0, err, "the hooks cannot be registered");
	return err;
}

static int save_old(struct nf_vip_tx *tx)
{
	if (tx->draft.plan.action != NF_VIP_CONFIRM_WAIT)
		return 0;
	tx->old = nf_vip_config_get(tx->draft.vn);
	return tx->old ? 0 : nf_vip_plan_no_memory(&tx->draft.plan);
}

int nf_vip_prepare(struct nf_vip_tx *tx)
{
	int err;

	err = count_services(tx);
	if (!err)
		err = check_usage(tx);
	if (!err)
		err = save_old(tx);
	if (!err)
		err = make_objects(tx);
	if (err)
		return err;
	nf_vip_draft_decide(&tx->draft);
	err = get_conditions(tx);
	if (!err)
		err = make_marks(tx);
	if (!err)
		err = make_selections(tx);
	if (!err)
		err = make_map(tx);
	if (!err)
		err = hook_up(tx);
	return err;
}

void nf_vip_abandon(struct nf_vip_tx *tx)
{
	struct nf_vip_draft_backend *backend;
	struct nf_vip_draft_service *service;

	nf_vip_config_put(tx->old);
	kvfree(tx->map);
	nf_vip_marks_free(tx->marks);
	nf_vip_draft_for_each_service(service, &tx->draft) {
		cond_resched();
		nf_vip_selection_free(service->selection);
		nf_vip_draft_for_each_backend(backend, service) {
			nf_vip_condition_put(backend->condition, &tx->conditions);
			if (backend->object && !backend->live)
				list_add_tail(&backend->object->node, &tx->backends);
		}
		if (service->object && !service->live)
			list_add_tail(&service->object->node, &tx->services);
	}
}
