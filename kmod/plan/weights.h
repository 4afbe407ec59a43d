/* SPDX-License-Identifier: GPL-2.0 */
/* How many slots the weights of backends need: their sum over their divisor. */
#ifndef NF_VIP_WEIGHTS_H
#define NF_VIP_WEIGHTS_H

#include "nf_vip_pure.h"

/**
 * struct nf_vip_weights - weights of some backends, to begin with of none: zero
 * @sum: of all; 4096 backends of weight 1000, times 16 steps, fit in 32 bits
 * @divisor: of all, the largest; 0 without any weight
 */
struct nf_vip_weights {
	__u32 sum;
	__u32 divisor;
};

/* One backend more. */
static inline void nf_vip_weights_add(struct nf_vip_weights *weights, __u32 weight)
{
	weights->sum += weight;
	weights->divisor = gcd(weights->divisor, weight);
}

static inline __u32 nf_vip_weights_slots(const struct nf_vip_weights *weights)
{
	return weights->divisor ? weights->sum / weights->divisor : 0;
}

#endif /* NF_VIP_WEIGHTS_H */
