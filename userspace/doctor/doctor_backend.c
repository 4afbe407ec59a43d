// SPDX-License-Identifier: GPL-2.0
/* Can the gateway reach the backends? */
#include <linux/neighbour.h>
#include "doctor/doctor.h"
#include "lib/endpoint.h"
#include "lib/quote.h"

static json_t *take_out(const struct nf_vip_plan_backend *backend)
{
	return doctor_words("vipctl down %s/%s", backend->service->name,
			    backend->name);
}

/* When an interface goes down, the route of its subnet goes, but its address stays. */
static void found_no_route(struct doctor *d, const struct nf_vip_plan_backend *backend,
			   int err)
{
	char buf[INET6_ADDRSTRLEN], word[QUOTED_SIZE];
	const struct rtnl_address *own;
	const char *name;

	own = rtnl_subnet(&d->net, backend->spec.family, &backend->spec.addr, 0);
	name = own ? rtnl_link_name(&d->net, own->ifindex) : "";
	endpoint_address(backend->spec.family, &backend->spec.addr, buf);
	if (own && !(rtnl_link(&d->net, name)->flags & IFF_UP))
		doctor_found(d, DOCTOR_NO_ROUTE, doctor_words("interface %s", name),
			     doctor_words("no way to %s, the address of backend %s/%s: %s is down",
					  buf, backend->service->name,
					  backend->name, name),
			     doctor_words("ip link set %s up",
					  quoted(name, word)));
	else
		doctor_found(d, DOCTOR_NO_ROUTE,
			     doctor_words("backend %s/%s", backend->service->name, backend->name),
			     doctor_words("no route to %s: %s", buf, strerror(-err)),
			     take_out(backend));
}

static const struct rtnl_address *neighbour(const struct rtnl *net, __u8 family,
					    const union nf_inet_addr *addr,
					    unsigned int ifindex)
{
	size_t i;

	for (i = 0; i < net->nr_neighbours; i++)
		if (net->neighbours[i].family == family &&
		    net->neighbours[i].ifindex == ifindex &&
		    !net->neighbours[i].proxy &&
		    !memcmp(&net->neighbours[i].addr, addr, sizeof(*addr)))
			return &net->neighbours[i];
	return NULL;
}

static void look_at_neighbour(struct doctor *d, const struct nf_vip_plan_backend *backend,
			      const struct rtnl_route *route)
{
	const union nf_inet_addr *hop;
	const struct rtnl_address *known;
	char buf[INET6_ADDRSTRLEN];

	hop = route->has_router ? &route->router : &backend->spec.addr;
	known = neighbour(&d->net, backend->spec.family, hop, route->ifindex);
	if (!known || !(known->state & NUD_FAILED))
		return;
	doctor_found(d, DOCTOR_UNREACHABLE,
		     doctor_words("backend %s/%s", backend->service->name,
				  backend->name),
		     doctor_words("%s %s on %s does not answer who has it",
				  route->has_router ? "its router" : "its address",
				  endpoint_address(backend->spec.family, hop, buf),
				  rtnl_link_name(&d->net, route->ifindex)),
		     take_out(backend));
}

void doctor_backends(struct doctor *d)
{
	struct nf_vip_plan_backend *backend;
	struct nf_vip_plan_service *service;
	struct rtnl_route route;
	int err;

	for (service = doctor_next(d, NULL); service;
	     service = doctor_next(d, service)) {
		list_for_each_entry(backend, &service->backends, node) {
			if (backend->spec.state != NF_VIP_STATE_UP)
				continue;
			err = doctor_route(d, backend, &route);
			if (!err)
				look_at_neighbour(d, backend, &route);
			else if (err != -EADDRINUSE)
				found_no_route(d, backend, err);
		}
	}
}
