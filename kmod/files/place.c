// SPDX-License-Identifier: GPL-2.0
#include "files/place.h"
#include "objects/service.h"
#include "objects/state.h"

static void set_service(struct nf_vip_place *place, struct nf_vip_service *service)
{
	if (service)
		kobject_get(&service->kobj);
	if (place->service)
		kobject_put(&place->service->kobj);
	place->service = service;
}

static struct nf_vip_service *service_at(struct nf_vip_net *vn, u32 nth)
{
	struct nf_vip_service *service;

	list_for_each_entry(service, &vn->services, node)
		if (!nth--)
			return service;
	return NULL;
}

static struct nf_vip_service *service_after(struct nf_vip_net *vn,
					    struct nf_vip_service *service)
{
	if (list_is_last(&service->node, &vn->services))
		return NULL;
	return list_next_entry(service, node);
}

bool nf_vip_place_next(struct nf_vip_place *place)
{
	struct nf_vip_service *service = NULL;

	lockdep_assert_held(&place->vn->lock);
	if (place->service && nf_vip_service_is_linked(place->service)) {
		service = service_after(place->vn, place->service);
		place->nth++;
	} else if (place->service || !place->begun) {
		service = service_at(place->vn, place->nth);
	}
	place->begun = true;
	set_service(place, service);
	return service;
}

void nf_vip_place_rewind(struct nf_vip_place *place)
{
	set_service(place, NULL);
	place->nth = 0;
	place->begun = false;
}
