// SPDX-License-Identifier: GPL-2.0
#include <search.h>
#include "config/model.h"

static int check_families(struct model *model)
{
	const struct model_service *service;
	const struct model_backend *backend;

	TAILQ_FOREACH(service, &model->services, node)
		TAILQ_FOREACH(backend, &service->backends, node)
			if (backend->spec.family != service->spec.family)
				return model_refuse(model, backend->line,
						    -EAFNOSUPPORT,
						    "backend \"%s/%s\": expected an %s address, as the VIP is",
						    service->name,
						    backend->name,
						    service->spec.family ==
						    NFPROTO_IPV6 ?
						    "IPv6" : "IPv4");
	return 0;
}

static int by_mark(const void *a, const void *b)
{
	const struct model_backend *x = a, *y = b;

	return (x->spec.mark > y->spec.mark) - (x->spec.mark < y->spec.mark);
}

static void keep(void *object)
{
	(void)object;
}

static int check_mark(struct model *model, void **tree,
		      const struct model_backend *backend)
{
	void *node;

	if (!backend->spec.mark)
		return 0;
	node = tsearch(backend, tree, by_mark);
	if (!node)
		return model_refuse(model, 0, -ENOMEM, "out of memory");
	if (*(void **)node != backend)
		return model_refuse(model, backend->line, -EEXIST,
				    "mark \"%#x\": another backend has it",
				    backend->spec.mark);
	return 0;
}

static int check_marks(struct model *model)
{
	const struct model_service *service;
	const struct model_backend *backend;
	void *tree = NULL;
	int err = 0;

	TAILQ_FOREACH(service, &model->services, node)
		TAILQ_FOREACH(backend, &service->backends, node) {
			if (!err)
				err = check_mark(model, &tree, backend);
		}
	tdestroy(tree, keep);
	return err;
}

static unsigned int gcd(unsigned int a, unsigned int b)
{
	while (b) {
		unsigned int rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* As if every backend was usable, so that each one that comes back has room. */
static int check_weights(struct model *model)
{
	const struct model_service *service;
	const struct model_backend *backend;

	TAILQ_FOREACH(service, &model->services, node) {
		unsigned int sum = 0, divisor = 0;

		TAILQ_FOREACH(backend, &service->backends, node) {
			sum += backend->spec.weight;
			divisor = gcd(divisor, backend->spec.weight);
		}
		if (divisor && sum / divisor > NF_VIP_SLOTS_MAX)
			return model_refuse(model, service->line, -E2BIG,
					    "service \"%s\": the weights need more than %d slots",
					    service->name, NF_VIP_SLOTS_MAX);
	}
	return 0;
}

int model_check(struct model *model)
{
	int err;

	err = check_families(model);
	if (!err)
		err = check_marks(model);
	if (!err)
		err = check_weights(model);
	if (!err && model->nr_services > NF_VIP_SERVICES_MAX)
		err = model_refuse(model, 0, -E2BIG,
				   "expected at most %d services",
				   NF_VIP_SERVICES_MAX);
	return err ? err : model_check_vips(model);
}
