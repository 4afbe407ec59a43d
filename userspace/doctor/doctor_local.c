// SPDX-License-Identifier: GPL-2.0
/* Backends that are the gateway itself, or the VIP again. */
#include "doctor/doctor.h"
#include "lib/endpoint.h"

#define LISTENS		10	/* TCP_LISTEN; the state of a UDP socket is 7 */
#define UNCONNECTED	7
#define FILE_MAX	(64 << 20)

/* Is this address the backend's, or any? The files have addresses as words in host byte order. */
static bool is_at(const char *hex, const struct nf_vip_backend_spec *spec)
{
	size_t words = strlen(hex) / 8, i;
	__u32 addr[4] = { 0 }, any = 0;

	for (i = 0; i < words && i < ARRAY_SIZE(addr); i++) {
		if (sscanf(hex + 8 * i, "%8x", &addr[i]) != 1)
			return false;
		any |= addr[i];
	}
	if (!any)
		return true;
	return !memcmp(addr, &spec->addr, words * 4);
}

/* Looks for a line "  0: 0100007F:0016 00000000:0000 0A ...". */
static bool is_in(const char *path, const struct nf_vip_backend_spec *spec,
		  unsigned int port, unsigned int state)
{
	struct text text = { 0 };
	bool found = false;
	char *at, *line;

	if (text_read_file(&text, path, FILE_MAX)) {
		text_free(&text);
		return false;
	}
	at = text.data;
	while (!found && (line = strsep(&at, "\n"))) {
		unsigned int its_port, its_state;
		char hex[33];

		found = sscanf(line, " %*u: %32[0-9A-F]:%x %*s %x", hex, &its_port,
			       &its_state) == 3 &&
			its_port == port && its_state == state && is_at(hex, spec);
	}
	text_free(&text);
	return found;
}

/* Does a socket listen for the backend? A socket of IPv6 may have connections of IPv4, too. */
static bool is_served(const struct nf_vip_plan_backend *backend)
{
	const struct nf_vip_service_spec *service = &backend->service->spec;
	unsigned int port = ntohs(backend->spec.port);

	if (!port)
		port = ntohs(nf_vip_port(service));
	if (!port || (service->proto != IPPROTO_TCP && service->proto != IPPROTO_UDP))
		return true;
	if (service->proto == IPPROTO_TCP)
		return is_in("/proc/net/tcp", &backend->spec, port, LISTENS) ||
		       is_in("/proc/net/tcp6", &backend->spec, port, LISTENS);
	return is_in("/proc/net/udp", &backend->spec, port, UNCONNECTED) ||
	       is_in("/proc/net/udp6", &backend->spec, port, UNCONNECTED);
}

static bool is_vip(const struct nf_vip_plan_backend *backend)
{
	const struct nf_vip_service_spec *service = &backend->service->spec;
	unsigned int i;

	for (i = 0; i < service->nr_matches; i++) {
		const struct nf_vip_match *match = &service->matches[i];

		if (!memcmp(&match->addr, &backend->spec.addr, sizeof(match->addr)))
			return true;
	}
	return false;
}

static void look(struct doctor *d, const struct nf_vip_plan_backend *backend)
{
	const char *service = backend->service->name;
	struct rtnl_route route;
	char buf[INET6_ADDRSTRLEN];
	bool local = doctor_route(d, backend, &route) == -EADDRINUSE;

	endpoint_address(backend->spec.family, &backend->spec.addr, buf);
	if (local && !is_served(backend))
		doctor_found(d, DOCTOR_BACKEND_LOCAL,
			     doctor_words("backend %s/%s", service, backend->name),
			     doctor_words("%s is this gateway, and nothing listens there", buf),
			     doctor_words("vipctl down %s/%s", service, backend->name));
	else if (!local && is_vip(backend))
		doctor_found(d, DOCTOR_BACKEND_IS_VIP,
			     doctor_words("backend %s/%s", service, backend->name),
			     doctor_words("its address %s is the VIP of its service", buf),
			     doctor_words("vipctl del --force backend %s/%s", service,
					  backend->name));
}

void doctor_local(struct doctor *d)
{
	struct nf_vip_plan_backend *backend;
	struct nf_vip_plan_service *service;

	for (service = doctor_next(d, NULL); service; service = doctor_next(d, service))
		list_for_each_entry(backend, &service->backends, node)
			if (backend->spec.state == NF_VIP_STATE_UP)
				look(d, backend);
}
