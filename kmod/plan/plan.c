// SPDX-License-Identifier: GPL-2.0
/*
 * The objects of a plan. A service gets into the plan when a statement first
 * touches it, as a copy of what the service is now.
 */
#include "plan/plan.h"

static struct nf_vip_plan_service *service_of(const struct nf_vip_index_node *node)
{
	return node ? container_of(node, struct nf_vip_plan_service, by_name) : NULL;
}

static struct nf_vip_plan_backend *backend_of(const struct nf_vip_index_node *node)
{
	return node ? container_of(node, struct nf_vip_plan_backend, by_name) : NULL;
}

static int compare_service(const void *name, const struct nf_vip_index_node *node)
{
	return strcmp(name, service_of(node)->name);
}

static int compare_backend(const void *name, const struct nf_vip_index_node *node)
{
	return strcmp(name, backend_of(node)->name);
}

int nf_vip_plan_refuse(struct nf_vip_plan *plan, unsigned int line, int err,
		       const char *fmt, ...)
{
	size_t at = 0;
	va_list args;

	if (line)
		at = snprintf(plan->error, sizeof(plan->error), "line %u: ", line);
	va_start(args, fmt);
	vsnprintf(plan->error + at, sizeof(plan->error) - at, fmt, args);
	va_end(args);
	return err;
}

void nf_vip_plan_init(struct nf_vip_plan *plan, const struct nf_vip_plan_ops *ops,
		      __u32 mark_mask)
{
	memset(plan, 0, sizeof(*plan));
	plan->ops = ops;
	plan->mark_mask = mark_mask;
	plan->by_name.compare = compare_service;
	INIT_LIST_HEAD(&plan->services);
	INIT_LIST_HEAD(&plan->deleted);
}

void nf_vip_plan_take_backend(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend)
{
	struct nf_vip_plan_service *service = backend->service;

	list_del(&backend->node);
	nf_vip_index_remove(&service->backends_by_name, backend->name);
	service->nr_backends--;
	plan->nr_backends--;
}

/* Removes all backends at once, so the index is emptied rather than kept up. */
static void remove_backends(struct nf_vip_plan *plan, struct nf_vip_plan_service *service)
{
	struct nf_vip_plan_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->backends, node)
		nf_vip_pure_free(backend);
	INIT_LIST_HEAD(&service->backends);
	service->backends_by_name.root = NULL;
	plan->nr_backends -= service->nr_backends;
	service->nr_backends = 0;
}

static void free_services(struct nf_vip_plan *plan, struct list_head *services)
{
	struct nf_vip_plan_service *service, *next;

	list_for_each_entry_safe(service, next, services, node) {
		NF_VIP_PURE_RESCHED();
		if (plan->ops->drop_service)
			plan->ops->drop_service(service);
		remove_backends(plan, service);
		nf_vip_pure_free(service);
	}
	INIT_LIST_HEAD(services);
}

void nf_vip_plan_free(struct nf_vip_plan *plan)
{
	free_services(plan, &plan->services);
	free_services(plan, &plan->deleted);
	plan->by_name.root = NULL;
	plan->nr_services = 0;
}

static struct nf_vip_plan_service *find_any(const struct nf_vip_plan *plan, const char *name)
{
	return service_of(nf_vip_index_find(&plan->by_name, name));
}

struct nf_vip_plan_service *nf_vip_plan_find_service(const struct nf_vip_plan *plan,
						     const char *name)
{
	struct nf_vip_plan_service *service = find_any(plan, name);

	return service && !service->gone ? service : NULL;
}

struct nf_vip_plan_backend *nf_vip_plan_find_backend(const struct nf_vip_plan_service *service,
						     const char *name)
{
	return backend_of(nf_vip_index_find(&service->backends_by_name, name));
}

struct nf_vip_plan_backend *nf_vip_plan_add_backend(struct nf_vip_plan *plan,
						    struct nf_vip_plan_service *service,
						    const char *name)
{
	struct nf_vip_plan_backend *backend = nf_vip_pure_zalloc(plan->ops->backend_size);

	if (!backend)
		return NULL;
	snprintf(backend->name, sizeof(backend->name), "%s", name);
	backend->service = service;
	list_add_tail(&backend->node, &service->backends);
	nf_vip_index_add(&service->backends_by_name, backend->name, &backend->by_name);
	service->nr_backends++;
	plan->nr_backends++;
	if (plan->ops->added_backend)
		plan->ops->added_backend(backend);
	return backend;
}

static struct nf_vip_plan_service *add_service(struct nf_vip_plan *plan, const char *name)
{
	struct nf_vip_plan_service *service = nf_vip_pure_zalloc(plan->ops->service_size);

	if (!service)
		return NULL;
	snprintf(service->name, sizeof(service->name), "%s", name);
	INIT_LIST_HEAD(&service->backends);
	service->backends_by_name.compare = compare_backend;
	list_add_tail(&service->node, &plan->services);
	nf_vip_index_add(&plan->by_name, service->name, &service->by_name);
	plan->nr_services++;
	if (plan->ops->added_service)
		plan->ops->added_service(plan, service);
	return service;
}

/* A service that a line before deleted comes back as the last one. */
static void bring_back(struct nf_vip_plan *plan, struct nf_vip_plan_service *service)
{
	service->gone = false;
	service->moved = true;
	list_move_tail(&service->node, &plan->services);
	plan->nr_services++;
}

void nf_vip_plan_delete_service(struct nf_vip_plan *plan, struct nf_vip_plan_service *service)
{
	remove_backends(plan, service);
	service->gone = true;
	service->line = 0;
	service->stated = 0;
	list_move_tail(&service->node, &plan->deleted);
	plan->nr_services--;
}

int nf_vip_plan_want_service(struct nf_vip_plan *plan, const char *name, bool make,
			     struct nf_vip_plan_service **found)
{
	struct nf_vip_plan_service *service = find_any(plan, name);
	bool copy = !service && !plan->fresh && plan->ops->has_service &&
		    plan->ops->has_service(plan, name);

	*found = NULL;
	if (service && service->gone) {
		if (!make)
			return 0;
		bring_back(plan, service);
	} else if (!service && (make || copy)) {
		service = add_service(plan, name);
		if (!service || (copy && plan->ops->copy_service(plan, service)))
			return nf_vip_plan_no_memory(plan);
	}
	*found = service;
	return 0;
}
