// SPDX-License-Identifier: GPL-2.0
/*
 * Statements, one after the other, change the draft only. A service gets a
 * draft when a statement first touches it, as a copy of what it is now.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include "config/draft.h"
#include "config/text.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "objects/state.h"

static struct nf_vip_draft_service *service_of(const struct rb_node *node)
{
	return rb_entry_safe(node, struct nf_vip_draft_service, by_name);
}

static struct nf_vip_draft_backend *backend_of(const struct rb_node *node)
{
	return rb_entry_safe(node, struct nf_vip_draft_backend, by_name);
}

static bool service_less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(service_of(a)->name, service_of(b)->name) < 0;
}

static bool backend_less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(backend_of(a)->name, backend_of(b)->name) < 0;
}

static int service_cmp(const void *name, const struct rb_node *node)
{
	return strcmp(name, service_of(node)->name);
}

static int backend_cmp(const void *name, const struct rb_node *node)
{
	return strcmp(name, backend_of(node)->name);
}

static void forget_fastpath(struct nf_vip_draft *draft)
{
	draft->fastpath.nr = 0;
	draft->fastpath_line = 0;
}

void nf_vip_draft_init(struct nf_vip_draft *draft, struct nf_vip_net *vn)
{
	draft->vn = vn;
	draft->fresh = false;
	INIT_LIST_HEAD(&draft->services);
	INIT_LIST_HEAD(&draft->deleted);
	draft->by_name = RB_ROOT;
	forget_fastpath(draft);
	draft->nr_statements = 0;
	draft->nr_steps = 0;
	draft->verdict = NF_VIP_VERDICT_NONE;
	draft->error[0] = '\0';
}

static void remove_backend(struct nf_vip_draft_service *service,
			   struct nf_vip_draft_backend *backend)
{
	list_del(&backend->node);
	rb_erase(&backend->by_name, &service->backends_by_name);
	service->nr_backends--;
	kfree(backend);
}

static void remove_backends(struct nf_vip_draft_service *service)
{
	struct nf_vip_draft_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->backends, node)
		remove_backend(service, backend);
}

static void forget_forced(struct nf_vip_draft_service *service)
{
	struct nf_vip_draft_backend *backend, *next;

	list_for_each_entry_safe(backend, next, &service->forced, node) {
		list_del(&backend->node);
		kfree(backend);
	}
}

static void free_services(struct list_head *services)
{
	struct nf_vip_draft_service *service, *next;

	list_for_each_entry_safe(service, next, services, node) {
		cond_resched();
		if (service->live)
			service->live->draft = NULL;
		remove_backends(service);
		forget_forced(service);
		list_del(&service->node);
		kfree(service);
	}
}

void nf_vip_draft_free(struct nf_vip_draft *draft)
{
	free_services(&draft->services);
	free_services(&draft->deleted);
	draft->by_name = RB_ROOT;
}

static struct nf_vip_draft_backend *add_backend(struct nf_vip_draft_service *service,
						const char *name)
{
	struct nf_vip_draft_backend *backend;

	backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);
	if (!backend)
		return NULL;

	strscpy(backend->name, name, sizeof(backend->name));
	if (service->live)
		backend->live = nf_vip_backend_find(service->live, name) ?:
				nf_vip_backend_find_leaving(service->live, name);
	backend->object = backend->live;
	list_add_tail(&backend->node, &service->backends);
	rb_add(&backend->by_name, &service->backends_by_name, backend_less);
	service->nr_backends++;
	return backend;
}

static int copy_backends(struct nf_vip_draft_service *service)
{
	const struct nf_vip_backend *live;

	list_for_each_entry(live, &service->live->backends, node) {
		struct nf_vip_draft_backend *backend;

		backend = add_backend(service, nf_vip_backend_name(live));
		if (!backend)
			return -ENOMEM;
		backend->spec = live->spec;
	}
	return 0;
}

static struct nf_vip_draft_service *add_service(struct nf_vip_draft *draft, const char *name)
{
	struct nf_vip_draft_service *service;

	service = kzalloc(sizeof(*service), GFP_KERNEL_ACCOUNT);
	if (!service)
		return NULL;

	strscpy(service->name, name, sizeof(service->name));
	INIT_LIST_HEAD(&service->backends);
	INIT_LIST_HEAD(&service->forced);
	service->backends_by_name = RB_ROOT;
	service->live = nf_vip_service_find(draft->vn, name);
	service->object = service->live;
	if (service->live)
		service->live->draft = service;
	list_add_tail(&service->node, &draft->services);
	rb_add(&service->by_name, &draft->by_name, service_less);
	return service;
}

/*
 * The draft of a service that exists as far as the text has been read: NULL if
 * none does, ERR_PTR(-ENOMEM).
 */
static struct nf_vip_draft_service *find_service(struct nf_vip_draft *draft, const char *name)
{
	struct nf_vip_draft_service *service;

	service = service_of(rb_find(name, &draft->by_name, service_cmp));
	if (service)
		return service->gone ? NULL : service;
	if (draft->fresh || !nf_vip_service_find(draft->vn, name))
		return NULL;

	service = add_service(draft, name);
	if (!service)
		return ERR_PTR(-ENOMEM);
	service->spec = service->live->spec;
	return copy_backends(service) ? ERR_PTR(-ENOMEM) : service;
}

/* The same, made if there is none. */
static struct nf_vip_draft_service *get_service(struct nf_vip_draft *draft, const char *name)
{
	struct nf_vip_draft_service *service = find_service(draft, name);

	if (service)
		return service;
	service = service_of(rb_find(name, &draft->by_name, service_cmp));
	if (!service)
		return add_service(draft, name) ?: ERR_PTR(-ENOMEM);

	/* Deleted by a line before: it comes back, as the last one. */
	service->gone = false;
	service->moved = true;
	list_move_tail(&service->node, &draft->services);
	return service;
}

static int state_service(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = get_service(draft, st->service);

	if (IS_ERR(service))
		return nf_vip_draft_no_memory(draft);
	if (service->stated)
		return nf_vip_draft_refuse(draft, st->line, -EEXIST,
					   "service \"%s\": stated on line %u already",
					   st->service, service->stated);
	service->line = st->line;
	service->stated = st->line;
	service->spec = st->svc;
	return 0;
}

/* The service that a statement names, or an error that says why not. */
static struct nf_vip_draft_service *want_service(struct nf_vip_draft *draft,
						 const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = find_service(draft, st->service);

	if (IS_ERR(service))
		nf_vip_draft_no_memory(draft);
	if (service)
		return service;
	return ERR_PTR(nf_vip_draft_refuse(draft, st->line, -ENOENT,
					   "service \"%s\": expected one that exists",
					   st->service));
}

static int state_backend(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = want_service(draft, st);
	struct nf_vip_draft_backend *backend;
	u32 old_mark;

	if (IS_ERR(service))
		return PTR_ERR(service);

	backend = backend_of(rb_find(st->backend, &service->backends_by_name, backend_cmp));
	if (!backend && service->nr_backends == NF_VIP_BACKENDS_MAX)
		return nf_vip_draft_refuse(draft, st->line, -E2BIG,
					   "service \"%s\": expected at most %d backends",
					   st->service, NF_VIP_BACKENDS_MAX);
	if (!backend)
		backend = add_backend(service, st->backend);
	if (!backend)
		return nf_vip_draft_no_memory(draft);
	if (backend->stated)
		return nf_vip_draft_refuse(draft, st->line, -EEXIST,
					   "backend \"%s/%s\": stated on line %u already",
					   st->service, st->backend, backend->stated);

	/* A mark that is not given stays what it is. */
	old_mark = backend->live ? backend->live->spec.mark : 0;
	backend->line = st->line;
	backend->stated = st->line;
	backend->spec = st->be;
	backend->mark_given = st->be.mark;
	backend->spec.mark = st->be.mark ?: old_mark;
	return 0;
}

static int no_backend(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	return nf_vip_draft_refuse(draft, st->line, -ENOENT,
				   "backend \"%s/%s\": expected one that exists",
				   st->service, st->backend);
}

static int set_service(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = want_service(draft, st);
	struct nf_vip_misfit misfit;
	int err;

	if (IS_ERR(service))
		return PTR_ERR(service);
	service->line = st->line;
	nf_vip_set_merge(st, &service->spec);
	err = nf_vip_service_fits(&service->spec, &misfit);
	if (err)
		nf_vip_draft_refuse(draft, st->line, err, "\"%s\": %s", misfit.option, misfit.why);
	return err;
}

static int set_backend(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = want_service(draft, st);
	struct nf_vip_draft_backend *backend;

	if (IS_ERR(service))
		return PTR_ERR(service);
	backend = backend_of(rb_find(st->backend, &service->backends_by_name, backend_cmp));
	if (!backend)
		return no_backend(draft, st);
	backend->line = st->line;
	backend->mark_given |= st->be.mark != 0;
	nf_vip_set_merge(st, &backend->spec);
	return 0;
}

static int delete_service(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = want_service(draft, st);

	if (IS_ERR(service))
		return PTR_ERR(service);
	remove_backends(service);
	service->gone = true;
	service->line = 0;
	service->stated = 0;
	list_move(&service->node, &draft->deleted);
	return 0;
}

/* As with a backend that is leaving, which is no part of the draft. */
static int force_leaving(struct nf_vip_draft *draft, struct nf_vip_draft_service *service,
			 struct nf_vip_backend *leaving)
{
	struct nf_vip_draft_backend *backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);

	if (!backend)
		return nf_vip_draft_no_memory(draft);
	backend->live = leaving;
	list_add(&backend->node, &service->forced);
	return 0;
}

/* Of one that the text itself has made, nothing is left. */
static void force_backend(struct nf_vip_draft_service *service,
			  struct nf_vip_draft_backend *backend)
{
	if (!backend->live) {
		remove_backend(service, backend);
		return;
	}
	rb_erase(&backend->by_name, &service->backends_by_name);
	service->nr_backends--;
	list_move(&backend->node, &service->forced);
}

static int delete_backend(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	struct nf_vip_draft_service *service = want_service(draft, st);
	struct nf_vip_draft_backend *backend;
	struct nf_vip_backend *leaving = NULL;

	if (IS_ERR(service))
		return PTR_ERR(service);
	backend = backend_of(rb_find(st->backend, &service->backends_by_name, backend_cmp));
	if (!backend && st->force && service->live)
		leaving = nf_vip_backend_find_leaving(service->live, st->backend);
	if (leaving)
		return force_leaving(draft, service, leaving);
	if (!backend)
		return no_backend(draft, st);
	if (st->force)
		force_backend(service, backend);
	else
		remove_backend(service, backend);
	return 0;
}

static int state_fastpath(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	if (draft->fastpath_line)
		return nf_vip_draft_refuse(draft, st->line, -EEXIST,
					   "fastpath: stated on line %u already",
					   draft->fastpath_line);
	draft->fastpath = st->fastpath;
	draft->fastpath_line = st->line;
	return 0;
}

static int delete_fastpath(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	if (!draft->fastpath.nr)
		return nf_vip_draft_refuse(draft, st->line, -ENOENT,
					   "fastpath: expected one that exists");
	forget_fastpath(draft);
	return 0;
}

static int start_afresh(struct nf_vip_draft *draft)
{
	nf_vip_draft_free(draft);
	forget_fastpath(draft);
	draft->fresh = true;
	return 0;
}

static int read_statement(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	switch (st->verb) {
	case NF_VIP_REPLACE:
	case NF_VIP_FLUSH:
		return start_afresh(draft);
	case NF_VIP_SERVICE:
		return state_service(draft, st);
	case NF_VIP_BACKEND:
		return state_backend(draft, st);
	case NF_VIP_SET_SERVICE:
		return set_service(draft, st);
	case NF_VIP_SET_BACKEND:
		return set_backend(draft, st);
	case NF_VIP_DELETE_SERVICE:
		return delete_service(draft, st);
	case NF_VIP_DELETE_BACKEND:
		return delete_backend(draft, st);
	case NF_VIP_FASTPATH:
		return state_fastpath(draft, st);
	case NF_VIP_DELETE_FASTPATH:
		return delete_fastpath(draft, st);
	case NF_VIP_CONFIRM:
	case NF_VIP_REVERT:
		return nf_vip_draft_verdict(draft, st);
	}
	return -EINVAL;
}

/* Either the service or the backend may have been stated last: blame that. */
static int check_family(struct nf_vip_draft *draft, const struct nf_vip_draft_service *service)
{
	const struct nf_vip_draft_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		if (backend->spec.family != service->spec.family)
			return nf_vip_draft_refuse(draft, backend->line ?: service->line,
						   -EAFNOSUPPORT,
						   "backend \"%s/%s\": expected an %s address, as the VIP is",
						   service->name, backend->name,
						   service->spec.family == NFPROTO_IPV6 ?
						   "IPv6" : "IPv4");
	return 0;
}

/* A statement is too large for the stack. */
static int read_statements(struct nf_vip_draft *draft, const char *text, size_t len, u32 max)
{
	struct nf_vip_statement *st = kmalloc(sizeof(*st), GFP_KERNEL);
	struct nf_vip_parser parser;
	int err;

	if (!st)
		return nf_vip_draft_no_memory(draft);
	nf_vip_parse_start(&parser, text, len);
	while ((err = nf_vip_parse_next(&parser, st)) > 0) {
		err = read_statement(draft, st);
		if (!err && draft->nr_statements++ == max)
			err = nf_vip_draft_refuse(draft, st->line, -E2BIG,
						  "expected at most %u statements", max);
		if (!err)
			err = nf_vip_draft_step(draft);
		if (err)
			goto out;
	}
	if (err)
		strscpy(draft->error, parser.error, sizeof(draft->error));
out:
	kfree(st);
	return err;
}

int nf_vip_draft_read(struct nf_vip_draft *draft, const char *text, size_t len)
{
	const struct nf_vip_config *old = draft->vn->confirm.old;
	const struct nf_vip_draft_service *service;
	int err;

	draft->fastpath = draft->vn->fastpath;
	err = read_statements(draft, text, len, nf_vip_statements_max(draft->vn));
	if (!err)
		err = nf_vip_draft_check_verdict(draft);
	if (!err && draft->verdict == NF_VIP_VERDICT_REVERT)
		err = read_statements(draft, old->text, old->len, U32_MAX);
	if (err)
		return err;

	list_for_each_entry(service, &draft->services, node) {
		err = check_family(draft, service) ?: nf_vip_draft_step(draft);
		if (err)
			return err;
	}
	return 0;
}
