// SPDX-License-Identifier: GPL-2.0
#include <linux/in.h>
#include <linux/in6.h>
#include "select/format.h"

static int print_address(char *at, size_t size, u8 family, const union nf_inet_addr *addr)
{
	if (family == NFPROTO_IPV6)
		return scnprintf(at, size, "[%pI6c]", &addr->in6);
	return scnprintf(at, size, "%pI4", &addr->ip);
}

static void print_ports(char *at, size_t size, const struct nf_vip_match *match)
{
	if (match->first == match->last)
		scnprintf(at, size, "%u", match->first);
	else if (nf_vip_match_is_range(match))
		scnprintf(at, size, "%u-%u", match->first, match->last);
	else
		scnprintf(at, size, "*");
}

const char *nf_vip_endpoint_print(struct nf_vip_endpoint_text *out, u8 family,
				  const union nf_inet_addr *addr, __be16 port)
{
	size_t size = sizeof(out->text);
	int len = print_address(out->text, size, family, addr);

	if (port)
		scnprintf(out->text + len, size - len, ":%u", ntohs(port));
	else
		scnprintf(out->text + len, size - len, ":*");
	return out->text;
}

const char *nf_vip_match_print(struct nf_vip_endpoint_text *out,
			       const struct nf_vip_service_spec *spec, unsigned int i)
{
	const struct nf_vip_match *match = &spec->matches[i];
	size_t size = sizeof(out->text);
	int len;

	if (spec->fwmark) {
		scnprintf(out->text, size, "fwmark %#x", spec->fwmark);
		return out->text;
	}
	len = print_address(out->text, size, spec->family, &match->addr);
	out->text[len++] = ':';
	print_ports(out->text + len, size - len, match);
	return out->text;
}

static const char *fwmark_piece(struct nf_vip_endpoint_text *out,
				const struct nf_vip_service_spec *spec, char between)
{
	const char *family = "";

	if (spec->family == NFPROTO_IPV6)
		family = between == ' ' ? " family ipv6" : "/ipv6";
	scnprintf(out->text, sizeof(out->text), "%#x%s", spec->fwmark, family);
	return out->text;
}

const char *nf_vip_vips_piece(struct nf_vip_endpoint_text *out,
			      const struct nf_vip_service_spec *spec, unsigned int i, char between)
{
	const struct nf_vip_match *match = &spec->matches[i];
	size_t size = sizeof(out->text);
	int len = 0;

	if (spec->fwmark)
		return i ? NULL : fwmark_piece(out, spec, between);
	if (i == spec->nr_matches)
		return NULL;
	if (i && nf_inet_addr_cmp(&match->addr, &match[-1].addr)) {
		out->text[len++] = ',';
	} else {
		if (i)
			out->text[len++] = between;
		len += print_address(out->text + len, size - len, spec->family, &match->addr);
		out->text[len++] = ':';
	}
	print_ports(out->text + len, size - len, match);
	return out->text;
}
