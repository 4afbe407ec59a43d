// SPDX-License-Identifier: GPL-2.0
/* Other modules that balance, too. */
#include <stdlib.h>
#include "doctor/doctor.h"
#include "lib/endpoint.h"
#include "module/module_io.h"

#define FILE_MAX	(64 << 20)

/* Looks for a line "name size users ...". */
static bool has_module(struct doctor *d, const char *name)
{
	struct text text = { 0 };
	bool found = false;
	char *at, *line;
	int err;

	err = text_read_file(&text, "/proc/modules", FILE_MAX);
	if (err)
		doctor_unseen(d, "/proc/modules", err);
	at = text.data;
	while (!err && !found && (line = strsep(&at, "\n")))
		found = !strncmp(line, name, strlen(name)) && line[strlen(name)] == ' ';
	text_free(&text);
	return found;
}

void doctor_xt_condition(struct doctor *d)
{
	if (module_io_is_loaded() && has_module(d, "xt_condition"))
		doctor_found(d, DOCTOR_XT_CONDITION, doctor_words("module xt_condition"),
			     doctor_words("it is loaded, and was there before nf_vip"),
			     doctor_words("rmmod xt_condition && vipctl reload-module"));
}

/* A service of IPVS. */
struct ipvs {
	__u8 proto;
	__u8 family;
	__u16 port;
	union nf_inet_addr addr;
};

/*
 * Reads "TCP 0A000001:0050 rr", "UDP [2001:0db8:...:0001]:0035 rr"; other lines
 * have no address.
 */
static bool read_ipvs(const char *line, struct ipvs *ipvs)
{
	unsigned int addr, port;
	char proto[5], text[INET6_ADDRSTRLEN];

	memset(ipvs, 0, sizeof(*ipvs));
	if (sscanf(line, "%4s %8x:%4x ", proto, &addr, &port) == 3) {
		ipvs->family = NFPROTO_IPV4;
		ipvs->addr.ip = htonl(addr);
	} else if (sscanf(line, "%4s [%45[0-9a-fA-F:]]:%4x ", proto, text, &port) == 3) {
		ipvs->family = NFPROTO_IPV6;
		if (inet_pton(AF_INET6, text, &ipvs->addr) != 1)
			return false;
	} else {
		return false;
	}
	ipvs->port = (__u16)port;
	ipvs->proto = !strcmp(proto, "TCP") ? IPPROTO_TCP :
		      !strcmp(proto, "UDP") ? IPPROTO_UDP : IPPROTO_SCTP;
	return true;
}

static bool is_same(const struct nf_vip_plan_service *service, const struct ipvs *ipvs)
{
	unsigned int i;

	if (service->spec.proto != ipvs->proto || service->spec.family != ipvs->family)
		return false;
	for (i = 0; i < service->spec.nr_matches; i++) {
		const struct nf_vip_match *match = &service->spec.matches[i];

		if (!memcmp(&match->addr, &ipvs->addr, sizeof(match->addr)) &&
		    match->first <= ipvs->port && ipvs->port <= match->last)
			return true;
	}
	return false;
}

static void found_ipvs(struct doctor *d, const struct nf_vip_plan_service *service,
		       const struct ipvs *ipvs)
{
	bool ipv6 = ipvs->family == NFPROTO_IPV6;
	const char *option = "--sctp-service";
	char buf[INET6_ADDRSTRLEN];

	if (ipvs->proto == IPPROTO_TCP)
		option = "-t";
	else if (ipvs->proto == IPPROTO_UDP)
		option = "-u";
	endpoint_address(ipvs->family, &ipvs->addr, buf);
	doctor_found(d, DOCTOR_IPVS, doctor_words("service %s", service->name),
		     doctor_words("IPVS has a service for %s port %u, too", buf, ipvs->port),
		     doctor_words(ipv6 ? "ipvsadm -D %s '[%s]:%u'" : "ipvsadm -D %s %s:%u",
				  option, buf, ipvs->port));
}

void doctor_ipvs(struct doctor *d)
{
	struct nf_vip_plan_service *service;
	struct text text = { 0 };
	struct ipvs ipvs;
	char *at, *line;
	int err;

	err = text_read_file(&text, "/proc/net/ip_vs", FILE_MAX);
	if (err && err != -ENOENT)
		doctor_unseen(d, "/proc/net/ip_vs", err);
	at = text.data;
	while (!err && (line = strsep(&at, "\n"))) {
		if (!read_ipvs(line, &ipvs))
			continue;
		for (service = doctor_next(d, NULL); service; service = doctor_next(d, service))
			if (is_same(service, &ipvs))
				found_ipvs(d, service, &ipvs);
	}
	text_free(&text);
}
