// SPDX-License-Identifier: GPL-2.0
/* Do packets to the VIPs come here, and do replies come back this way? */
#include <linux/rtnetlink.h>
#include "doctor/doctor.h"
#include "lib/endpoint.h"
#include "lib/quote.h"

static bool is_proxied(const struct rtnl *net, __u8 family,
		       const union nf_inet_addr *addr, unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < net->nr_neighbours; i++)
		if (net->neighbours[i].proxy && net->neighbours[i].family == family &&
		    net->neighbours[i].ifindex == ifindex &&
		    !memcmp(&net->neighbours[i].addr, addr, sizeof(*addr)))
			return true;
	return false;
}

/*
 * On an interface without neighbour discovery nobody asks for an address, so
 * nobody has to answer.
 */
static bool asks(const struct rtnl *net, const char *name)
{
	const struct rtnl_link *link = rtnl_link(net, name);

	return link && !(link->flags & (IFF_NOARP | IFF_LOOPBACK | IFF_POINTOPOINT));
}

/* If the VIP is in a subnet of this machine, hosts in there look for the VIP's owner. */
static void look_at_vip(struct doctor *d, const struct nf_vip_plan_service *service,
			const union nf_inet_addr *vip)
{
	char buf[INET6_ADDRSTRLEN], word[QUOTED_SIZE];
	__u8 family = service->spec.family;
	struct rtnl_route route;
	const char *name;

	if (rtnl_route(&d->net, family, vip, &route) || route.type != RTN_UNICAST ||
	    route.has_router)
		return;
	name = rtnl_link_name(&d->net, route.ifindex);
	if ((*service->spec.dev && strcmp(service->spec.dev, name)) ||
	    !asks(&d->net, name) || is_proxied(&d->net, family, vip, route.ifindex))
		return;
	endpoint_address(family, vip, buf);
	doctor_found(d, DOCTOR_VIP_UNANSWERED, doctor_words("service %s", service->name),
		     doctor_words("%s is in a subnet of %s, but is no address of this gateway",
				  buf, name),
		     doctor_words("ip address add %s/%d dev %s", buf,
				  family == NFPROTO_IPV4 ? 32 : 128,
				  quoted(name, word)));
}

void doctor_vips(struct doctor *d)
{
	struct nf_vip_plan_service *service;
	unsigned int i;

	for (service = doctor_next(d, NULL); service; service = doctor_next(d, service))
		for (i = 0; i < service->spec.nr_matches; i++)
			look_at_vip(d, service, &service->spec.matches[i].addr);
}

/* Does the service have clients in this subnet, as far as the configuration says? */
static bool has_clients(const struct doctor *d, const struct nf_vip_plan_service *service,
			const struct rtnl_address *subnet)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	unsigned int i;

	if (*spec->dev)
		return !strcmp(spec->dev, rtnl_link_name(&d->net, subnet->ifindex));
	for (i = 0; i < spec->nr_matches; i++)
		if (rtnl_subnet(&d->net, spec->family, &spec->matches[i].addr,
				subnet->ifindex) == subnet)
			return true;
	return false;
}

static void look_at_replies(struct doctor *d, const struct nf_vip_plan_backend *backend)
{
	const struct nf_vip_plan_service *service = backend->service;
	const struct rtnl_address *subnet;
	struct rtnl_route route;
	char buf[INET6_ADDRSTRLEN];

	if (doctor_route(d, backend, &route) || route.has_router)
		return;
	subnet = rtnl_subnet(&d->net, backend->spec.family, &backend->spec.addr,
			     route.ifindex);
	if (!subnet || !has_clients(d, service, subnet))
		return;
	endpoint_address(backend->spec.family, &backend->spec.addr, buf);
	doctor_found(d, DOCTOR_REPLY_BYPASS, doctor_words("service %s", service->name),
		     doctor_words("clients on %s are in the subnet of backend %s, %s",
				  rtnl_link_name(&d->net, subnet->ifindex),
				  backend->name, buf),
		     doctor_words("vipctl set service %s snat auto", service->name));
}

void doctor_replies(struct doctor *d)
{
	struct nf_vip_plan_backend *backend;
	struct nf_vip_plan_service *service;

	for (service = doctor_next(d, NULL); service; service = doctor_next(d, service))
		if (service->spec.policy.snat == NF_VIP_SNAT_OFF)
			list_for_each_entry(backend, &service->backends, node)
				look_at_replies(d, backend);
}
