// SPDX-License-Identifier: GPL-2.0
/* Keeps the marks of a plan in the next set, with those of services that the plan leaves alone. */
#include "config/draft.h"
#include "objects/mark.h"

static struct nf_vip_backend *object_of(struct nf_vip_plan_backend *base)
{
	return container_of(base, struct nf_vip_draft_backend, base)->object;
}

static int claim_untouched(struct nf_vip_draft *draft)
{
	const struct nf_vip_service *service;
	struct nf_vip_backend *backend;
	int err;

	list_for_each_entry(service, &draft->vn->services, node) {
		err = nf_vip_plan_step(&draft->plan);
		if (err)
			return err;
		if (!nf_vip_draft_keeps(draft, service))
			continue;
		list_for_each_entry(backend, &service->backends, node) {
			err = nf_vip_marks_claim(draft->marks, backend->spec.mark, backend);
			if (err)
				return nf_vip_plan_no_memory(&draft->plan);
		}
	}
	return 0;
}

int nf_vip_draft_claim_mark(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend)
{
	return nf_vip_marks_claim(nf_vip_draft_of(plan)->marks, backend->spec.mark,
				  object_of(backend));
}

/* A backend that leaves keeps its mark, unless the text asks for that mark. */
static int claim_leaving(struct nf_vip_draft *draft, struct list_head *backends)
{
	struct nf_vip_backend *backend;
	int err;

	list_for_each_entry(backend, backends, node) {
		if (backend->becoming != NF_VIP_WILL_LEAVE)
			continue;
		err = nf_vip_marks_claim(draft->marks, backend->spec.mark, backend);
		if (err == -EEXIST)
			backend->becoming = NF_VIP_WILL_GO;
		else if (err)
			return nf_vip_plan_no_memory(&draft->plan);
	}
	return 0;
}

int nf_vip_draft_claim_rest(struct nf_vip_plan *plan)
{
	struct nf_vip_draft *draft = nf_vip_draft_of(plan);
	struct nf_vip_service *service;
	int err;

	list_for_each_entry(service, &draft->vn->services, node) {
		err = claim_leaving(draft, &service->leaving);
		if (!err)
			err = claim_leaving(draft, &service->backends);
		if (err)
			return err;
	}
	return 0;
}

/* Backends that leave have to go, because no mark is left. */
static void release_leaving(struct nf_vip_marks *marks, struct list_head *backends)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, backends, node) {
		if (backend->becoming != NF_VIP_WILL_LEAVE)
			continue;
		backend->becoming = NF_VIP_WILL_GO;
		nf_vip_marks_release(marks, backend->spec.mark);
	}
}

int nf_vip_draft_assign_mark(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend)
{
	struct nf_vip_draft *draft = nf_vip_draft_of(plan);
	u32 *mark = &backend->spec.mark;
	struct nf_vip_service *service;
	int err;

	err = nf_vip_marks_assign(draft->marks, mark, object_of(backend));
	if (err != -ENOSPC)
		return err;
	list_for_each_entry(service, &draft->vn->services, node) {
		release_leaving(draft->marks, &service->leaving);
		release_leaving(draft->marks, &service->backends);
	}
	return nf_vip_marks_assign(draft->marks, mark, object_of(backend));
}

int nf_vip_draft_mark(struct nf_vip_draft *draft, struct nf_vip_marks *marks)
{
	draft->marks = marks;
	return claim_untouched(draft) ?: nf_vip_plan_mark(&draft->plan);
}
