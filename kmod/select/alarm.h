/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Work that is due at a time. The kernel's timers are late by up to an eighth of
 * what they wait for (kernel/time/timer.c), so a long wait goes in steps: the
 * work looks whether its time has come, and if not is queued for the next step.
 */
#ifndef NF_VIP_ALARM_H
#define NF_VIP_ALARM_H

#include <linux/jiffies.h>
#include <linux/math.h>
#include <linux/workqueue.h>

/* With so little left to wait for, a delay of an eighth does not matter. */
#define NF_VIP_ALARM_NEAR	(8 * HZ)

/**
 * nf_vip_alarm_step() - how long to wait for a time
 * @end: time in jiffies; may have passed
 *
 * Return: jiffies from now on, after which @end has come or the next step
 * begins.
 */
static inline unsigned long nf_vip_alarm_step(unsigned long end)
{
	unsigned long now = jiffies;
	unsigned long left = time_after(end, now) ? end - now : 0;

	return left > NF_VIP_ALARM_NEAR ? left - left / 8 : left;
}

/**
 * nf_vip_alarm_set() - have work run at a time or before
 * @queue: queue of the namespace
 * @work: work
 * @at: when @work is to run, in jiffies, while @work is pending
 * @end: time in jiffies
 *
 * Context: any; the lock that protects @at held.
 */
static inline void nf_vip_alarm_set(struct workqueue_struct *queue, struct delayed_work *work,
				    unsigned long *at, unsigned long end)
{
	unsigned long step = nf_vip_alarm_step(end), when = jiffies + step;

	if (delayed_work_pending(work) && time_before_eq(*at, when))
		return;
	*at = when;
	mod_delayed_work(queue, work, step);
}

/**
 * nf_vip_alarm_left() - seconds until a time, for people to read
 * @end: time in jiffies; may have passed without anybody having acted on that
 *
 * Return: seconds, rounded up, at least 1.
 */
static inline unsigned int nf_vip_alarm_left(unsigned long end)
{
	unsigned long now = jiffies;

	return time_after_eq(now, end) ? 1 : DIV_ROUND_UP(end - now, HZ);
}

#endif /* NF_VIP_ALARM_H */
