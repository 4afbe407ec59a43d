// SPDX-License-Identifier: GPL-2.0
#include "lib/endpoint.h"
#include "nf_vip_grammar.h"

const char *endpoint_ports(__u16 first, __u16 last, char buf[ENDPOINT_PORTS])
{
	if (first == last)
		snprintf(buf, ENDPOINT_PORTS, "%u", first);
	else if (first == NF_VIP_PORT_FIRST && last == NF_VIP_PORT_LAST)
		snprintf(buf, ENDPOINT_PORTS, "*");
	else
		snprintf(buf, ENDPOINT_PORTS, "%u-%u", first, last);
	return buf;
}

const char *endpoint_address(__u8 family, const union nf_inet_addr *addr,
			     char buf[INET6_ADDRSTRLEN])
{
	return inet_ntop(family == NFPROTO_IPV6 ? AF_INET6 : AF_INET, addr, buf,
			 INET6_ADDRSTRLEN);
}

const char *endpoint_text(__u8 family, const union nf_inet_addr *addr, const char *ports,
			  char buf[ENDPOINT_SIZE])
{
	char plain[INET6_ADDRSTRLEN];

	endpoint_address(family, addr, plain);
	if (ports)
		snprintf(buf, ENDPOINT_SIZE, family == NFPROTO_IPV6 ? "[%s]:%s" : "%s:%s", plain,
			 ports);
	else
		snprintf(buf, ENDPOINT_SIZE, "%s", plain);
	return buf;
}
