/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place where kernel versions differ: 6.1 and everything later. Code
 * elsewhere is written to the newest interface; this file makes it fit.
 */
#ifndef NF_VIP_COMPAT_H
#define NF_VIP_COMPAT_H

#include <linux/ip.h>
#include <linux/kobject.h>
#include <linux/local_lock.h>
#include <linux/lockdep.h>
#include <linux/netfilter_bridge.h>
#include <linux/version.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/xfrm.h>

/* kobj_type callbacks take a const kobject since 6.2. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define NF_VIP_KOBJ_CONST const
#else
#define NF_VIP_KOBJ_CONST
#endif

/*
 * What kobj_type.namespace returns is `const void *` in 6.1 and 6.12; a change
 * of 2026 makes it the namespace's `const struct ns_common *`. Ask the header,
 * because stable kernels may take that change too.
 */
typedef typeof(((struct kobj_type *)NULL)->namespace(NULL)) nf_vip_kobj_tag;

static inline nf_vip_kobj_tag nf_vip_net_tag(const struct net *net)
{
	return __builtin_choose_expr(__builtin_types_compatible_p(nf_vip_kobj_tag,
								  const void *),
				     net, &net->ns);
}

/*
 * local_lock_nested_bh() is there since 6.11. Before that, sections with bottom
 * halves disabled exclude each other on a CPU with PREEMPT_RT, too, and need no
 * lock.
 */
#ifndef local_lock_nested_bh
#define local_lock_nested_bh(lock)	do { (void)(lock); lockdep_assert_in_softirq(); } while (0)
#define local_unlock_nested_bh(lock)	((void)(lock))
#endif

/* Since 6.13 the type of service is a dscp_t, and an error is a drop reason instead of an errno. */
static inline bool nf_vip_route_input4(struct sk_buff *skb)
{
	const struct iphdr *ip = ip_hdr(skb);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	dscp_t tos = ip4h_dscp(ip);
#else
	u8 tos = ip->tos;
#endif

	return !ip_route_input_noref(skb, ip->daddr, ip->saddr, tos, skb->dev);
}

/* Does the packet cross a bridge that hands it to netfilter? Not every kernel has that option. */
static inline bool nf_vip_is_bridged(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_info_exists(skb);
#else
	return false;
#endif
}

#ifdef CONFIG_XFRM
/* The namespace is an argument since 6.7; for stable kernels only their headers tell. */
typedef int nf_vip_decode_without_net(struct sk_buff *skb, struct flowi *fl, unsigned int family,
				      int reverse);
typedef int nf_vip_decode_with_net(struct net *net, struct sk_buff *skb, struct flowi *fl,
				   unsigned int family, int reverse);

static inline int nf_vip_xfrm_decode(struct net *net, struct sk_buff *skb, struct flowi *fl,
				     unsigned int family)
{
	void *decode = __xfrm_decode_session;

	if (__builtin_types_compatible_p(typeof(__xfrm_decode_session), nf_vip_decode_without_net))
		return ((nf_vip_decode_without_net *)decode)(skb, fl, family, 0);
	return ((nf_vip_decode_with_net *)decode)(net, skb, fl, family, 0);
}
#endif

#endif /* NF_VIP_COMPAT_H */
