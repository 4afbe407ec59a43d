/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How addresses are printed, in every file alike: 10.0.0.1:25, and IPv6 in
 * brackets, [2001:db8::1]:25.
 */
#ifndef NF_VIP_FORMAT_H
#define NF_VIP_FORMAT_H

#include "nf_vip_grammar.h"

/* Room for the longest text: separator, brackets, 45 characters, colon, two ports, dash, NUL. */
struct nf_vip_endpoint_text {
	char text[64];
};

/**
 * nf_vip_endpoint_print() - address and port as text
 * @out: room for the text; NF_VIP_ENDPOINT() gives a temporary one
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: network byte order
 * @port: network byte order; 0 is printed as `*`
 *
 * Return: the text, in @out.
 */
const char *nf_vip_endpoint_print(struct nf_vip_endpoint_text *out, __u8 family,
				  const union nf_inet_addr *addr, __be16 port);

/**
 * nf_vip_match_print() - one VIP of a service as text: 10.0.0.1:8000-8100
 * @out: room for the text; NF_VIP_MATCH() gives a temporary one
 * @spec: service
 * @i: index in @spec->matches; 0 for a service of a mark: fwmark 0x7
 *
 * Return: the text, in @out.
 */
const char *nf_vip_match_print(struct nf_vip_endpoint_text *out,
			       const struct nf_vip_service_spec *spec, unsigned int i);

/**
 * nf_vip_vips_piece() - all VIPs of a service, in pieces that need little room
 * @out: room for a piece
 * @spec: service
 * @i: from 0 on, while the result is not NULL
 * @between: what stands between two addresses, ` ` or `+`
 *
 * The pieces together are 10.0.0.1:25,8000-8100 10.0.0.2:25; or 0x7, for IPv6
 * 0x7 family ipv6 or, as one word, 0x7/ipv6.
 *
 * Return: the piece, in @out, or NULL after the last one.
 */
const char *nf_vip_vips_piece(struct nf_vip_endpoint_text *out,
			      const struct nf_vip_service_spec *spec, unsigned int i,
			      char between);

/* Both functions with room that lives as long as the block in which the macro is used. */
#define NF_VIP_ENDPOINT(family, addr, port)					\
	nf_vip_endpoint_print(&(struct nf_vip_endpoint_text){}, family, addr, port)
#define NF_VIP_MATCH(spec, i)							\
	nf_vip_match_print(&(struct nf_vip_endpoint_text){}, spec, i)

#endif /* NF_VIP_FORMAT_H */
