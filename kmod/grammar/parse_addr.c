// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers, addresses and ports of the configuration language. Pure: no
 * allocation, no kernel calls; compiled into the module and into vipctl.
 */
#include "grammar/parse.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Reads on after an overflow: 99999999999x is no number, not a large one. */
static int read_digits(struct nf_vip_word w, unsigned int base, __u32 *out)
{
	bool overflow = false;
	__u64 value = 0;
	size_t i;

	if (!w.len)
		return -EINVAL;
	for (i = 0; i < w.len; i++) {
		int digit = hex_value(w.at[i]);

		if (digit < 0 || (unsigned int)digit >= base)
			return -EINVAL;
		value = value * base + (unsigned int)digit;
		if (value >> 32) {
			overflow = true;
			value = 0;
		}
	}
	if (overflow)
		return -ERANGE;
	*out = (__u32)value;
	return 0;
}

int nf_vip_parse_number(struct nf_vip_word w, bool hex, __u32 *out)
{
	if (hex && w.len > 2 && w.at[0] == '0' &&
	    (w.at[1] == 'x' || w.at[1] == 'X')) {
		w.at += 2;
		w.len -= 2;
		return read_digits(w, 16, out);
	}
	/* 010 is 8 to iptables and 10 to others: nobody shall have to guess. */
	if (w.len > 1 && w.at[0] == '0')
		return -EINVAL;
	return read_digits(w, 10, out);
}

const char *nf_vip_number_why(struct nf_vip_word w, const char *expected)
{
	__u32 rest;

	if (w.len < 2 || w.at[0] != '0')
		return expected;
	w.at++;
	w.len--;
	return read_digits(w, 10, &rest) == -EINVAL ? expected :
	       "a number has no leading zero";
}

static void skip(struct nf_vip_word *w, size_t n)
{
	w->at += n;
	w->len -= n;
}

/* Takes one of the four numbers of a dotted quad off the front of @w. */
static bool take_octet(struct nf_vip_word *w, __u8 *out)
{
	unsigned int value = 0;
	size_t i;

	for (i = 0; i < w->len && is_digit(w->at[i]); i++) {
		if (i && !value)	/* a leading zero */
			return false;
		value = value * 10 + (unsigned int)(w->at[i] - '0');
		if (value > 255)
			return false;
	}
	*out = (__u8)value;
	skip(w, i);
	return i > 0;
}

static bool pton4(struct nf_vip_word w, __u8 *out)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i) {
			if (!w.len || w.at[0] != '.')
				return false;
			skip(&w, 1);
		}
		if (!take_octet(&w, &out[i]))
			return false;
	}
	return !w.len;
}

/* Takes one to four hexadecimal digits off the front of @w. */
static bool take_group(struct nf_vip_word *w, __u8 *out)
{
	unsigned int value = 0;
	size_t i;

	for (i = 0; i < w->len && i < 4; i++) {
		int digit = hex_value(w->at[i]);

		if (digit < 0)
			break;
		value = value << 4 | (unsigned int)digit;
	}
	out[0] = (__u8)(value >> 8);
	out[1] = (__u8)value;
	skip(w, i);
	return i > 0;
}

/* Value of @gap before `::` was seen: more than any place in the address. */
#define NO_GAP	17

/* Takes off what may follow a group: nothing, `::`, or `:` with more behind the colon. */
static bool take_colons(struct nf_vip_word *w, size_t used, size_t *gap)
{
	if (!w->len)
		return true;
	if (w->len == 1 || w->at[0] != ':')
		return false;
	if (w->at[1] != ':') {
		skip(w, 1);
		return true;
	}
	if (*gap != NO_GAP)
		return false;
	*gap = used;
	skip(w, 2);
	return true;
}

/* The IPv4 form may only stand at the end, in place of two groups. */
static bool is_dotted(struct nf_vip_word w)
{
	return nf_vip_word_find(w, ':') == w.len &&
	       nf_vip_word_find(w, '.') < w.len;
}

/* Moves the groups behind `::` to the end of the address; `::` stands for one group at least. */
static bool spread(__u8 out[16], size_t used, size_t gap)
{
	if (gap == NO_GAP)
		return used == 16;
	if (used > 14)
		return false;
	memmove(out + 16 - (used - gap), out + gap, used - gap);
	memset(out + gap, 0, 16 - used);
	return true;
}

static bool pton6(struct nf_vip_word w, __u8 out[16])
{
	size_t used = 0, gap = NO_GAP;

	if (w.len && w.at[0] == ':' &&
	    (!take_colons(&w, used, &gap) || gap == NO_GAP))
		return false;
	while (w.len) {
		if (is_dotted(w)) {
			if (used > 12 || !pton4(w, out + used))
				return false;
			used += 4;
			break;
		}
		if (used > 14 || !take_group(&w, out + used))
			return false;
		used += 2;
		if (!take_colons(&w, used, &gap))
			return false;
	}
	return spread(out, used, gap);
}

int nf_vip_parse_pton(const char *text, size_t len, union nf_inet_addr *addr)
{
	struct nf_vip_word w = { text, len };
	__u8 out[sizeof(*addr)] = { 0 };
	bool v6 = nf_vip_word_find(w, ':') < len;

	if (v6 ? !pton6(w, out) : !pton4(w, out))
		return -EINVAL;
	memcpy(addr, out, sizeof(*addr));
	return v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
}
