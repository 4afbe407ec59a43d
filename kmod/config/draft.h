/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A draft: a plan of what the services that a text touches, and the fast path, shall
 * be, with the objects of the namespace that it is about. Reading a text into a draft
 * changes nothing of the namespace. Sentences of refusal stand in the plan.
 */
#ifndef NF_VIP_DRAFT_H
#define NF_VIP_DRAFT_H

#include <linux/list.h>
#include "objects/service.h"
#include "objects/state.h"
#include "plan/plan.h"

struct nf_vip_condition;
struct nf_vip_map;
struct nf_vip_marks;
struct nf_vip_net;
struct nf_vip_selection;

/**
 * struct nf_vip_draft_backend - what a backend shall be
 * @base: what the text makes of it
 * @live: the backend that has this name now, also one that is leaving, or NULL
 * @object: the backend that will have the name: @live, or a new one
 * @condition: reference to the backend's flag, taken for @object
 */
struct nf_vip_draft_backend {
	struct nf_vip_plan_backend base;
	struct nf_vip_backend *live;
	struct nf_vip_backend *object;
	struct nf_vip_condition *condition;
};

/**
 * struct nf_vip_draft_service - what a service shall be
 * @base: what the text makes of it
 * @forced: backends that shall go at once; only @base.node and @live of them are used
 * @live: the service that has this name now, or NULL
 * @object: the service that will have the name: @live, or a new one
 * @selection: the service's new table, until it is published
 */
struct nf_vip_draft_service {
	struct nf_vip_plan_service base;
	struct list_head forced;
	struct nf_vip_service *live;
	struct nf_vip_service *object;
	struct nf_vip_selection *selection;
};

/**
 * struct nf_vip_draft - what a text makes of a namespace
 * @plan: made of struct nf_vip_draft_service and nf_vip_draft_backend
 * @vn: the namespace
 * @marks: where nf_vip_draft_mark() keeps marks
 * @map: where nf_vip_draft_map() keeps VIPs
 */
struct nf_vip_draft {
	struct nf_vip_plan plan;
	struct nf_vip_net *vn;
	struct nf_vip_marks *marks;
	struct nf_vip_map *map;
};

/* The services of a draft, and the backends of a service, in order. */
#define nf_vip_draft_for_each_service(service, draft)				\
	list_for_each_entry(service, &(draft)->plan.services, base.node)
#define nf_vip_draft_for_each_backend(backend, service)				\
	list_for_each_entry(backend, &(service)->base.backends, base.node)

/**
 * nf_vip_draft_of() - the draft that a plan is the pure part of
 * @plan: plan of a draft
 *
 * Context: any.
 */
static inline struct nf_vip_draft *nf_vip_draft_of(const struct nf_vip_plan *plan)
{
	return container_of(plan, struct nf_vip_draft, plan);
}

/**
 * nf_vip_draft_init() - an empty draft
 * @draft: set up; nf_vip_draft_free() ends it
 * @vn: namespace
 */
void nf_vip_draft_init(struct nf_vip_draft *draft, struct nf_vip_net *vn);

/**
 * nf_vip_draft_read() - read a text into a draft
 * @draft: empty draft
 * @text: statements; need not end with a NUL
 * @len: length in bytes
 *
 * Context: process, @draft->vn->lock held.
 * Return: 0, or with a sentence an errno of nf_vip_plan_read(), nf_vip_plan_check_confirm()
 * and nf_vip_plan_check_families(), -EINTR (killed; no sentence).
 */
int nf_vip_draft_read(struct nf_vip_draft *draft, const char *text, size_t len);

/**
 * nf_vip_draft_mark() - give every backend of a draft its mark
 * @draft: draft that was read; its backends have their objects
 * @marks: empty set; every backend that shall be is in it afterwards
 *
 * Context: process, @draft->vn->lock held.
 * Return: 0, or with a sentence -ERANGE (a mark outside mark_mask), -EEXIST (a
 * mark of another backend), -ENOSPC (no mark is left), -ENOMEM, -EINTR.
 */
int nf_vip_draft_mark(struct nf_vip_draft *draft, struct nf_vip_marks *marks);

/**
 * nf_vip_draft_map() - build the map of VIPs of a draft
 * @draft: draft whose services have objects and selections
 * @result: the map, or NULL; the caller frees it after an error, too
 *
 * Sets @next_entry of every service that shall be.
 *
 * Context: process, @draft->vn->lock held.
 * Return: 0, or with a sentence -EEXIST (two services have the same VIP, port
 * and interface), -E2BIG (the ranges are too many), -ENOMEM, -EINTR.
 */
int nf_vip_draft_map(struct nf_vip_draft *draft, struct nf_vip_map **result);

/**
 * nf_vip_draft_keeps() - does a service stay as it is?
 * @draft: draft that was read
 * @service: service of the namespace, its lock held
 *
 * Return: true if the service is neither in the draft nor to be deleted.
 */
static inline bool nf_vip_draft_keeps(const struct nf_vip_draft *draft,
				      const struct nf_vip_service *service)
{
	return !draft->plan.fresh && !service->draft;
}

/**
 * nf_vip_draft_free() - free a draft; what it points to stays
 * @draft: draft, the namespace's lock held; its error sentence stays
 */
void nf_vip_draft_free(struct nf_vip_draft *draft);

/**
 * nf_vip_draft_decide() - which backends shall stay, leave or go?
 * @draft: draft that was read; its services and backends have their objects
 *
 * Fills in nf_vip_backend.becoming of every backend of the namespace.
 *
 * Context: the namespace's lock held.
 */
void nf_vip_draft_decide(const struct nf_vip_draft *draft);

/* What a plan asks of marks and VIPs, see struct nf_vip_plan_ops. */
int nf_vip_draft_claim_mark(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend);
int nf_vip_draft_assign_mark(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend);
int nf_vip_draft_claim_rest(struct nf_vip_plan *plan);
bool nf_vip_draft_add_vips(struct nf_vip_plan *plan, struct nf_vip_plan_service *service,
			   unsigned int *taken);
bool nf_vip_draft_find_range(const struct nf_vip_plan *plan,
			     const struct nf_vip_service_spec *spec,
			     const struct nf_vip_match *range, unsigned int own,
			     unsigned int *found);

#endif /* NF_VIP_DRAFT_H */
