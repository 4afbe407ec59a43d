// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses and ports, as the configuration language writes them. Pure, see
 * parse_addr.c.
 */
#include "grammar/parse.h"

static int refuse(struct nf_vip_refusal *no, int err, struct nf_vip_word w,
		  const char *why)
{
	no->what = "";
	no->word = w;
	no->why = why;
	return err;
}

static int refuse_port(struct nf_vip_refusal *no, int err,
		       struct nf_vip_word w)
{
	no->what = "port";
	no->word = w;
	no->why = nf_vip_number_why(w, "expected 1 to 65535");
	return err;
}

static int read_port(struct nf_vip_word w, __u16 *port)
{
	__u32 number;
	int err = nf_vip_parse_number(w, false, &number);

	if (!err && (!number || number > 65535))
		err = -ERANGE;
	if (!err)
		*port = (__u16)number;
	return err;
}

int nf_vip_parse_ports(struct nf_vip_word w, __u16 *first, __u16 *last,
		       struct nf_vip_refusal *no)
{
	size_t dash = nf_vip_word_find(w, '-');
	struct nf_vip_word low = { w.at, dash }, high = w;
	int err;

	if (dash < w.len)
		high = (struct nf_vip_word){ w.at + dash + 1, w.len - dash - 1 };
	err = read_port(low, first);
	if (!err)
		err = read_port(high, last);
	if (err)
		return refuse_port(no, dash < w.len ? -EINVAL : err, w);
	if (*first > *last)
		return refuse(no, -ERANGE, w, "the port range is reversed");
	return 0;
}

/* Why there can be no connection to this address, or NULL. */
static const char *useless4(const __u8 *a)
{
	if (!(a[0] | a[1] | a[2] | a[3]))
		return "this address stands for every address";
	if ((a[0] & 0xf0) == 0xe0)
		return "this is a multicast address";
	if ((a[0] & a[1] & a[2] & a[3]) == 0xff)
		return "this is the broadcast address";
	return NULL;
}

static const char *useless6(const __u8 *a)
{
	static const __u8 zero[16];
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (!memcmp(a, zero, 16))
		return "this address stands for every address";
	if (a[0] == 0xff)
		return "this is a multicast address";
	/* Connections to a mapped address are IPv4 on the wire, if they exist at all. */
	if (!memcmp(a, mapped, 12))
		return "this is an IPv4 address: write it as IPv4";
	return NULL;
}

/* Takes `[ADDR6]` and what follows apart; the first byte is the bracket. */
static int cut_brackets(struct nf_vip_word w, struct nf_vip_word *addr,
			struct nf_vip_word *rest, struct nf_vip_refusal *no)
{
	size_t close = nf_vip_word_find(w, ']');

	if (close == w.len)
		return refuse(no, -EINVAL, w, "the bracket is not closed");
	*addr = (struct nf_vip_word){ w.at + 1, close - 1 };
	*rest = (struct nf_vip_word){ w.at + close + 1, w.len - close - 1 };
	if (nf_vip_word_find(*addr, ':') == addr->len)
		return refuse(no, -EINVAL, w,
			      "brackets hold an IPv6 address");
	if (rest->len && rest->at[0] != ':')
		return refuse(no, -EINVAL, w, "expected [ADDRESS]:PORT");
	return 0;
}

/* Without brackets a colon is in front of a port only if it is the only one. */
static int cut_plain(struct nf_vip_word w, struct nf_vip_word *addr,
		     struct nf_vip_word *rest, struct nf_vip_refusal *no)
{
	size_t colon = nf_vip_word_find(w, ':');

	size_t colons = 0, i;

	for (i = 0; i < w.len; i++)
		colons += w.at[i] == ':';
	if (colons > 1)
		colon = w.len;
	*addr = (struct nf_vip_word){ w.at, colon };
	*rest = (struct nf_vip_word){ w.at + colon, w.len - colon };
	if (nf_vip_word_find(w, ']') < w.len)
		return refuse(no, -EINVAL, w, "the bracket is not opened");
	return 0;
}

int nf_vip_parse_address(struct nf_vip_word w, union nf_inet_addr *addr,
			 struct nf_vip_word *rest, struct nf_vip_refusal *no)
{
	struct nf_vip_word text;
	const char *why;
	int ret;

	if (w.len && w.at[0] == '[')
		ret = cut_brackets(w, &text, rest, no);
	else
		ret = cut_plain(w, &text, rest, no);
	if (ret)
		return ret;
	ret = nf_vip_parse_pton(text.at, text.len, addr);
	if (ret < 0)
		return refuse(no, ret, w, "expected an IPv4 or IPv6 address");
	why = ret == NFPROTO_IPV4 ? useless4((__u8 *)addr) :
				    useless6((__u8 *)addr);
	return why ? refuse(no, -EINVAL, w, why) : ret;
}

int nf_vip_parse_endpoint(struct nf_vip_word w, struct nf_vip_endpoint *ep,
			  struct nf_vip_refusal *no)
{
	struct nf_vip_word rest;
	__u16 first, last;
	int ret;

	memset(ep, 0, sizeof(*ep));
	ret = nf_vip_parse_address(w, &ep->addr, &rest, no);
	if (ret < 0)
		return ret;
	ep->family = (__u8)ret;
	if (!rest.len)
		return 0;
	rest.at++;	/* the colon */
	rest.len--;
	ret = nf_vip_parse_ports(rest, &first, &last, no);
	if (ret)
		return ret;
	if (nf_vip_word_find(rest, '-') < rest.len)
		return refuse(no, -EINVAL, rest, "a backend has one port");
	ep->port = htons(first);
	return 0;
}
