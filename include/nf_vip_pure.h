/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What grammar and plan need from outside. The same files are compiled into the
 * module and, with plain gcc, into vipctl; the two worlds differ only here.
 */
#ifndef NF_VIP_PURE_H
#define NF_VIP_PURE_H

#ifdef __KERNEL__

#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/gcd.h>
#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/netfilter.h>

#define NF_VIP_PURE_RANDOM()	get_random_u32()
#define NF_VIP_PURE_RESCHED()	cond_resched()

/* Zeroed, and charged to whoever writes the text. */
static inline void *nf_vip_pure_zalloc(size_t size)
{
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

static inline void nf_vip_pure_free(void *object)
{
	kfree(object);
}

/* Without brackets; returns how many characters. */
static inline int nf_vip_pure_print_addr(char *at, size_t size, bool ipv6,
					 const union nf_inet_addr *addr)
{
	return ipv6 ? scnprintf(at, size, "%pI6c", &addr->in6) :
		      scnprintf(at, size, "%pI4", &addr->ip);
}

#else /* !__KERNEL__ */

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>
#include <linux/netfilter.h>

#include "nf_vip_list.h"

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
/* Format strings are checked when the module is compiled. */
#define __printf(...)

/* Whoever writes a file for vipctl does not attack it: any spread will do. */
#define NF_VIP_PURE_RANDOM()	((__u32)random())
#define NF_VIP_PURE_RESCHED()	do { } while (0)

static inline void *nf_vip_pure_zalloc(size_t size)
{
	return calloc(1, size);
}

static inline void nf_vip_pure_free(void *object)
{
	free(object);
}

/* Prints what %pI6c prints, which takes no address but ::ffff:0:0/96 for an IPv4 one. */
static inline int nf_vip_pure_print_addr(char *at, size_t size, bool ipv6,
					 const union nf_inet_addr *addr)
{
	const __u16 *word = (const __u16 *)addr;

	if (ipv6 && !(addr->all[0] | addr->all[1] | addr->all[2]) && word[6])
		return snprintf(at, size, "::%x:%x", ntohs(word[6]), ntohs(word[7]));
	inet_ntop(ipv6 ? AF_INET6 : AF_INET, addr, at, (socklen_t)size);
	return (int)strlen(at);
}

static inline unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

#endif /* __KERNEL__ */

#endif /* NF_VIP_PURE_H */
