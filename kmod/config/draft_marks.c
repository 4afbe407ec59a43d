// SPDX-License-Identifier: GPL-2.0
/*
 * The marks of a draft: what is not stated stays, what is asked for is given,
 * what was assigned before is kept if it can be, and the rest gets free values.
 */
#include "config/draft.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"

static int claim_untouched(struct nf_vip_draft *draft, struct nf_vip_marks *marks)
{
	const struct nf_vip_service *service;
	struct nf_vip_backend *backend;
	int err;

	list_for_each_entry(service, &draft->vn->services, node) {
		err = nf_vip_draft_step(draft);
		if (err)
			return err;
		if (!nf_vip_draft_keeps(draft, service))
			continue;
		list_for_each_entry(backend, &service->backends, node) {
			err = nf_vip_marks_claim(marks, backend->spec.mark, backend);
			if (err)
				return nf_vip_draft_no_memory(draft);
		}
	}
	return 0;
}

static int claim_given(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
		       const struct nf_vip_draft_backend *backend)
{
	u32 mark = backend->spec.mark;
	int err = nf_vip_marks_claim(marks, mark, backend->object);

	switch (err) {
	case -ERANGE:
		return nf_vip_draft_refuse(draft, backend->line, err,
					   "mark \"%#x\": expected a value within mark_mask %#x",
					   mark, marks->mask);
	case -EEXIST:
		return nf_vip_draft_refuse(draft, backend->line, err,
					   "mark \"%#x\": another backend has it", mark);
	case -ENOMEM:
		return nf_vip_draft_no_memory(draft);
	}
	return err;
}

/* A mark that was assigned before gives way to one that the text asks for. */
static int claim_kept(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
		      struct nf_vip_draft_backend *backend)
{
	int err = nf_vip_marks_claim(marks, backend->spec.mark, backend->object);

	if (err == -EEXIST) {
		backend->spec.mark = 0;
		return 0;
	}
	return err ? nf_vip_draft_no_memory(draft) : 0;
}

/* What leaves keeps its mark, unless the text asks for it. */
static int claim_leaving(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
			 struct list_head *backends)
{
	struct nf_vip_backend *backend;
	int err;

	list_for_each_entry(backend, backends, node) {
		if (backend->plan != NF_VIP_PLAN_LEAVE)
			continue;
		err = nf_vip_marks_claim(marks, backend->spec.mark, backend);
		if (err == -EEXIST)
			backend->plan = NF_VIP_PLAN_GO;
		else if (err)
			return nf_vip_draft_no_memory(draft);
	}
	return 0;
}

static int claim_all_leaving(struct nf_vip_draft *draft, struct nf_vip_marks *marks)
{
	struct nf_vip_service *service;
	int err;

	list_for_each_entry(service, &draft->vn->services, node) {
		err = claim_leaving(draft, marks, &service->leaving);
		if (!err)
			err = claim_leaving(draft, marks, &service->backends);
		if (err)
			return err;
	}
	return 0;
}

/* When no mark is left. */
static void release_leaving(struct nf_vip_marks *marks, struct list_head *backends)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, backends, node) {
		if (backend->plan != NF_VIP_PLAN_LEAVE)
			continue;
		backend->plan = NF_VIP_PLAN_GO;
		nf_vip_marks_release(marks, backend->spec.mark);
	}
}

static int assign_after_all(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
			    struct nf_vip_draft_backend *backend)
{
	struct nf_vip_service *service;

	list_for_each_entry(service, &draft->vn->services, node) {
		release_leaving(marks, &service->leaving);
		release_leaving(marks, &service->backends);
	}
	return nf_vip_marks_assign(marks, &backend->spec.mark, backend->object);
}

static int assign(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
		  const struct nf_vip_draft_service *service,
		  struct nf_vip_draft_backend *backend)
{
	int err = nf_vip_marks_assign(marks, &backend->spec.mark, backend->object);

	if (err == -ENOSPC)
		err = assign_after_all(draft, marks, backend);
	if (err == -ENOSPC)
		return nf_vip_draft_refuse(draft, backend->line, err,
					   "backend \"%s/%s\": no mark is left in mark_mask %#x",
					   service->name, backend->name, marks->mask);
	return err ? nf_vip_draft_no_memory(draft) : 0;
}

/* Backends whose mark the text leaves alone, then what it asks for, and so on. */
enum mark_pass { MARKS_FIXED, MARKS_GIVEN, MARKS_KEPT, MARKS_NEW };

static enum mark_pass pass_of(const struct nf_vip_draft_backend *backend)
{
	if (backend->mark_given)
		return MARKS_GIVEN;
	if (!backend->stated)
		return MARKS_FIXED;
	return backend->spec.mark ? MARKS_KEPT : MARKS_NEW;
}

static int mark_backend(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
			enum mark_pass pass, const struct nf_vip_draft_service *service,
			struct nf_vip_draft_backend *backend)
{
	if (pass_of(backend) != pass)
		return 0;

	switch (pass) {
	case MARKS_FIXED:
	case MARKS_GIVEN:
		return claim_given(draft, marks, backend);
	case MARKS_KEPT:
		return claim_kept(draft, marks, backend);
	case MARKS_NEW:
		return assign(draft, marks, service, backend);
	}
	return 0;
}

static int mark_service(struct nf_vip_draft *draft, struct nf_vip_marks *marks,
			enum mark_pass pass, const struct nf_vip_draft_service *service)
{
	struct nf_vip_draft_backend *backend;
	int err;

	list_for_each_entry(backend, &service->backends, node) {
		err = mark_backend(draft, marks, pass, service, backend);
		if (err)
			return err;
	}
	return nf_vip_draft_step(draft);
}

static int mark_backends(struct nf_vip_draft *draft, struct nf_vip_marks *marks)
{
	struct nf_vip_draft_service *service;
	enum mark_pass pass;
	int err;

	for (pass = MARKS_FIXED; pass <= MARKS_NEW; pass++) {
		err = pass == MARKS_NEW ? claim_all_leaving(draft, marks) : 0;
		if (err)
			return err;
		list_for_each_entry(service, &draft->services, node) {
			err = mark_service(draft, marks, pass, service);
			if (err)
				return err;
		}
	}
	return 0;
}

int nf_vip_draft_mark(struct nf_vip_draft *draft, struct nf_vip_marks *marks)
{
	int err = claim_untouched(draft, marks);

	return err ?: mark_backends(draft, marks);
}
