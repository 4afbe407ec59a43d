// SPDX-License-Identifier: GPL-2.0
/*
 * The old configuration is kept as text, made before the change is published:
 * going back is a transaction like any other, and what is the same before and
 * after keeps its counters and its connections.
 */
#include "config/confirm.h"
#include "config/text.h"
#include "objects/state.h"
#include "select/alarm.h"

void nf_vip_confirm_arm(struct nf_vip_net *vn)
{
	lockdep_assert_held(&vn->lock);
	mod_delayed_work(vn->queue, &vn->confirm.work,
			 nf_vip_alarm_step(vn->confirm.end));
}

void nf_vip_confirm_begin(struct nf_vip_net *vn, struct nf_vip_config *old, u32 seconds)
{
	lockdep_assert_held(&vn->lock);
	vn->confirm.old = old;
	vn->confirm.end = jiffies + seconds * HZ;
	nf_vip_confirm_arm(vn);
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

void nf_vip_confirm_stop(struct nf_vip_net *vn)
{
	cancel_delayed_work_sync(&vn->confirm.work);
	nf_vip_config_put(vn->confirm.old);
	vn->confirm.old = NULL;
}
