/* SPDX-License-Identifier: GPL-2.0 */
/* How many slots the weights of backends need: their sum over their divisor. */
#ifndef NF_VIP_WEIGHTS_H
#define NF_VIP_WEIGHTS_H

#include "nf_vip_grammar.h"

/**
 * struct nf_vip_weights - weights of some backends; all zero while there is none
 * @sum: sum of all; 4096 backends of weight 1000, times 16 steps, fit in 32
 *	bits
 * @divisor: greatest common divisor of all; 0 without any weight
 */
struct nf_vip_weights {
	__u32 sum;
	__u32 divisor;
};

/**
 * nf_vip_weights_add() - add the weight of a backend
 * @weights: weights
 * @weight: weight of the backend, 0 to NF_VIP_WEIGHT_MAX
 */
static inline void nf_vip_weights_add(struct nf_vip_weights *weights, __u32 weight)
{
	weights->sum += weight;
	weights->divisor = gcd(weights->divisor, weight);
}

/**
 * nf_vip_weights_slots() - slots of a table in which each backend has its weight's share
 * @weights: weights of its backends
 *
 * Return: the number of slots, which may be above NF_VIP_SLOTS_MAX; 0 without any
 * weight.
 */
static inline __u32 nf_vip_weights_slots(const struct nf_vip_weights *weights)
{
	return weights->divisor ? weights->sum / weights->divisor : 0;
}

/**
 * nf_vip_weights_fit() - has a table room for these weights?
 * @weights: weights of all backends of a service
 * @scheduler: scheduler of the service; tables of hash are as large as the number
 *	of backends wants them, whatever the backends weigh
 */
static inline bool nf_vip_weights_fit(const struct nf_vip_weights *weights,
				      enum nf_vip_scheduler scheduler)
{
	return scheduler == NF_VIP_SCHED_HASH || nf_vip_weights_slots(weights) <= NF_VIP_SLOTS_MAX;
}

#endif /* NF_VIP_WEIGHTS_H */
