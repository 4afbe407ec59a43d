// SPDX-License-Identifier: GPL-2.0
/* Does the gateway forward at all? */
#include "doctor/doctor.h"
#include "lib/quote.h"

/* For IPv4 only: IPv6 has no forwarding setting for each interface. */
static void look_at_interface(struct doctor *d, const char *name,
			      const struct nf_vip_plan_service *service)
{
	char path[sizeof("net/ipv4/conf//forwarding") + IFNAMSIZ];
	char buf[QUOTED_SIZE];

	snprintf(path, sizeof(path), "net/ipv4/conf/%s/forwarding", name);
	if (doctor_setting(path))
		return;
	doctor_found(d, DOCTOR_IFACE_FORWARD, doctor_words("interface %s", name),
		     doctor_words("%s is 0, and packets of service %s come in there",
				  path, service->name),
		     doctor_words("sysctl -w %s=1",
				  quoted(path, buf)));
}

static void look_at_family(struct doctor *d, const struct nf_vip_plan_backend *backend)
{
	bool ipv4 = backend->spec.family == NFPROTO_IPV4;
	const char *path = ipv4 ? "net/ipv4/ip_forward" :
				  "net/ipv6/conf/all/forwarding";

	if (!doctor_setting(path))
		doctor_found(d, DOCTOR_IP_FORWARD, doctor_words("%s", path),
			     doctor_words("it is 0, and backend %s/%s is another machine",
					  backend->service->name, backend->name),
			     doctor_words("sysctl -w %s=1", path));
}

void doctor_forward(struct doctor *d)
{
	struct nf_vip_plan_backend *backend;
	struct nf_vip_plan_service *service;
	struct rtnl_route route;

	for (service = doctor_next(d, NULL); service;
	     service = doctor_next(d, service)) {
		list_for_each_entry(backend, &service->backends, node) {
			if (doctor_route(d, backend, &route))
				continue;
			look_at_family(d, backend);
			if (service->spec.family != NFPROTO_IPV4 ||
			    !doctor_setting("net/ipv4/ip_forward"))
				continue;
			look_at_interface(d, rtnl_link_name(&d->net, route.ifindex),
					  service);
			if (*service->spec.dev)
				look_at_interface(d, service->spec.dev, service);
		}
	}
}
