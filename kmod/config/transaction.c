// SPDX-License-Identifier: GPL-2.0
/*
 * A transaction has three parts: prepare.c makes everything that can fail;
 * commit.c moves the objects and publishes the map with one pointer; and
 * nf_vip_finish() destroys, without the lock that writers of files want, what
 * was deleted or, if the transaction failed, what prepare.c had made.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include "config/confirm.h"
#include "config/draft.h"
#include "config/transaction.h"
#include "config/tx.h"
#include "health/drain.h"
#include "health/event.h"
#include "health/sweep.h"
#include "objects/quota.h"
#include "objects/state.h"

/* If going back failed, as for lack of memory, it is tried again after so long. */
#define AGAIN	(HZ / 2)

static void begin(struct nf_vip_tx *tx, struct nf_vip_net *vn)
{
	nf_vip_draft_init(&tx->draft, vn);
	tx->map = NULL;
	tx->marks = NULL;
	tx->old = NULL;
	tx->sweep = false;
	INIT_LIST_HEAD(&tx->services);
	INIT_LIST_HEAD(&tx->backends);
	INIT_LIST_HEAD(&tx->conditions);
}

/* A uevent needs a service: if there will be none, the event comes before the commit. */
static void commit_revert(struct nf_vip_tx *tx, enum nf_vip_event_by by)
{
	bool early = list_empty(&tx->draft.plan.services);

	nf_vip_drain_take_back(tx->draft.vn);
	if (early)
		nf_vip_event_config(tx->draft.vn, NF_VIP_CONFIRM_REVERT, by);
	nf_vip_commit(tx);
	if (!early)
		nf_vip_event_config(tx->draft.vn, NF_VIP_CONFIRM_REVERT, by);
	nf_vip_confirm_end(tx->draft.vn);
}

static void conclude(struct nf_vip_tx *tx, enum nf_vip_event_by by)
{
	struct nf_vip_net *vn = tx->draft.vn;

	switch (tx->draft.plan.action) {
	case NF_VIP_CONFIRM_NONE:
		nf_vip_commit(tx);
		break;
	case NF_VIP_CONFIRM_WAIT:
		nf_vip_drain_keep(vn);
		nf_vip_commit(tx);
		nf_vip_confirm_begin(vn, tx->old, tx->draft.plan.seconds);
		nf_vip_event_config(vn, NF_VIP_CONFIRM_WAIT, by);
		break;
	case NF_VIP_CONFIRM_ACCEPT:
		nf_vip_confirm_end(vn);
		nf_vip_event_config(vn, NF_VIP_CONFIRM_ACCEPT, by);
		break;
	case NF_VIP_CONFIRM_REVERT:
		commit_revert(tx, by);
		break;
	}
}

/*
 * A change that is confirmed is in effect already, so confirming it prepares
 * nothing that could fail.
 */
static int carry_out(struct nf_vip_tx *tx, const char *text, size_t len,
		     enum nf_vip_event_by by)
{
	int err;

	lockdep_assert_held(&tx->draft.vn->lock);
	err = nf_vip_draft_read(&tx->draft, text, len);
	if (!err && tx->draft.plan.action != NF_VIP_CONFIRM_ACCEPT)
		err = nf_vip_prepare(tx);
	if (!err)
		conclude(tx, by);
	else
		nf_vip_abandon(tx);
	return err;
}

int nf_vip_transaction(struct nf_vip_net *vn, const char *text, size_t len,
		       char error[NF_VIP_ERROR_MAX])
{
	struct nf_vip_tx tx;
	int err;

	error[0] = '\0';
	if (mutex_lock_interruptible(&vn->writer))
		return -EINTR;
	if (nf_vip_is_closing(vn)) {
		mutex_unlock(&vn->writer);
		return -EIO;
	}

	nf_vip_wait_for_frees(vn);
	begin(&tx, vn);
	mutex_lock(&vn->lock);
	err = carry_out(&tx, text, len, NF_VIP_BY_ADMIN);
	vn->steps = tx.draft.plan.nr_steps;
	strscpy(vn->error, tx.draft.plan.error, sizeof(vn->error));
	strscpy(error, tx.draft.plan.error, NF_VIP_ERROR_MAX);
	nf_vip_draft_free(&tx.draft);
	mutex_unlock(&vn->lock);

	nf_vip_finish(&tx);
	mutex_unlock(&vn->writer);
	if (!err && tx.sweep)
		nf_vip_sweep_wait(vn);
	return err;
}

/* Undoes the change that nobody confirmed in time; -EAGAIN if no change is due. */
static int revert(struct nf_vip_net *vn)
{
	static const char text[] = "revert";
	struct nf_vip_tx tx;
	int err = -EAGAIN;

	mutex_lock(&vn->writer);
	begin(&tx, vn);
	mutex_lock(&vn->lock);
	if (nf_vip_confirm_is_due(vn))
		err = carry_out(&tx, text, strlen(text), NF_VIP_BY_DEADLINE);
	nf_vip_draft_free(&tx.draft);
	mutex_unlock(&vn->lock);

	nf_vip_finish(&tx);
	mutex_unlock(&vn->writer);
	return err;
}

/* If a confirmation got the lock first, nothing is left to do. */
static void expire(struct work_struct *work)
{
	struct nf_vip_net *vn = container_of(to_delayed_work(work), struct nf_vip_net,
					     confirm.work);
	int err = revert(vn);

	if (err && err != -EAGAIN) {
		if (!nf_vip_is_closing(vn) && nf_vip_may_log(vn))
			pr_warn("cannot go back to the old configuration yet: error %d\n", err);
		queue_delayed_work(vn->queue, &vn->confirm.work, AGAIN);
		return;
	}
	mutex_lock(&vn->lock);
	if (vn->confirm.old)
		nf_vip_confirm_arm(vn);
	mutex_unlock(&vn->lock);
}

void nf_vip_transaction_init(struct nf_vip_net *vn)
{
	INIT_DELAYED_WORK(&vn->confirm.work, expire);
}

void nf_vip_transaction_clear(struct nf_vip_net *vn)
{
	struct nf_vip_tx tx;

	mutex_lock(&vn->writer);
	begin(&tx, vn);
	tx.draft.plan.fresh = true;

	mutex_lock(&vn->lock);
	nf_vip_commit(&tx);
	mutex_unlock(&vn->lock);

	nf_vip_finish(&tx);
	mutex_unlock(&vn->writer);
}
