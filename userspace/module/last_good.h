/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last good configuration: what the kernel took last. A machine that boots
 * with a configuration file that is refused goes on with the last good one.
 */
#ifndef LAST_GOOD_H
#define LAST_GOOD_H

#include <stdbool.h>

/* Where it is. */
#define LAST_GOOD_FILE	"/var/lib/nf_vip/good.conf"

/**
 * last_good_keep() - keep the configuration that the kernel has now
 *
 * Does nothing in a network namespace other than the machine's first one:
 * namespaces of containers come and go, and there is one file. If the file
 * cannot be written, says so on standard error; the old file stays.
 */
void last_good_keep(void);

/**
 * last_good_is_kept() - is there a last good configuration for this namespace?
 */
bool last_good_is_kept(void);

#endif /* LAST_GOOD_H */
