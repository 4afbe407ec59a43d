/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every suite includes. The suites are linked into nf_vip.ko when it is
 * built with NF_VIP_KUNIT=y, and run when it is loaded.
 */
#ifndef NF_VIP_SUITE_H
#define NF_VIP_SUITE_H

#include <linux/kconfig.h>

#if !IS_ENABLED(CONFIG_KUNIT)
#error "NF_VIP_KUNIT=y wants a kernel with CONFIG_KUNIT: build the module without it"
#endif

#include <kunit/test.h>
#include <linux/cpumask.h>

/**
 * suite_rounds() - how often two threads meet that are to come at the same time
 * @rounds: as often as is worth it where they can
 *
 * On one processor a thread that waits for the other one does so for a whole
 * slice of time, 10 ms, and they meet at the end of one alone.
 *
 * Return: @rounds, or a few of them on one processor.
 */
static inline u32 suite_rounds(u32 rounds)
{
	return num_online_cpus() > 1 ? rounds : rounds / 50;
}

#endif /* NF_VIP_SUITE_H */
