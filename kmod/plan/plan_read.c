// SPDX-License-Identifier: GPL-2.0
/* Statements, one after the other, change the plan only. */
#include "plan/plan.h"

/* The service that a statement names, which has to exist as far as the text has been read. */
static int want_service(struct nf_vip_plan *plan, const struct nf_vip_statement *st,
			struct nf_vip_plan_service **found)
{
	int err = nf_vip_plan_want_service(plan, st->service, false, found);

	if (err || *found)
		return err;
	return nf_vip_plan_refuse(plan, st->line, -ENOENT,
				  "service \"%s\": expected one that exists", st->service);
}

/* The backend that a statement names, or NULL, of a service that has to exist. */
static int find_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st,
			struct nf_vip_plan_service **service, struct nf_vip_plan_backend **found)
{
	int err = want_service(plan, st, service);

	if (!err)
		*found = nf_vip_plan_find_backend(*service, st->backend);
	return err;
}

static int want_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st,
			struct nf_vip_plan_backend **found)
{
	struct nf_vip_plan_service *service;
	int err = find_backend(plan, st, &service, found);

	if (err || *found)
		return err;
	return nf_vip_plan_refuse(plan, st->line, -ENOENT,
				  "backend \"%s/%s\": expected one that exists",
				  st->service, st->backend);
}

static int state_service(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_service *service;
	int err = nf_vip_plan_want_service(plan, st->service, true, &service);

	if (err)
		return err;
	if (service->stated)
		return nf_vip_plan_refuse(plan, st->line, -EEXIST,
					  "service \"%s\": stated on line %u already",
					  st->service, service->stated);
	service->line = st->line;
	service->stated = st->line;
	service->spec = st->svc;
	return 0;
}

/* The backend that a statement states, made if there is none. */
static int get_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st,
		       struct nf_vip_plan_backend **found)
{
	struct nf_vip_plan_service *service;
	int err = find_backend(plan, st, &service, found);

	if (err || *found)
		return err;
	if (service->nr_backends == NF_VIP_BACKENDS_MAX)
		return nf_vip_plan_refuse(plan, st->line, -E2BIG,
					  "service \"%s\": expected at most %d backends",
					  st->service, NF_VIP_BACKENDS_MAX);
	*found = nf_vip_plan_add_backend(plan, service, st->backend);
	return *found ? 0 : nf_vip_plan_no_memory(plan);
}

static int state_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_backend *backend;
	int err = get_backend(plan, st, &backend);

	if (err)
		return err;
	if (backend->stated)
		return nf_vip_plan_refuse(plan, st->line, -EEXIST,
					  "backend \"%s/%s\": stated on line %u already",
					  st->service, st->backend, backend->stated);
	backend->line = st->line;
	backend->stated = st->line;
	backend->spec = st->be;
	backend->mark_given = st->be.mark;
	/* A backend without a given mark keeps the mark that it has. */
	if (!st->be.mark)
		backend->spec.mark = backend->old_mark;
	return 0;
}

static int set_service(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_service *service;
	struct nf_vip_misfit misfit;
	int err = want_service(plan, st, &service);

	if (err)
		return err;
	service->line = st->line;
	nf_vip_set_merge(st, &service->spec);
	err = nf_vip_service_fits(&service->spec, &misfit);
	if (err)
		nf_vip_plan_refuse(plan, st->line, err, "\"%s\": %s", misfit.option, misfit.why);
	return err;
}

static int set_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_backend *backend;
	int err = want_backend(plan, st, &backend);

	if (err)
		return err;
	backend->line = st->line;
	backend->mark_given |= st->be.mark != 0;
	nf_vip_set_merge(st, &backend->spec);
	return 0;
}

static int delete_service(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_service *service;
	int err = want_service(plan, st, &service);

	if (!err)
		nf_vip_plan_delete_service(plan, service);
	return err;
}

/* Leaving backends can be forced, too, but only the maker of the plan knows these. */
static int force_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_service *service;
	int err = want_service(plan, st, &service);

	if (err || !plan->ops->force)
		return err;
	err = plan->ops->force(plan, service, nf_vip_plan_find_backend(service, st->backend),
			       st->backend);
	return err < 0 ? nf_vip_plan_no_memory(plan) : err;
}

static int delete_backend(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	struct nf_vip_plan_backend *backend;
	int ret = st->force ? force_backend(plan, st) : 0;

	if (ret)
		return ret < 0 ? ret : 0;
	ret = want_backend(plan, st, &backend);
	if (ret)
		return ret;
	nf_vip_plan_take_backend(plan, backend);
	nf_vip_pure_free(backend);
	return 0;
}

static void forget_fastpath(struct nf_vip_plan *plan)
{
	plan->fastpath.nr = 0;
	plan->fastpath_line = 0;
}

static int state_fastpath(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	if (plan->fastpath_line)
		return nf_vip_plan_refuse(plan, st->line, -EEXIST,
					  "fastpath: stated on line %u already",
					  plan->fastpath_line);
	plan->fastpath = st->fastpath;
	plan->fastpath_line = st->line;
	return 0;
}

static int delete_fastpath(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	if (!plan->fastpath.nr)
		return nf_vip_plan_refuse(plan, st->line, -ENOENT,
					  "fastpath: expected one that exists");
	forget_fastpath(plan);
	return 0;
}

static int start_afresh(struct nf_vip_plan *plan)
{
	nf_vip_plan_free(plan);
	forget_fastpath(plan);
	plan->fresh = true;
	return 0;
}

static const char *word_of(const struct nf_vip_plan *plan)
{
	return plan->action == NF_VIP_CONFIRM_REVERT ? "revert" : "confirm";
}

static int read_confirm(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	if (plan->action)
		return nf_vip_plan_refuse(plan, st->line, -EEXIST,
					  "%s: stated on line %u already", word_of(plan),
					  plan->action_line);
	if (st->verb == NF_VIP_REVERT)
		plan->action = NF_VIP_CONFIRM_REVERT;
	else
		plan->action = st->seconds ? NF_VIP_CONFIRM_WAIT : NF_VIP_CONFIRM_ACCEPT;
	plan->action_line = st->line;
	plan->seconds = st->seconds;
	return 0;
}

static int read_statement(struct nf_vip_plan *plan, const struct nf_vip_statement *st)
{
	switch (st->verb) {
	case NF_VIP_REPLACE:
	case NF_VIP_FLUSH:
		return start_afresh(plan);
	case NF_VIP_SERVICE:
		return state_service(plan, st);
	case NF_VIP_BACKEND:
		return state_backend(plan, st);
	case NF_VIP_SET_SERVICE:
		return set_service(plan, st);
	case NF_VIP_SET_BACKEND:
		return set_backend(plan, st);
	case NF_VIP_DELETE_SERVICE:
		return delete_service(plan, st);
	case NF_VIP_DELETE_BACKEND:
		return delete_backend(plan, st);
	case NF_VIP_FASTPATH:
		return state_fastpath(plan, st);
	case NF_VIP_DELETE_FASTPATH:
		return delete_fastpath(plan, st);
	case NF_VIP_CONFIRM:
	case NF_VIP_REVERT:
		return read_confirm(plan, st);
	}
	return -EINVAL;
}

/* The statement is allocated because it is too large for the stack. */
int nf_vip_plan_read(struct nf_vip_plan *plan, const char *text, size_t len, __u32 max)
{
	struct nf_vip_statement *st = nf_vip_pure_zalloc(sizeof(*st));
	struct nf_vip_parser parser;
	int err;

	if (!st)
		return nf_vip_plan_no_memory(plan);
	nf_vip_parse_start(&parser, text, len);
	while ((err = nf_vip_parse_next(&parser, st)) > 0) {
		err = read_statement(plan, st);
		if (!err && plan->nr_statements++ == max)
			err = nf_vip_plan_refuse(plan, st->line, -E2BIG,
						 "expected at most %u statements", max);
		if (!err)
			err = nf_vip_plan_step(plan);
		if (err)
			goto out;
	}
	if (err)
		memcpy(plan->error, parser.error, sizeof(plan->error));
out:
	nf_vip_pure_free(st);
	return err;
}

static int check_alone(struct nf_vip_plan *plan)
{
	bool alone = plan->nr_statements == 1;

	if (plan->action == NF_VIP_CONFIRM_WAIT && alone)
		return nf_vip_plan_refuse(plan, plan->action_line, -EINVAL,
					  "confirm: expected a change beside it");
	if (plan->action > NF_VIP_CONFIRM_WAIT && !alone)
		return nf_vip_plan_refuse(plan, plan->action_line, -EINVAL,
					  "%s: expected no other statement beside it",
					  word_of(plan));
	return 0;
}

int nf_vip_plan_check_confirm(struct nf_vip_plan *plan, unsigned int left)
{
	int err = check_alone(plan);

	if (err)
		return err;
	if (plan->action > NF_VIP_CONFIRM_WAIT && !left)
		return nf_vip_plan_refuse(plan, plan->action_line, -ENOENT,
					  "%s: no change waits to be confirmed", word_of(plan));
	if (plan->action <= NF_VIP_CONFIRM_WAIT && left)
		return nf_vip_plan_refuse(plan, 0, -EBUSY,
					  "a change waits for %u seconds more: say confirm or revert first",
					  left);
	return 0;
}
