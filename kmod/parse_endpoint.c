// SPDX-License-Identifier: GPL-2.0
/*
 * An address with its port, as the configuration language writes it. Pure, see
 * parse_addr.c.
 */
#include "parse.h"

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

static int read_port(struct nf_vip_word w, __u32 *port)
{
	int err = nf_vip_parse_number(w, false, port);

	if (!err && (!*port || *port > 65535))
		err = -ERANGE;
	return err;
}

/* `20-25` is what other tools take; tell its user more than "no number". */
static int refuse_range(struct nf_vip_word w, bool vip,
			struct nf_vip_refusal *no)
{
	size_t dash = nf_vip_word_find(w, '-');
	struct nf_vip_word low = { w.at, dash };
	struct nf_vip_word high = { w.at + dash + 1, w.len - dash - 1 };
	__u32 from, to;

	if (read_port(low, &from) || read_port(high, &to))
		return refuse_port(no, -EINVAL, w);
	if (from > to)
		return refuse(no, -ERANGE, w, "the port range is reversed");
	return refuse(no, -EINVAL, w, vip ? "a service has one port" :
					    "a backend has one port");
}

static int parse_port(struct nf_vip_word w, bool vip, __be16 *port,
		      struct nf_vip_refusal *no)
{
	__u32 number;
	int err;

	if (nf_vip_word_find(w, '-') < w.len)
		return refuse_range(w, vip, no);
	err = read_port(w, &number);
	if (err)
		return refuse_port(no, err, w);
	*port = htons((__u16)number);
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
	/* Connections to it are IPv4 on the wire, if they exist at all. */
	if (!memcmp(a, mapped, 12))
		return "this is an IPv4 address: write it as IPv4";
	return NULL;
}

/* `[ADDR6]` and what follows; the first byte is the bracket. */
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

/* Without brackets only one colon alone is the one before a port. */
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

int nf_vip_parse_endpoint(struct nf_vip_word w, bool vip,
			  struct nf_vip_endpoint *ep,
			  struct nf_vip_refusal *no)
{
	struct nf_vip_word addr, rest;
	const char *why;
	int ret;

	memset(ep, 0, sizeof(*ep));
	if (w.len && w.at[0] == '[')
		ret = cut_brackets(w, &addr, &rest, no);
	else
		ret = cut_plain(w, &addr, &rest, no);
	if (ret)
		return ret;
	ret = nf_vip_parse_pton(addr.at, addr.len, &ep->addr);
	if (ret < 0)
		return refuse(no, ret, w, "expected an IPv4 or IPv6 address");
	ep->family = (__u8)ret;
	why = ret == NFPROTO_IPV4 ? useless4((__u8 *)&ep->addr) :
				    useless6((__u8 *)&ep->addr);
	if (why)
		return refuse(no, -EINVAL, w, why);
	if (!rest.len)
		return vip ? refuse(no, -EINVAL, w,
				    "expected ADDRESS:PORT or [ADDRESS]:PORT") :
			     0;
	rest.at++;	/* the colon */
	rest.len--;
	return parse_port(rest, vip, &ep->port, no);
}
