// SPDX-License-Identifier: GPL-2.0
/*
 * Does the kernel drop packets because the way back would be another one? The
 * kernel does not say by which interface they came in: look for a strict one
 * where routes to clients or to backends lead somewhere else.
 */
#include <stdlib.h>
#include "doctor/doctor.h"
#include "lib/quote.h"

#define STRICT	1

/* Reads a column of /proc/net/netstat, where each line of values follows a line of names. */
static unsigned long long count_dropped(char *text)
{
	char *names, *values, *name, *value, *save, *save2;

	for (;;) {
		names = strsep(&text, "\n");
		values = strsep(&text, "\n");
		if (!names || !values)
			return 0;
		name = strtok_r(names, " ", &save);
		value = strtok_r(values, " ", &save2);
		while (name && value) {
			if (!strcmp(name, "IPReversePathFilter"))
				return strtoull(value, NULL, 10);
			name = strtok_r(NULL, " ", &save);
			value = strtok_r(NULL, " ", &save2);
		}
	}
}

static unsigned long long read_dropped(struct doctor *d)
{
	struct text text = { 0 };
	unsigned long long nr = 0;
	int err = text_read_file(&text, "/proc/net/netstat", 1 << 20);

	if (err)
		doctor_unseen(d, "/proc/net/netstat", err);
	else
		nr = count_dropped(text.data);
	text_free(&text);
	return nr;
}

static bool is_strict(const struct rtnl_link *link)
{
	char path[sizeof("net/ipv4/conf//rp_filter") + IFNAMSIZ];
	long all = doctor_setting("net/ipv4/conf/all/rp_filter"), own;

	snprintf(path, sizeof(path), "net/ipv4/conf/%s/rp_filter", link->name);
	own = doctor_setting(path);
	return (own > all ? own : all) == STRICT;
}

/* Do clients come in by this interface? */
static bool has_clients(const struct doctor *d, const struct nf_vip_plan_service *service,
			const struct rtnl_link *link)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	const struct rtnl_address *own;
	unsigned int i;

	if (*spec->dev)
		return !strcmp(spec->dev, link->name);
	for (i = 0; i < spec->nr_matches; i++) {
		own = rtnl_own(&d->net, spec->family, &spec->matches[i].addr);
		if (own && own->ifindex == link->ifindex)
			return true;
	}
	return false;
}

static bool leads_elsewhere(const struct doctor *d, const union nf_inet_addr *to,
			    const struct rtnl_link *link)
{
	struct rtnl_route route;

	return rtnl_route(&d->net, NFPROTO_IPV4, to, &route) ||
	       route.ifindex != link->ifindex;
}

/* Do backends answer by this interface although the route to them is another one? */
static bool has_backends(const struct doctor *d, const struct nf_vip_plan_service *service,
			 const struct rtnl_link *link)
{
	const struct nf_vip_plan_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		if (rtnl_subnet(&d->net, NFPROTO_IPV4, &backend->spec.addr, link->ifindex) &&
		    !rtnl_own(&d->net, NFPROTO_IPV4, &backend->spec.addr) &&
		    leads_elsewhere(d, &backend->spec.addr, link))
			return true;
	return false;
}

static bool is_asymmetric(const struct doctor *d, const struct nf_vip_plan_service *service,
			  const struct rtnl_link *link)
{
	if (service->spec.family != NFPROTO_IPV4)
		return false;
	return has_backends(d, service, link) ||
	       (has_clients(d, service, link) &&
		strcmp(doctor_way_out(d, NFPROTO_IPV4), link->name));
}

static void look_at_link(struct doctor *d, const struct rtnl_link *link,
			 unsigned long long nr)
{
	char path[sizeof("net/ipv4/conf//rp_filter") + IFNAMSIZ], buf[QUOTED_SIZE];
	struct nf_vip_plan_service *service;

	service = doctor_next(d, NULL);
	while (service && !is_asymmetric(d, service, link))
		service = doctor_next(d, service);
	if (!service)
		return;
	snprintf(path, sizeof(path), "net/ipv4/conf/%s/rp_filter", link->name);
	doctor_found(d, DOCTOR_RP_FILTER, doctor_words("interface %s", link->name),
		     doctor_words("strict; %llu packets dropped; replies of %s leave elsewhere",
				  nr, service->name),
		     doctor_words("sysctl -w %s=2", quoted(path, buf)));
}

void doctor_rp_filter(struct doctor *d)
{
	unsigned long long nr = read_dropped(d);
	size_t i;

	for (i = 0; i < d->net.nr_links && nr; i++)
		if (!(d->net.links[i].flags & IFF_LOOPBACK) && is_strict(&d->net.links[i]))
			look_at_link(d, &d->net.links[i], nr);
}
