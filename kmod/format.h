/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How addresses are printed, in every file alike: 10.0.0.1:25, and IPv6 in
 * brackets, [2001:db8::1]:25.
 */
#ifndef NF_VIP_FORMAT_H
#define NF_VIP_FORMAT_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>

/* Room for the longest one: brackets, 45 characters, colon, port, NUL. */
struct nf_vip_endpoint_text {
	char text[56];
};

/**
 * nf_vip_endpoint_print() - address and port as text
 * @out: room for the text; NF_VIP_ENDPOINT() gives a temporary one
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: network byte order
 * @port: network byte order
 *
 * Return: the text, in @out.
 */
static inline const char *nf_vip_endpoint_print(struct nf_vip_endpoint_text *out, u8 family,
						const union nf_inet_addr *addr, __be16 port)
{
	const struct sockaddr_in sin = {
		.sin_family	 = AF_INET,
		.sin_port	 = port,
		.sin_addr.s_addr = addr->ip,
	};
	const struct sockaddr_in6 sin6 = {
		.sin6_family	= AF_INET6,
		.sin6_port	= port,
		.sin6_addr	= addr->in6,
	};

	if (family == NFPROTO_IPV6)
		snprintf(out->text, sizeof(out->text), "%pISpc", &sin6);
	else
		snprintf(out->text, sizeof(out->text), "%pISpc", &sin);
	return out->text;
}

/* The same in room that lives as long as the block that it stands in. */
#define NF_VIP_ENDPOINT(family, addr, port)					\
	nf_vip_endpoint_print(&(struct nf_vip_endpoint_text){}, family, addr, port)

#endif /* NF_VIP_FORMAT_H */
