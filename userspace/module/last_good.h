/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last good configuration: what the kernel took last. A machine that boots
 * with a file that is refused has it to go on with.
 */
#ifndef LAST_GOOD_H
#define LAST_GOOD_H

#include <stdbool.h>

/* Where it is. */
#define LAST_GOOD_FILE	"/var/lib/nf_vip/good.conf"

/**
 * last_good_keep() - keep what the kernel has now
 *
 * Does nothing in a network namespace other than the machine's first one:
 * those of containers come and go, and there is one file. If it cannot be
 * written, says so on standard error; the old one stays.
 */
void last_good_keep(void);

/**
 * last_good_is_kept() - is there one for this network namespace?
 */
bool last_good_is_kept(void);

#endif /* LAST_GOOD_H */
