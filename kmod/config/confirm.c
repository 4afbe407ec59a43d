// SPDX-License-Identifier: GPL-2.0
/*
 * What there was is kept as text, made before the change is published: going
 * back is a transaction like any other, and what is the same before and after
 * keeps its counters and its connections.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/printk.h>
#include "config/confirm.h"
#include "config/draft.h"
#include "config/transaction.h"
#include "files/config.h"
#include "net.h"
#include "objects/quota.h"
#include "select/alarm.h"

/* When there was no memory to go back, it is tried again after so long. */
#define AGAIN	(HZ / 2)

static enum nf_vip_verdict verdict_of(const struct nf_vip_statement *st)
{
	if (st->verb == NF_VIP_REVERT)
		return NF_VIP_VERDICT_REVERT;
	return st->seconds ? NF_VIP_VERDICT_WAIT : NF_VIP_VERDICT_ACCEPT;
}

static const char *word_of(const struct nf_vip_draft *draft)
{
	return draft->verdict == NF_VIP_VERDICT_REVERT ? "revert" : "confirm";
}

int nf_vip_confirm_read(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	if (draft->verdict)
		return nf_vip_draft_refuse(draft, st->line, -EEXIST,
					   "%s: stated on line %u already", word_of(draft),
					   draft->verdict_line);
	draft->verdict = verdict_of(st);
	draft->verdict_line = st->line;
	draft->seconds = st->seconds;
	return 0;
}

static int check_alone(struct nf_vip_draft *draft)
{
	bool alone = draft->nr_statements == 1;

	if (draft->verdict == NF_VIP_VERDICT_WAIT && alone)
		return nf_vip_draft_refuse(draft, draft->verdict_line, -EINVAL,
					   "confirm: expected a change beside it");
	if (draft->verdict > NF_VIP_VERDICT_WAIT && !alone)
		return nf_vip_draft_refuse(draft, draft->verdict_line, -EINVAL,
					   "%s: expected no other statement beside it",
					   word_of(draft));
	return 0;
}

int nf_vip_confirm_check(struct nf_vip_draft *draft)
{
	unsigned int left = nf_vip_confirm_left(draft->vn);
	int err = check_alone(draft);

	if (err)
		return err;
	if (draft->verdict > NF_VIP_VERDICT_WAIT && !left)
		return nf_vip_draft_refuse(draft, draft->verdict_line, -ENOENT,
					   "%s: no change waits to be confirmed", word_of(draft));
	if (draft->verdict <= NF_VIP_VERDICT_WAIT && left)
		return nf_vip_draft_refuse(draft, 0, -EBUSY,
					   "a change waits for %u seconds more: say confirm or revert first",
					   left);
	return 0;
}

static void wait(struct nf_vip_net *vn)
{
	mod_delayed_work(vn->queue, &vn->confirm.work,
			 nf_vip_alarm_step(vn->confirm.end));
}

void nf_vip_confirm_begin(struct nf_vip_net *vn, struct nf_vip_config *old, u32 seconds)
{
	lockdep_assert_held(&vn->lock);
	vn->confirm.old = old;
	vn->confirm.end = jiffies + seconds * HZ;
	wait(vn);
}

void nf_vip_confirm_end(struct nf_vip_net *vn)
{
	lockdep_assert_held(&vn->lock);
	cancel_delayed_work(&vn->confirm.work);
	nf_vip_config_put(vn->confirm.old);
	vn->confirm.old = NULL;
}

bool nf_vip_confirm_is_due(const struct nf_vip_net *vn)
{
	lockdep_assert_held(&vn->lock);
	return vn->confirm.old && time_after_eq(jiffies, vn->confirm.end);
}

unsigned int nf_vip_confirm_left(const struct nf_vip_net *vn)
{
	lockdep_assert_held(&vn->lock);
	return vn->confirm.old ? nf_vip_alarm_left(vn->confirm.end) : 0;
}

/* Who confirmed in time and came here first has left nothing to do. */
static void expire(struct work_struct *work)
{
	struct nf_vip_net *vn = container_of(to_delayed_work(work), struct nf_vip_net,
					     confirm.work);
	int err = nf_vip_transaction_revert(vn);

	if (err && err != -EAGAIN) {
		if (!nf_vip_is_closing(vn) && nf_vip_may_log(vn))
			pr_warn("cannot go back to the old configuration yet: error %d\n", err);
		queue_delayed_work(vn->queue, &vn->confirm.work, AGAIN);
		return;
	}
	mutex_lock(&vn->lock);
	if (vn->confirm.old)
		wait(vn);
	mutex_unlock(&vn->lock);
}

void nf_vip_confirm_init(struct nf_vip_net *vn)
{
	INIT_DELAYED_WORK(&vn->confirm.work, expire);
}

void nf_vip_confirm_stop(struct nf_vip_net *vn)
{
	cancel_delayed_work_sync(&vn->confirm.work);
	nf_vip_config_put(vn->confirm.old);
	vn->confirm.old = NULL;
}
