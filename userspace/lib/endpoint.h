/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses and ports as they are written. */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "nf_vip_pure.h"

/* "65535-65535", and "[ADDRESS]:PORTS", each with its NUL. */
#define ENDPOINT_PORTS	sizeof("65535-65535")
#define ENDPOINT_SIZE	(INET6_ADDRSTRLEN + sizeof("[]:") + ENDPOINT_PORTS)

/**
 * endpoint_ports() - one port, a range, or all of them
 * @first: first port, host byte order
 * @last: last port
 * @buf: filled in: "25", "8000-8100" or "*"
 *
 * Return: @buf.
 */
const char *endpoint_ports(__u16 first, __u16 last, char buf[ENDPOINT_PORTS]);

/**
 * endpoint_address() - an address alone, without brackets
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: network byte order
 * @buf: filled in
 *
 * Return: @buf.
 */
const char *endpoint_address(__u8 family, const union nf_inet_addr *addr,
			     char buf[INET6_ADDRSTRLEN]);

/**
 * endpoint_text() - an address with its ports
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: network byte order
 * @ports: what stands behind the colon, or NULL for the address alone
 * @buf: filled in
 *
 * Return: @buf.
 */
const char *endpoint_text(__u8 family, const union nf_inet_addr *addr, const char *ports,
			  char buf[ENDPOINT_SIZE]);

#endif /* ENDPOINT_H */
