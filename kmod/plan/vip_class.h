/* SPDX-License-Identifier: GPL-2.0 */
/* How VIPs are told apart, for the look-up in the maps of the module and of vipctl. */
#ifndef NF_VIP_VIP_CLASS_H
#define NF_VIP_VIP_CLASS_H

#include "nf_vip_grammar.h"

/*
 * What a packet can be looked up by. A range is an entry for each of its blocks
 * of 2^n ports: NF_VIP_CLASS_BLOCK + n; see nf_vip_block_bits().
 */
enum nf_vip_class {
	NF_VIP_CLASS_PORT	= 0,
	NF_VIP_CLASS_BLOCK	= 1,
	NF_VIP_CLASS_ALL	= NF_VIP_CLASS_BLOCK + 16,
	NF_VIP_CLASS_FWMARK	= NF_VIP_CLASS_ALL + 1,
};

/**
 * nf_vip_what() - make the word of a key: class, family, protocol, and port or block
 * @class: class
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: protocol
 * @port: port, host byte order
 *
 * Return: all of them in one word, so that they are compared at once.
 */
static inline __u32 nf_vip_what(unsigned int class, __u8 family, __u8 proto, __u16 port)
{
	if (class >= NF_VIP_CLASS_ALL)
		port = 0;
	else if (class > NF_VIP_CLASS_BLOCK)
		port >>= class - NF_VIP_CLASS_BLOCK;
	return class << 27 | (__u32)(family == NFPROTO_IPV6) << 24 | (__u32)proto << 16 | port;
}

/**
 * nf_vip_class_at() - the entry of a match that begins at a port
 * @match: ports
 * @port: the first port of @match, or what was set in @next before
 * @next: set to the port behind the entry; behind the last port of @match when no
 *	entry is left
 *
 * Return: the entry's class.
 */
static inline unsigned int nf_vip_class_at(const struct nf_vip_match *match, __u32 port,
					   __u32 *next)
{
	unsigned int bits;

	*next = match->last + 1U;
	if (match->first == match->last)
		return NF_VIP_CLASS_PORT;
	if (!nf_vip_match_is_range(match))
		return NF_VIP_CLASS_ALL;
	bits = nf_vip_block_bits(port, match->last);
	*next = port + (1U << bits);
	return NF_VIP_CLASS_BLOCK + bits;
}

#endif /* NF_VIP_VIP_CLASS_H */
