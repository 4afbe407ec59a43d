// SPDX-License-Identifier: GPL-2.0
/* Rules of the gateway that are in the way of services. */
#include "doctor/doctor.h"
#include "lib/program.h"
#include "rules/rules.h"

/*
 * All rules, and apart from them the rules of iptables-nft as iptables sees
 * them, because nftables cannot tell their matches.
 */
struct view {
	struct doctor *d;
	struct rules all;
	struct rules tables;
	bool has_tables;
};

static int read_program(struct rules *rules, __u8 family, char *save, const char *program)
{
	char *argv[2] = { save, NULL };
	struct text text = { 0 };
	int err = program_read(argv, &text);

	if (!err)
		err = rules_read_iptables(rules, family, program, text.data);
	text_free(&text);
	return err;
}

/* Running the program would load the kernel's modules, so the kernel is asked first. */
static void read_legacy(struct view *view, const char *names, __u8 family, char *save,
			const char *program)
{
	struct text text = { 0 };
	int err = text_read_file(&text, names, 4096);

	if (!err && text.len)
		err = read_program(&view->all, family, save, program);
	if (err && text.len)
		doctor_unseen(view->d, save, err);
	else if (err && err != -ENOENT)
		doctor_unseen(view->d, names, err);
	text_free(&text);
}

static void read_tables(struct view *view, __u8 family, char *save, const char *program)
{
	int err = read_program(&view->tables, family, save, program);

	view->has_tables &= !err;
	if (err)
		doctor_unseen(view->d, save, err);
}

static bool read_rules(struct view *view)
{
	char sentence[NF_VIP_ERROR_MAX];
	int err = rules_read_nft(&view->all, sentence);

	if (err == -ENOMEM)
		view->d->failed = true;
	else if (err)
		doctor_unseen_because(view->d, "rules of nftables", sentence);
	read_legacy(view, "/proc/net/ip_tables_names", NFPROTO_IPV4, "iptables-legacy-save",
		    "iptables-legacy");
	read_legacy(view, "/proc/net/ip6_tables_names", NFPROTO_IPV6, "ip6tables-legacy-save",
		    "ip6tables-legacy");
	view->has_tables = view->all.has_xt;
	if (view->all.has_xt) {
		read_tables(view, NFPROTO_IPV4, "iptables-nft-save", "iptables-nft");
		read_tables(view, NFPROTO_IPV6, "ip6tables-nft-save", "ip6tables-nft");
	}
	return !err;
}

static struct rules_flow flow_to_vip(const struct nf_vip_plan_service *service, unsigned int i)
{
	const struct nf_vip_match *match = &service->spec.matches[i];

	return (struct rules_flow){
		.family = service->spec.family, .proto = service->spec.proto,
		.daddr = match->addr, .first = match->first, .last = match->last,
		.iif = service->spec.dev, .oif = "",
	};
}

/* A backend without a port of its own has those of the service. */
static struct rules_flow flow_to_backend(const struct nf_vip_plan_backend *backend, const char *oif)
{
	const struct nf_vip_service_spec *service = &backend->service->spec;
	__u16 port = ntohs(backend->spec.port);

	if (!port)
		port = ntohs(nf_vip_port(service));
	return (struct rules_flow){
		.family = service->family, .proto = service->proto,
		.daddr = backend->spec.addr, .first = port ? port : NF_VIP_PORT_FIRST,
		.last = port ? port : NF_VIP_PORT_LAST, .iif = service->dev, .oif = oif,
	};
}

/* Only rules that name the VIP count: a rule for everything may be meant for others. */
static void look_at_rule(struct view *view, const struct nf_vip_plan_service *service,
			 const struct rules_rule *rule)
{
	enum doctor_kind kind = rule->action == RULES_DNAT ? DOCTOR_NAT_RULE : DOCTOR_NOTRACK;
	struct rules_flow flow;
	unsigned int i;

	if ((rule->action != RULES_DNAT && rule->action != RULES_NOTRACK) || !rules_names(rule))
		return;
	for (i = 0; i < service->spec.nr_matches; i++) {
		flow = flow_to_vip(service, i);
		if (rules_matches(rule, &flow))
			doctor_found(view->d, kind, rules_place(rule),
				     doctor_words("it may have packets to the VIP of service %s",
						  service->name),
				     rules_delete(rule));
	}
}

static bool concerns(const struct nf_vip_plan_service *service, const struct rules_rule *rule)
{
	const struct nf_vip_plan_backend *backend;
	struct rules_flow flow;
	unsigned int i;

	for (i = 0; i < service->spec.nr_matches; i++) {
		flow = flow_to_vip(service, i);
		if (rules_matches(rule, &flow))
			return true;
	}
	list_for_each_entry(backend, &service->backends, node) {
		flow = flow_to_backend(backend, "");
		if (rules_matches(rule, &flow))
			return true;
	}
	return false;
}

/* Is the mark a backend's? A rule may say on purpose which backend a connection gets. */
static bool is_backend(const struct doctor *d, __u32 mark)
{
	const struct nf_vip_plan_backend *backend;
	const struct nf_vip_plan_service *service;

	list_for_each_entry(service, &d->model.plan.services, node)
		list_for_each_entry(backend, &service->backends, node)
			if (backend->spec.mark == mark)
				return true;
	return false;
}

static void look_at_mark(struct view *view, const struct nf_vip_plan_service *service,
			 const struct rules_rule *rule)
{
	__u32 mask = view->d->mark_mask;

	if (rule->action != RULES_CTMARK || !(rule->bits & mask) ||
	    (rule->known && is_backend(view->d, rule->value & mask)) ||
	    !concerns(service, rule))
		return;
	doctor_found(view->d, DOCTOR_MARK_RULE, rules_place(rule),
		     doctor_words("it writes bits %#x of connection marks, and mark_mask is %#x",
				  rule->bits, mask),
		     rules_delete(rule));
}

/* Most clients come by the interface that has the VIP, or from afar. */
static const char *likely_input(const struct doctor *d, const struct nf_vip_plan_service *service)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	const struct rtnl_link *link = NULL;
	const struct rtnl_address *own;

	if (*spec->dev)
		return spec->dev;
	own = spec->nr_matches ? rtnl_own(&d->net, spec->family, &spec->matches[0].addr) : NULL;
	if (own)
		link = rtnl_link(&d->net, rtnl_link_name(&d->net, own->ifindex));
	if (link && !(link->flags & (IFF_LOOPBACK | IFF_NOARP)))
		return link->name;
	return doctor_way_out(d, spec->family);
}

static void look_at_drop(struct view *view, const struct nf_vip_plan_backend *backend,
			 const struct rules *rules, const struct rules_chain *drop)
{
	struct rules_flow flow;
	struct rtnl_route route;

	if ((drop->family != NFPROTO_INET && drop->family != backend->spec.family) ||
	    backend->spec.state == NF_VIP_STATE_DOWN ||
	    doctor_route(view->d, backend, &route))
		return;
	flow = flow_to_backend(backend, rtnl_link_name(&view->d->net, route.ifindex));
	flow.iif = likely_input(view->d, backend->service);
	if (rules_accept(rules, drop, &flow))
		return;
	doctor_found(view->d, DOCTOR_FORWARD_DROP,
		     rules_chain_place(drop),
		     doctor_words("its policy is drop, no rule accepts packets to backend %s/%s",
				  backend->service->name, backend->name),
		     rules_let_through(drop, view->d->mark_mask));
}

static void look_at_drops(struct view *view, const struct nf_vip_plan_backend *backend)
{
	const struct rules *rules = &view->all;
	size_t i;

	for (i = 0; i < rules->nr_drops; i++)
		if (!view->has_tables || !rules_is_iptables(&rules->drops[i]))
			look_at_drop(view, backend, rules, &rules->drops[i]);
	rules = &view->tables;
	for (i = 0; i < rules->nr_drops; i++)
		look_at_drop(view, backend, rules, &rules->drops[i]);
}

static void look_at_service(struct view *view, const struct nf_vip_plan_service *service)
{
	const struct nf_vip_plan_backend *backend;
	size_t i;

	for (i = 0; i < view->all.nr_rules; i++) {
		look_at_rule(view, service, &view->all.rules[i]);
		look_at_mark(view, service, &view->all.rules[i]);
	}
	for (i = 0; i < view->tables.nr_rules; i++)
		look_at_mark(view, service, &view->tables.rules[i]);
	list_for_each_entry(backend, &service->backends, node)
		look_at_drops(view, backend);
}

void doctor_rules(struct doctor *d)
{
	const struct nf_vip_plan_service *service = doctor_next(d, NULL);
	struct view view = { .d = d };

	if (service || d->model.plan.fastpath_line) {
		if (read_rules(&view))
			doctor_fastpath(d, view.all.has_flowtable);
		for (; service; service = doctor_next(d, service))
			look_at_service(&view, service);
	}
	rules_free(&view.all);
	rules_free(&view.tables);
}
