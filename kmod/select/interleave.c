// SPDX-License-Identifier: GPL-2.0
/*
 * The k-th of a backend's w connections in a round of n belongs at
 * (k + 1/2) * n / w, the middle of its k-th share, as in stride scheduling
 * (Waldspurger and Weihl, MIT/LCS/TM-528, 1995). Sorting those places gives
 * each backend exactly w slots. A counting sort does it in O(n).
 */
#include <linux/gcd.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include "select/interleave.h"
#include "select/select.h"

/* Place of the k-th connection of a backend with this weight in a round. */
static u32 place_of(u32 k, u32 weight, u32 round)
{
	return div_u64((2 * (u64)k + 1) * round, 2 * weight);
}

/* first[p] becomes the number of connections whose place is before p. */
static void count_places(u32 *first, const struct nf_vip_selection *sel, u32 divisor)
{
	u32 i, k, sum = 0;

	for (i = 0; i < sel->nr_best; i++) {
		u32 weight = sel->targets[i].weight / divisor;

		for (k = 0; k < weight; k++)
			first[place_of(k, weight, sel->nr_slots)]++;
	}

	for (i = 0; i < sel->nr_slots; i++) {
		u32 here = first[i];

		first[i] = sum;
		sum += here;
	}
}

static u32 divisor_of(const struct nf_vip_selection *sel)
{
	unsigned long divisor = 0;
	u32 i;

	for (i = 0; i < sel->nr_best; i++)
		divisor = gcd(divisor, sel->targets[i].weight);
	return divisor;
}

int nf_vip_interleave_fill(struct nf_vip_selection *sel)
{
	u32 *first, i, k, divisor = divisor_of(sel);

	first = kvcalloc(sel->nr_slots, sizeof(*first), GFP_KERNEL_ACCOUNT);
	if (!first)
		return -ENOMEM;

	count_places(first, sel, divisor);
	for (i = 0; i < sel->nr_best; i++) {
		u32 weight = sel->targets[i].weight / divisor;

		for (k = 0; k < weight; k++)
			sel->slots[first[place_of(k, weight, sel->nr_slots)]++] = i;
	}
	kvfree(first);
	return 0;
}
