// SPDX-License-Identifier: GPL-2.0
/*
 * The VIPs of a service: addresses, each with its ports. Pure, see
 * parse_addr.c.
 */
#include "grammar/parse.h"

static int refuse(struct nf_vip_refusal *no, int err, struct nf_vip_word w,
		  const char *why)
{
	*no = (struct nf_vip_refusal){ .what = "", .word = w, .why = why };
	return err;
}

static bool same_address(const union nf_inet_addr *a, const union nf_inet_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static bool is_taken(const struct nf_vip_service_spec *spec,
		     const struct nf_vip_match *match)
{
	unsigned int i;

	for (i = 0; i < spec->nr_matches; i++) {
		const struct nf_vip_match *old = &spec->matches[i];

		if (match->first <= old->last && old->first <= match->last &&
		    same_address(&match->addr, &old->addr))
			return true;
	}
	return false;
}

static_assert(NF_VIP_MATCHES_MAX == 32, "a sentence below says so");

static int add_match(struct nf_vip_word w, struct nf_vip_match *match,
		     struct nf_vip_service_spec *spec, struct nf_vip_refusal *no)
{
	int err;

	match->first = NF_VIP_PORT_FIRST;
	match->last = NF_VIP_PORT_LAST;
	if (!nf_vip_word_is(w, "*")) {
		err = nf_vip_parse_ports(w, &match->first, &match->last, no);
		if (err)
			return err;
	}
	if (is_taken(spec, match)) {
		err = refuse(no, -EINVAL, w, "given twice for this address");
		no->what = "port";
		return err;
	}
	if (spec->nr_matches == NF_VIP_MATCHES_MAX)
		return refuse(no, -E2BIG, w,
			      "expected at most 32 ports and ranges of a service");
	spec->matches[spec->nr_matches++] = *match;
	return 0;
}

int nf_vip_parse_vip(struct nf_vip_word w, struct nf_vip_service_spec *spec,
		     struct nf_vip_refusal *no)
{
	struct nf_vip_match match;
	struct nf_vip_word list;
	int ret;

	ret = nf_vip_parse_address(w, &match.addr, &list, no);
	if (ret < 0)
		return ret;
	if (!list.len)
		return refuse(no, -EINVAL, w,
			      "expected ADDRESS:PORT or [ADDRESS]:PORT");
	if (spec->nr_matches && spec->family != ret)
		return refuse(no, -EAFNOSUPPORT, w,
			      "the VIPs of a service are of one family");
	spec->family = (__u8)ret;

	/* @list begins with a colon, later with a comma: each belongs to the ports behind it. */
	while (list.len) {
		struct nf_vip_word ports = { list.at + 1, list.len - 1 };

		ports.len = nf_vip_word_find(ports, ',');
		list.at += ports.len + 1;
		list.len -= ports.len + 1;
		ret = add_match(ports, &match, spec, no);
		if (ret)
			return ret;
	}
	return 0;
}

unsigned int nf_vip_block_bits(__u32 first, __u32 last)
{
	unsigned int bits = 0;

	while (!(first >> bits & 1) && first + (2U << bits) - 1 <= last)
		bits++;
	return bits;
}

unsigned int nf_vip_entries(const struct nf_vip_service_spec *spec)
{
	unsigned int i, nr = 0;

	for (i = 0; i < spec->nr_matches; i++) {
		const struct nf_vip_match *match = &spec->matches[i];
		__u32 port = match->first;

		if (!nf_vip_match_is_range(match)) {
			nr++;
			continue;
		}
		for (; port <= match->last; nr++)
			port += 1U << nf_vip_block_bits(port, match->last);
	}
	return nr ? nr : 1;
}

__be16 nf_vip_port(const struct nf_vip_service_spec *spec)
{
	__u16 port = spec->matches[0].first;
	unsigned int i;

	for (i = 0; i < spec->nr_matches; i++)
		if (spec->matches[i].first != port || spec->matches[i].last != port)
			return 0;
	return htons(port);
}
