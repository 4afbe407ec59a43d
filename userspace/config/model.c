// SPDX-License-Identifier: GPL-2.0
#include <search.h>
#include <stdarg.h>
#include <stdlib.h>
#include "config/model.h"

int model_refuse(struct model *model, unsigned int line, int err,
		 const char *format, ...)
{
	int at = 0;
	va_list args;

	if (line)
		at = snprintf(model->error, sizeof(model->error), "line %u: ",
			      line);
	va_start(args, format);
	vsnprintf(model->error + at, sizeof(model->error) - (size_t)at, format,
		  args);
	va_end(args);
	return err;
}

static int no_memory(struct model *model)
{
	return model_refuse(model, 0, -ENOMEM, "out of memory");
}

/* Both kinds of objects begin with their names. */
static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void *find(void *const *tree, const char *name)
{
	void *node = tfind(name, tree, by_name);

	return node ? *(void **)node : NULL;
}

const struct model_service *model_find_service(const struct model *model, const char *name)
{
	return find(&model->by_name, name);
}

const struct model_backend *model_find_backend(const struct model_service *service,
					       const char *name)
{
	return find(&service->by_name, name);
}

void model_init(struct model *model)
{
	memset(model, 0, sizeof(*model));
	TAILQ_INIT(&model->services);
}

static struct model_service *add_service(struct model *model, const char *name)
{
	struct model_service *service = calloc(1, sizeof(*service));

	if (!service)
		return NULL;
	memcpy(service->name, name, sizeof(service->name));
	TAILQ_INIT(&service->backends);
	if (!tsearch(service, &model->by_name, by_name)) {
		free(service);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&model->services, service, node);
	model->nr_services++;
	return service;
}

static struct model_backend *add_backend(struct model *model,
					 struct model_service *service,
					 const char *name)
{
	struct model_backend *backend = calloc(1, sizeof(*backend));

	if (!backend)
		return NULL;
	memcpy(backend->name, name, sizeof(backend->name));
	if (!tsearch(backend, &service->by_name, by_name)) {
		free(backend);
		return NULL;
	}
	backend->service = service;
	TAILQ_INSERT_TAIL(&service->backends, backend, node);
	service->nr_backends++;
	model->nr_backends++;
	return backend;
}

static void remove_backend(struct model *model, struct model_backend *backend)
{
	struct model_service *service = backend->service;

	tdelete(backend, &service->by_name, by_name);
	TAILQ_REMOVE(&service->backends, backend, node);
	service->nr_backends--;
	model->nr_backends--;
	free(backend);
}

static void remove_service(struct model *model, struct model_service *service)
{
	struct model_backend *backend;

	while ((backend = TAILQ_FIRST(&service->backends)))
		remove_backend(model, backend);
	tdelete(service, &model->by_name, by_name);
	TAILQ_REMOVE(&model->services, service, node);
	model->nr_services--;
	free(service);
}

void model_free(struct model *model)
{
	struct model_service *service;

	while ((service = TAILQ_FIRST(&model->services)))
		remove_service(model, service);
	model->fastpath_line = 0;
	model->fastpath.nr = 0;
}

static int no_service(struct model *model, const struct nf_vip_statement *st)
{
	return model_refuse(model, st->line, -ENOENT,
			    "service \"%s\": expected one that exists",
			    st->service);
}

static int state_service(struct model *model, const struct nf_vip_statement *st)
{
	struct model_service *service = find(&model->by_name, st->service);

	if (service)
		return model_refuse(model, st->line, -EEXIST,
				    "service \"%s\": stated on line %u already",
				    st->service, service->line);
	service = add_service(model, st->service);
	if (!service)
		return no_memory(model);
	service->line = st->line;
	service->spec = st->svc;
	return 0;
}

static int state_backend(struct model *model, const struct nf_vip_statement *st)
{
	struct model_service *service = find(&model->by_name, st->service);
	struct model_backend *backend;

	if (!service)
		return no_service(model, st);
	backend = find(&service->by_name, st->backend);
	if (backend)
		return model_refuse(model, st->line, -EEXIST,
				    "backend \"%s/%s\": stated on line %u already",
				    st->service, st->backend, backend->line);
	if (service->nr_backends == NF_VIP_BACKENDS_MAX)
		return model_refuse(model, st->line, -E2BIG,
				    "service \"%s\": expected at most %d backends",
				    st->service, NF_VIP_BACKENDS_MAX);
	backend = add_backend(model, service, st->backend);
	if (!backend)
		return no_memory(model);
	backend->line = st->line;
	backend->spec = st->be;
	return 0;
}

static int no_backend(struct model *model, const struct nf_vip_statement *st)
{
	return model_refuse(model, st->line, -ENOENT,
			    "backend \"%s/%s\": expected one that exists",
			    st->service, st->backend);
}

static int set_service(struct model *model, const struct nf_vip_statement *st)
{
	struct model_service *service = find(&model->by_name, st->service);
	struct nf_vip_misfit misfit;
	int err;

	if (!service)
		return no_service(model, st);
	nf_vip_set_merge(st, &service->spec);
	err = nf_vip_service_fits(&service->spec, &misfit);
	if (err)
		model_refuse(model, st->line, err, "\"%s\": %s", misfit.option,
			     misfit.why);
	return err;
}

static int set_backend(struct model *model, const struct nf_vip_statement *st)
{
	struct model_service *service = find(&model->by_name, st->service);
	struct model_backend *backend;

	if (!service)
		return no_service(model, st);
	backend = find(&service->by_name, st->backend);
	if (!backend)
		return no_backend(model, st);
	nf_vip_set_merge(st, &backend->spec);
	return 0;
}

static int delete_service(struct model *model,
			  const struct nf_vip_statement *st)
{
	struct model_service *service = find(&model->by_name, st->service);

	if (!service)
		return no_service(model, st);
	remove_service(model, service);
	return 0;
}

static int delete_backend(struct model *model,
			  const struct nf_vip_statement *st)
{
	struct model_service *service = find(&model->by_name, st->service);
	struct model_backend *backend;

	if (!service)
		return no_service(model, st);
	backend = find(&service->by_name, st->backend);
	if (!backend)
		return no_backend(model, st);
	remove_backend(model, backend);
	return 0;
}

static int state_fastpath(struct model *model,
			  const struct nf_vip_statement *st)
{
	if (model->fastpath_line)
		return model_refuse(model, st->line, -EEXIST,
				    "fastpath: stated on line %u already",
				    model->fastpath_line);
	model->fastpath_line = st->line;
	model->fastpath = st->fastpath;
	return 0;
}

static int delete_fastpath(struct model *model,
			   const struct nf_vip_statement *st)
{
	if (!model->fastpath_line)
		return model_refuse(model, st->line, -ENOENT,
				    "fastpath: expected one that exists");
	model->fastpath_line = 0;
	model->fastpath.nr = 0;
	return 0;
}

/* Those that are about a change that waits stand alone, and state nothing. */
static int read_verdict(struct model *model, const struct nf_vip_statement *st)
{
	bool revert = st->verb == NF_VIP_REVERT;

	if (!revert && st->seconds)
		return 0;
	return model_refuse(model, st->line, -EINVAL,
			    "%s: expected no other statement beside it",
			    revert ? "revert" : "confirm");
}

static int read_statement(struct model *model,
			  const struct nf_vip_statement *st)
{
	switch (st->verb) {
	case NF_VIP_REPLACE:
	case NF_VIP_FLUSH:
		model_free(model);
		return 0;
	case NF_VIP_SERVICE:
		return state_service(model, st);
	case NF_VIP_BACKEND:
		return state_backend(model, st);
	case NF_VIP_SET_SERVICE:
		return set_service(model, st);
	case NF_VIP_SET_BACKEND:
		return set_backend(model, st);
	case NF_VIP_DELETE_SERVICE:
		return delete_service(model, st);
	case NF_VIP_DELETE_BACKEND:
		return delete_backend(model, st);
	case NF_VIP_FASTPATH:
		return state_fastpath(model, st);
	case NF_VIP_DELETE_FASTPATH:
		return delete_fastpath(model, st);
	case NF_VIP_CONFIRM:
	case NF_VIP_REVERT:
		return read_verdict(model, st);
	}
	return -EINVAL;
}

int model_read(struct model *model, const char *text, size_t len)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	int ret;

	nf_vip_parse_start(&p, text, len);
	while ((ret = nf_vip_parse_next(&p, &st)) > 0) {
		ret = read_statement(model, &st);
		if (ret)
			return ret;
	}
	if (ret)
		snprintf(model->error, sizeof(model->error), "%s", p.error);
	return ret;
}
