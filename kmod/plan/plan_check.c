// SPDX-License-Identifier: GPL-2.0
/* Checks of what the statements make together: families, how many services, weights, marks. */
#include "plan/plan.h"
#include "plan/weights.h"

/* Either the service or the backend may have been stated last: blame the later one. */
static int check_family(struct nf_vip_plan *plan, const struct nf_vip_plan_service *service)
{
	const struct nf_vip_plan_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		if (backend->spec.family != service->spec.family)
			return nf_vip_plan_refuse(plan, backend->line ?: service->line,
						  -EAFNOSUPPORT,
						  "backend \"%s/%s\": expected an %s address, as the VIP is",
						  service->name, backend->name,
						  service->spec.family == NFPROTO_IPV6 ?
						  "IPv6" : "IPv4");
	return 0;
}

int nf_vip_plan_check_families(struct nf_vip_plan *plan)
{
	const struct nf_vip_plan_service *service;
	int err;

	list_for_each_entry(service, &plan->services, node) {
		err = check_family(plan, service) ?: nf_vip_plan_step(plan);
		if (err)
			return err;
	}
	return 0;
}

int nf_vip_plan_check_services(struct nf_vip_plan *plan, unsigned int kept)
{
	if (plan->nr_services + kept <= NF_VIP_SERVICES_MAX)
		return 0;
	return nf_vip_plan_refuse(plan, 0, -E2BIG, "expected at most %d services",
				  NF_VIP_SERVICES_MAX);
}

int nf_vip_plan_check_weights(struct nf_vip_plan *plan,
			      const struct nf_vip_plan_service *service)
{
	const struct nf_vip_plan_backend *backend;
	struct nf_vip_weights weights = { 0 };
	unsigned int line = service->line;

	/* Blame the line in which the text last says something of the service or its backends. */
	list_for_each_entry(backend, &service->backends, node) {
		nf_vip_weights_add(&weights, backend->spec.weight);
		if (line < backend->line)
			line = backend->line;
	}
	if (nf_vip_weights_fit(&weights, service->spec.policy.scheduler))
		return 0;
	return nf_vip_plan_refuse(plan, line, -E2BIG,
				  "service \"%s\": the weights need more than %d slots",
				  service->name, NF_VIP_SLOTS_MAX);
}

static int claim_given(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend)
{
	__u32 mark = backend->spec.mark;
	int err = plan->ops->claim_mark(plan, backend);

	switch (err) {
	case -ERANGE:
		return nf_vip_plan_refuse(plan, backend->line, err,
					  "mark \"%#x\": expected a value within mark_mask %#x",
					  mark, plan->mark_mask);
	case -EEXIST:
		return nf_vip_plan_refuse(plan, backend->line, err,
					  "mark \"%#x\": another backend has it", mark);
	case -ENOMEM:
		return nf_vip_plan_no_memory(plan);
	}
	return err;
}

/* A mark that was assigned before gives way to one that the text asks for. */
static int claim_kept(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend)
{
	int err = plan->ops->claim_mark(plan, backend);

	if (err == -EEXIST) {
		backend->spec.mark = 0;
		return 0;
	}
	return err ? nf_vip_plan_no_memory(plan) : 0;
}

static int assign(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend)
{
	int err = plan->ops->assign_mark(plan, backend);

	if (err == -ENOSPC)
		return nf_vip_plan_refuse(plan, backend->line, err,
					  "backend \"%s/%s\": no mark is left in mark_mask %#x",
					  backend->service->name, backend->name,
					  plan->mark_mask);
	return err ? nf_vip_plan_no_memory(plan) : 0;
}

/*
 * The order of claims: marks of untouched backends, then those that the text
 * asks for, and so on.
 */
enum mark_pass { MARKS_FIXED, MARKS_GIVEN, MARKS_KEPT, MARKS_NEW };

static enum mark_pass pass_of(const struct nf_vip_plan_backend *backend)
{
	if (backend->mark_given)
		return MARKS_GIVEN;
	if (!backend->stated)
		return MARKS_FIXED;
	return backend->spec.mark ? MARKS_KEPT : MARKS_NEW;
}

static int mark_backend(struct nf_vip_plan *plan, enum mark_pass pass,
			struct nf_vip_plan_backend *backend)
{
	if (pass_of(backend) != pass)
		return 0;

	switch (pass) {
	case MARKS_FIXED:
	case MARKS_GIVEN:
		return claim_given(plan, backend);
	case MARKS_KEPT:
		return claim_kept(plan, backend);
	case MARKS_NEW:
		return assign(plan, backend);
	}
	return 0;
}

static int mark_service(struct nf_vip_plan *plan, enum mark_pass pass,
			const struct nf_vip_plan_service *service)
{
	struct nf_vip_plan_backend *backend;
	int err;

	list_for_each_entry(backend, &service->backends, node) {
		err = mark_backend(plan, pass, backend);
		if (err)
			return err;
	}
	return nf_vip_plan_step(plan);
}

int nf_vip_plan_mark(struct nf_vip_plan *plan)
{
	struct nf_vip_plan_service *service;
	enum mark_pass pass;
	int err;

	for (pass = MARKS_FIXED; pass <= MARKS_NEW; pass++) {
		if (pass == MARKS_NEW && plan->ops->claim_rest) {
			err = plan->ops->claim_rest(plan);
			if (err)
				return err;
		}
		list_for_each_entry(service, &plan->services, node) {
			err = mark_service(plan, pass, service);
			if (err)
				return err;
		}
	}
	return 0;
}
