/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Too few backends are alive: either most are dead, and the rest cannot bear
 * the load, or who says so is broken. A service says what it wants then.
 * Envoy calls it the panic threshold.
 */
#ifndef NF_VIP_PANIC_H
#define NF_VIP_PANIC_H

#include <linux/types.h>

struct nf_vip_service_spec;
struct nf_vip_target;

/**
 * struct nf_vip_panic - what is done about it
 * @unknown: none is known to be alive: those that nobody knows may be chosen
 * @too_few: fewer than wanted are alive in the first tier
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
 * @targets: every backend of a service; @usable of each becomes what it is with that
 * @nr: 0 to NF_VIP_BACKENDS_MAX
 * @svc: what the service says about it
 *
 * A tier's share is that of its backends that may be chosen among those that
 * the administrator wants: state up, and a weight. The first tier that has any
 * of these counts; those behind it do with on_few tier.
 *
 * Context: any.
 */
struct nf_vip_panic nf_vip_panic_apply(struct nf_vip_target *targets, unsigned int nr,
				       const struct nf_vip_service_spec *svc);

#endif /* NF_VIP_PANIC_H */
