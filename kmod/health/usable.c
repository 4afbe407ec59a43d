// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include "health/condition.h"
#include "health/usable.h"
#include "objects/ejection.h"

static bool is_wanted(const struct nf_vip_backend_spec *spec)
{
	return spec->state == NF_VIP_STATE_UP && spec->weight;
}

bool nf_vip_usable(const struct nf_vip_backend_spec *spec, bool up,
		   const struct nf_vip_condition *condition, bool ejected)
{
	return is_wanted(spec) && up && !ejected && !nf_vip_condition_is_dead(condition);
}

bool nf_vip_is_fit(const struct nf_vip_backend *backend)
{
	return nf_vip_usable(&backend->spec, backend->up, backend->condition, false);
}

bool nf_vip_is_open(const struct nf_vip_backend *backend)
{
	const struct nf_vip_panic *panic = &backend->service->panic;

	return is_wanted(&backend->spec) && (backend->spec.tier == panic->open_tier ||
					     (panic->unknown && backend->unknown));
}

bool nf_vip_backend_usable(const struct nf_vip_backend *backend)
{
	bool ejected = backend->service->spec.eject.fails && nf_vip_is_ejected(backend);

	return nf_vip_usable(&backend->spec, backend->up, backend->condition, ejected) ||
	       nf_vip_is_open(backend);
}

u8 nf_vip_warmth(const struct nf_vip_backend_spec *spec, const struct nf_vip_backend *backend)
{
	unsigned long span = spec->warmup * HZ, passed = 0;

	if (backend->usable)
		passed = jiffies - backend->since;
	if (passed >= span)
		return NF_VIP_WARM_FULL;
	return max_t(u32, passed * NF_VIP_WARM_FULL / span, 1);
}

u8 nf_vip_warmth_in(const struct nf_vip_service_spec *svc, const struct nf_vip_backend_spec *spec,
		    const struct nf_vip_backend *backend)
{
	return svc->eject.fails && nf_vip_is_on_trial(backend) ? 1 : nf_vip_warmth(spec, backend);
}

void nf_vip_target_set(struct nf_vip_target *target, const struct nf_vip_service_spec *svc,
		       const struct nf_vip_backend_spec *be,
		       const struct nf_vip_backend *backend,
		       const struct nf_vip_condition *condition)
{
	target->addr = be->addr;
	target->port = be->port ?: nf_vip_port(svc);
	target->mark = be->mark;
	target->weight = be->weight;
	target->tier = be->tier;
	target->max_conns = be->max_conns;
	target->wanted = is_wanted(be);
	target->unknown = backend->unknown;
	target->usable = nf_vip_usable(be, backend->up, condition,
				       svc->eject.fails && nf_vip_is_ejected(backend));
	target->warm = nf_vip_warmth_in(svc, be, backend);
	target->load = backend->load;
	target->stats = backend->stats;
}
