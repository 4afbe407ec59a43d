// SPDX-License-Identifier: GPL-2.0
#include "plan/format.h"

static int print_address(char *at, size_t size, __u8 family, const union nf_inet_addr *addr)
{
	int len;

	if (family != NFPROTO_IPV6)
		return nf_vip_pure_print_addr(at, size, false, addr);
	*at = '[';
	len = 1 + nf_vip_pure_print_addr(at + 1, size - 1, true, addr);
	return len + snprintf(at + len, size - len, "]");
}

static void print_ports(char *at, size_t size, const struct nf_vip_match *match)
{
	if (match->first == match->last)
		snprintf(at, size, "%u", match->first);
	else if (nf_vip_match_is_range(match))
		snprintf(at, size, "%u-%u", match->first, match->last);
	else
		snprintf(at, size, "*");
}

const char *nf_vip_endpoint_print(struct nf_vip_endpoint_text *out, __u8 family,
				  const union nf_inet_addr *addr, __be16 port)
{
	size_t size = sizeof(out->text);
	int len = print_address(out->text, size, family, addr);

	if (port)
		snprintf(out->text + len, size - len, ":%u", ntohs(port));
	else
		snprintf(out->text + len, size - len, ":*");
	return out->text;
}

const char *nf_vip_match_print(struct nf_vip_endpoint_text *out,
			       const struct nf_vip_service_spec *spec, unsigned int i)
{
	const struct nf_vip_match *match = &spec->matches[i];
	size_t size = sizeof(out->text);
	int len;

	if (spec->fwmark) {
		snprintf(out->text, size, "fwmark %#x", spec->fwmark);
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
	snprintf(out->text, sizeof(out->text), "%#x%s", spec->fwmark, family);
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
	if (i && !memcmp(&match->addr, &match[-1].addr, sizeof(match->addr))) {
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
