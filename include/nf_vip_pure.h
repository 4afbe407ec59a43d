/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parser needs around it. The same parser files are compiled into the
 * module and, with plain gcc, into vipctl; the two worlds differ only here.
 */
#ifndef NF_VIP_PURE_H
#define NF_VIP_PURE_H

#ifdef __KERNEL__

#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/netfilter.h>

#else /* !__KERNEL__ */

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <linux/types.h>
#include <linux/netfilter.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

#endif /* __KERNEL__ */

#endif /* NF_VIP_PURE_H */
