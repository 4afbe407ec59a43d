// SPDX-License-Identifier: GPL-2.0
/* What becomes of each existing backend: it stays, leaves, or goes. */
#include "config/draft.h"
#include "objects/quota.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/load.h"

/*
 * Backends of untouched services stay, and those that the text has; the others
 * go, to begin with.
 */
static void plan_stays(const struct nf_vip_draft *draft)
{
	const struct nf_vip_draft_service *service;
	const struct nf_vip_draft_backend *drafted;
	struct nf_vip_service *live;
	struct nf_vip_backend *backend;

	list_for_each_entry(live, &draft->vn->services, node) {
		bool keeps = nf_vip_draft_keeps(draft, live);

		list_for_each_entry(backend, &live->backends, node)
			backend->becoming = keeps ? NF_VIP_WILL_STAY : NF_VIP_WILL_GO;
		list_for_each_entry(backend, &live->leaving, node)
			backend->becoming = NF_VIP_WILL_GO;
	}
	nf_vip_draft_for_each_service(service, draft)
		nf_vip_draft_for_each_backend(drafted, service)
			drafted->object->becoming = NF_VIP_WILL_STAY;
}

/* Lets backends of a service leave that would go; @left more may leave in the namespace. */
static void plan_service(const struct nf_vip_draft *draft, struct nf_vip_service *service,
			 u32 *left)
{
	bool gone = service->draft ? service->draft->base.gone : draft->plan.fresh;
	struct nf_vip_backend *backend;
	unsigned int room;

	if (gone)
		return;
	room = NF_VIP_BACKENDS_MAX - min_t(unsigned int, service->nr_leaving, NF_VIP_BACKENDS_MAX);
	list_for_each_entry(backend, &service->leaving, node)
		if (backend->becoming == NF_VIP_WILL_GO)
			backend->becoming = NF_VIP_WILL_LEAVE;
	list_for_each_entry(backend, &service->backends, node) {
		if (backend->becoming == NF_VIP_WILL_STAY || !room || !*left ||
		    !nf_vip_load_get(backend->load))
			continue;
		backend->becoming = NF_VIP_WILL_LEAVE;
		room--;
		--*left;
	}
}

/* How many more backends may be leaving. */
static u32 count_left(struct nf_vip_net *vn)
{
	u32 left = nf_vip_leaving_max(vn);
	const struct nf_vip_service *service;

	list_for_each_entry(service, &vn->services, node)
		left -= min(left, service->nr_leaving);
	return left;
}

void nf_vip_draft_decide(const struct nf_vip_draft *draft)
{
	u32 left = count_left(draft->vn);
	const struct nf_vip_draft_service *service;
	const struct nf_vip_draft_backend *backend;
	struct nf_vip_service *live;

	plan_stays(draft);
	list_for_each_entry(live, &draft->vn->services, node)
		plan_service(draft, live, &left);
	nf_vip_draft_for_each_service(service, draft)
		list_for_each_entry(backend, &service->forced, base.node)
			backend->live->becoming = NF_VIP_WILL_GO;
}
