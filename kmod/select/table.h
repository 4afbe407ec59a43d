/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NF_VIP_TABLE_H
#define NF_VIP_TABLE_H

#include <linux/gfp.h>

/*
 * For tables whose size a configuration says: a table that does not fit is
 * refused, instead of having the kernel look for a process to kill.
 */
#define NF_VIP_GFP_TABLE	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

#endif /* NF_VIP_TABLE_H */
