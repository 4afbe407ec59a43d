/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What lies below an interface: the ports of a bridge, the interface that has a
 * VLAN, and whatever is below these.
 *
 * Older kernels put a flow into a flowtable that has the bridge or the VLAN
 * itself. Newer ones follow its way down to the interface that the packets
 * really come in by, and take the flow only if the flowtable has that
 * interface.
 */
#ifndef BELOW_H
#define BELOW_H

#include <stdbool.h>
#include "nf_vip_grammar.h"

/* The kernel takes a flowtable of no more interfaces than this. */
#define FLOWTABLE_MAX	256

/**
 * struct below - interfaces below others
 * @nr: how many interfaces
 * @ifindex: their indexes
 * @name: their names
 */
struct below {
	unsigned int nr;
	unsigned int ifindex[FLOWTABLE_MAX];
	char name[FLOWTABLE_MAX][NF_VIP_DEV_MAX + 1];
};

/**
 * below_find() - find the wanted interfaces below some interfaces
 * @devs: interfaces; one that does not exist has nothing below it
 * @below: filled in on success, without @devs themselves; empty if this kernel
 *	does not want such interfaces, or has not loaded the code that tells
 *
 * Return: 0, -E2BIG for more interfaces than a flowtable takes, or another
 * negative errno.
 */
int below_find(const struct nf_vip_fastpath_spec *devs, struct below *below);

#endif /* BELOW_H */
