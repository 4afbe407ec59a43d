/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of a transaction, which transaction.c puts together. */
#ifndef NF_VIP_TX_H
#define NF_VIP_TX_H

#include <linux/list.h>
#include "config/draft.h"

struct nf_vip_map;
struct nf_vip_marks;

/**
 * struct nf_vip_tx - one change of a namespace on its way
 * @draft: what shall be
 * @map: the next map, until it is published
 * @marks: the next set of marks, until it is published
 * @old: the configuration before the change, if the change is to be confirmed
 * @sweep: connections may have gone past a VIP that need not any more; see
 *	sweep.h
 * @services: services to destroy
 * @backends: backends to destroy, before their services
 * @conditions: flags that no backend names any more
 */
struct nf_vip_tx {
	struct nf_vip_draft draft;
	struct nf_vip_map *map;
	struct nf_vip_marks *marks;
	struct nf_vip_config *old;
	bool sweep;
	struct list_head services;
	struct list_head backends;
	struct list_head conditions;
};

/**
 * nf_vip_prepare() - make all that a change needs and that can fail
 * @tx: transaction whose draft was read
 *
 * Objects, with their folders, flags, marks, selections, the map, hooks. No
 * packet sees any of it.
 *
 * Context: process, may sleep, with the namespace's lock.
 * Return: 0, or a negative errno with a sentence in the draft; then
 * nf_vip_abandon() is due.
 */
int nf_vip_prepare(struct nf_vip_tx *tx);

/**
 * nf_vip_abandon() - undo, in reverse, what nf_vip_prepare() made
 * @tx: transaction
 *
 * Objects are left to nf_vip_finish().
 *
 * Context: as nf_vip_prepare().
 */
void nf_vip_abandon(struct nf_vip_tx *tx);

/**
 * nf_vip_commit() - let the change take effect; cannot fail
 * @tx: transaction that is prepared, or whose draft deletes everything
 *
 * Context: as nf_vip_prepare().
 */
void nf_vip_commit(struct nf_vip_tx *tx);

/**
 * nf_vip_finish() - destroy what is not needed any more
 * @tx: transaction that was committed or abandoned
 *
 * Context: process, may sleep, with the namespace's writer lock only: removing a
 * folder waits for writers of its files, and these may wait for the namespace's
 * lock.
 */
void nf_vip_finish(struct nf_vip_tx *tx);

#endif /* NF_VIP_TX_H */
