/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Too few backends are alive: either most are dead, and the rest cannot bear
 * the load, or the checker is broken. A service says what is to be done then.
 * Envoy calls the limit the panic threshold.
 */
#ifndef NF_VIP_PANIC_H
#define NF_VIP_PANIC_H

#include <linux/types.h>

struct nf_vip_service_spec;
struct nf_vip_target;

/**
 * struct nf_vip_panic - what is done if too few backends are alive
 * @unknown: no backend is known to be alive: those of unknown health may be
 *	chosen
 * @too_few: fewer backends than wanted are alive in the first tier
 * @open_tier: every backend of this tier may be chosen, whatever its health;
 *	0 is none
 */
struct nf_vip_panic {
	bool unknown;
	bool too_few;
	u8 open_tier;
};

/**
 * nf_vip_panic_apply() - if too few backends are alive, do what the service says
 * @targets: every backend of a service; @usable of each is changed accordingly
 * @nr: 0 to NF_VIP_BACKENDS_MAX
 * @svc: what the service shall be
 *
 * A tier's share is that of the backends that may be chosen among the backends
 * that the administrator wants: state up, and a weight. The first tier with a
 * wanted backend counts; the tiers behind count with on_few tier only.
 *
 * Context: any.
 */
struct nf_vip_panic nf_vip_panic_apply(struct nf_vip_target *targets, unsigned int nr,
				       const struct nf_vip_service_spec *svc);

#endif /* NF_VIP_PANIC_H */
