/* SPDX-License-Identifier: GPL-2.0 */
/* Words of rules that other programs print, and what they stand for. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include "nf_vip_grammar.h"

/**
 * struct ip_address - an address of either family
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6, 0 for none; as wide as this to leave
 *	no padding, because addresses are compared by memcmp()
 * @addr: network byte order, unused bytes zero
 */
struct ip_address {
	__u32 family;
	union nf_inet_addr addr;
};

/**
 * words_split() - cut a line into words, as a shell does
 * @line: line; blanks divide words, `"` and `'` quote, `\` takes the next byte
 *	in double quotes; words are cut in place
 * @words: the words
 * @max: room in @words
 *
 * Return: how many words, or -EINVAL for too many or an open quote.
 */
int words_split(char *line, char **words, int max);

/**
 * words_number() - read an unsigned number
 * @text: decimal, or hexadecimal with 0x; nothing behind it
 * @max: largest number that is allowed
 * @out: the number, on success
 *
 * Return: true on success.
 */
bool words_number(const char *text, __u32 max, __u32 *out);

/**
 * words_masked() - read a mark with its mask
 * @text: N or N/MASK, decimal or 0x
 * @number: N
 * @mask: MASK; all bits if there is none
 *
 * Return: false for a malformed mark or one of more than 32 bits.
 */
bool words_masked(const char *text, __u32 *number, __u32 *mask);

/**
 * words_address() - read an address
 * @text: address, perhaps in brackets
 * @len: length of the address
 * @out: the address, on success
 *
 * Return: true on success.
 */
bool words_address(const char *text, size_t len, struct ip_address *out);

/**
 * words_proto() - number of a protocol
 * @name: name or number of the protocol
 *
 * Return: the number, 0 for all, or -1 for an unknown protocol.
 */
int words_proto(const char *name);

#endif /* WORDS_H */
