// SPDX-License-Identifier: GPL-2.0
/*
 * From rules to services. The addresses, ports, protocols and interfaces that
 * rules name divide all packets into kinds: every rule takes all packets of a
 * kind or none. import_result.c says what becomes of each kind; kinds with the
 * same answer become one service.
 */
#include <math.h>
#include <search.h>
#include <stdlib.h>
#include "import/import_result.h"

/* A service that is being made, and what its ports have in common. */
struct group {
	struct import_service *service;
	struct import_result result;
	const char *dev;
	__u8 proto;

	STAILQ_ENTRY(group) next;
};

/* By what the rules tell packets to one virtual address apart. */
struct kinds {
	struct import_list ports;
	struct import_list devs;
	bool tcp;
	bool udp;
	bool sctp;
};

struct importer {
	struct import *im;
	struct iptables_set *rules;
	struct import_walk walk;
	struct kinds kinds;

	STAILQ_HEAD(, group) groups;
};

static int by_address(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct ip_address));
}

static bool is_vip(const struct iptables_rule *rule)
{
	return rule->dst.family && !rule->not_dst && rule->target != IPTABLES_TO_SNAT &&
	       rule->dst_bits == (rule->dst.family == NFPROTO_IPV6 ? 128 : 32);
}

static void add_port(struct kinds *kinds, __u32 port)
{
	if (port >= NF_VIP_PORT_FIRST && port <= NF_VIP_PORT_LAST)
		*(__u32 *)import_list_add(&kinds->ports, sizeof(port)) = port;
}

static bool same_dev(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void add_dev(struct kinds *kinds, const char *dev)
{
	const char **devs = kinds->devs.items;
	unsigned int i;

	for (i = 0; i < kinds->devs.nr; i++)
		if (same_dev(devs[i], dev))
			return;
	*(const char **)import_list_add(&kinds->devs, sizeof(dev)) = dev;
}

static void add_kinds(struct kinds *kinds, const struct iptables_rule *rule)
{
	unsigned int i;

	for (i = 0; i < rule->nr_ports; i++) {
		add_port(kinds, rule->ports[i][0]);
		add_port(kinds, rule->ports[i][1] + 1U);
	}
	if (rule->dev)
		add_dev(kinds, rule->dev);
	kinds->tcp |= rule->proto == IPPROTO_TCP;
	kinds->udp |= rule->proto == IPPROTO_UDP;
	kinds->sctp |= rule->proto == IPPROTO_SCTP;
}

/* Goes through the chains that packets to the address may come to. */
static void visit_chain(struct importer *it, struct iptables_chain *chain,
			const struct ip_address *vip, unsigned int depth)
{
	struct iptables_rule *rule;

	if (!chain || chain->visit == it->rules->visit || depth > IMPORT_DEPTH_MAX)
		return;
	chain->visit = it->rules->visit;
	STAILQ_FOREACH(rule, &chain->rules, next) {
		it->walk.steps -= !!it->walk.steps;
		if (!import_dst_covers(rule, vip) || rule->strange)
			continue;
		add_kinds(&it->kinds, rule);
		visit_chain(it, rule->jump, vip, depth + 1);
	}
}

static int by_port(const void *a, const void *b)
{
	const __u32 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void find_kinds(struct importer *it, const struct ip_address *vip)
{
	struct kinds *kinds = &it->kinds;
	__u32 *ports, i, nr = 0;
	enum iptables_table table;

	kinds->ports.nr = 0;
	kinds->devs.nr = 0;
	kinds->tcp = false;
	kinds->udp = false;
	kinds->sctp = false;
	add_port(kinds, NF_VIP_PORT_FIRST);
	add_dev(kinds, NULL);
	it->rules->visit++;
	for (table = 0; table < IMPORT_TABLES; table++)
		visit_chain(it, iptables_chain(it->rules, table, "PREROUTING"), vip, 0);
	ports = kinds->ports.items;
	qsort(ports, kinds->ports.nr, sizeof(*ports), by_port);
	for (i = 0; i < kinds->ports.nr; i++)
		if (!nr || ports[nr - 1] != ports[i])
			ports[nr++] = ports[i];
	kinds->ports.nr = nr;
}

/* Adds ports to the last range if they follow it. Returns false if there is no room. */
static bool add_vip(struct import_service *service, const struct import_probe *probe)
{
	struct import_vip *vip = &service->vips[service->nr_vips];

	if (service->nr_vips && vip[-1].last + 1 == probe->first &&
	    !by_address(&vip[-1].address, &probe->dst)) {
		vip[-1].last = probe->last;
		return true;
	}
	if (service->nr_vips == NF_VIP_MATCHES_MAX)
		return false;
	*vip = (struct import_vip){ probe->dst, probe->first, probe->last };
	service->nr_vips++;
	return true;
}

static bool join_group(struct importer *it, const struct import_result *result)
{
	const struct import_probe *probe = &it->walk.probe;
	struct group *group;

	STAILQ_FOREACH(group, &it->groups, next) {
		it->walk.steps -= !!it->walk.steps;
		if (same_dev(group->dev, probe->dev) && group->proto == probe->proto &&
		    group->service->family == probe->dst.family &&
		    import_same_result(&group->result, result) &&
		    add_vip(group->service, probe))
			return true;
	}
	return false;
}

static void new_group(struct importer *it, const struct import_result *result)
{
	const struct import_probe *probe = &it->walk.probe;
	struct group *group = arena_alloc(&it->im->arena, sizeof(*group));

	group->service = import_add_service(it->im);
	group->service->proto = probe->proto;
	group->service->family = (__u8)probe->dst.family;
	group->service->dev = probe->dev;
	group->result = *result;
	group->result.tiers.items = arena_copy(&it->im->arena, result->tiers.items,
					       result->tiers.nr * sizeof(struct import_tier));
	group->dev = probe->dev;
	group->proto = probe->proto;
	add_vip(group->service, probe);
	STAILQ_INSERT_TAIL(&it->groups, group, next);
}

static void blame(const struct import_result *result, const char *why)
{
	const struct import_tier *tiers = result->tiers.items;
	unsigned int i;

	for (i = 0; i < result->tiers.nr; i++)
		import_why(tiers[i].end.rule, why);
}

static void place(struct importer *it, const struct import_result *result)
{
	if (!result->tiers.nr)
		return;
	if (it->walk.probe.proto == IPPROTO_RAW)
		blame(result, "protocols that nf_vip does not balance are translated, too");
	else if (!join_group(it, result))
		new_group(it, result);
}

/* Packets of one interface. @all is the result for interfaces that no rule names. */
static int import_dev(struct importer *it, const char *dev, const struct import_result *all)
{
	struct import_result result = { 0 };
	int err;

	it->walk.probe.dev = dev;
	err = import_examine(it->im, &it->walk, &result);
	if (!err && !import_same_result(&result, all)) {
		place(it, &result);
		if (!result.tiers.nr)
			blame(all, import_string(it->im, "not for what comes in by %s", dev));
	}
	free(result.tiers.items);
	return err;
}

static int import_devs(struct importer *it)
{
	const char **devs = it->kinds.devs.items;
	struct import_result all = { 0 };
	unsigned int i;
	int err;

	it->walk.probe.dev = NULL;
	err = import_examine(it->im, &it->walk, &all);
	if (!err)
		place(it, &all);
	/* The first item of the list stands for interfaces that no rule names. */
	for (i = 1; i < it->kinds.devs.nr && !err; i++)
		err = import_dev(it, devs[i], &all);
	free(all.tiers.items);
	return err;
}

static int import_ports(struct importer *it, __u8 proto)
{
	__u32 *ports = it->kinds.ports.items;
	unsigned int i, nr = it->kinds.ports.nr;
	int err = 0;

	it->walk.probe.proto = proto;
	for (i = 0; i < nr && !err; i++) {
		it->walk.probe.first = (__u16)ports[i];
		it->walk.probe.last = i + 1 < nr ? (__u16)(ports[i + 1] - 1) : NF_VIP_PORT_LAST;
		err = import_devs(it);
	}
	return err;
}

/* Rules that name no protocol are taken to be for TCP and UDP, at least. */
static int import_vip(struct importer *it, const struct ip_address *vip)
{
	int err;

	find_kinds(it, vip);
	it->walk.probe = (struct import_probe){ .dst = *vip, .proto = IPPROTO_RAW,
						.first = NF_VIP_PORT_FIRST,
						.last = NF_VIP_PORT_LAST };
	err = import_walk(&it->walk);
	if (!err && it->walk.ends.nr) {
		it->kinds.tcp = true;
		it->kinds.udp = true;
		err = import_devs(it);
	}
	if (!err && it->kinds.tcp)
		err = import_ports(it, IPPROTO_TCP);
	if (!err && it->kinds.udp)
		err = import_ports(it, IPPROTO_UDP);
	if (!err && it->kinds.sctp)
		err = import_ports(it, IPPROTO_SCTP);
	return err;
}

static bool leads_to(const struct iptables_rule *rule, const struct import_end *end)
{
	if (rule->target == IPTABLES_TO_MARK)
		return end->mark == rule->value;
	return rule->to && end->rule->to && !strcmp(end->rule->to, rule->to);
}

static void add_persist(struct import *im, struct import_service *service,
			const struct import_result *result)
{
	const struct import_tier *tiers = result->tiers.items;
	struct iptables_rule *rule = result->seen;
	bool known = rule->target != IPTABLES_TO_DNAT && rule->target != IPTABLES_TO_MARK;
	unsigned int i;

	service->persist = result->seen_step->value;
	service->mask = result->seen_step->mask;
	for (i = 0; i < result->tiers.nr && !known; i++)
		known = leads_to(rule, &tiers[i].end);
	if (!known)
		import_why(rule, "recent leads to a server that gets no connections otherwise");
	import_note(im, &service->notes, rule->line, "",
		    "recent became persist, which counts from the begin of the last connection");
}

static void note_lines(struct import *im, struct import_service *service,
		       const struct import_result *result)
{
	const struct import_tier *tiers = result->tiers.items;
	unsigned int i;

	for (i = 0; i < result->tiers.nr; i++)
		if (!i || tiers[i].end.rule != tiers[i - 1].end.rule)
			import_note(im, &service->notes, tiers[i].end.rule->line, "",
				    tiers[i].end.rule->text);
	if (result->nth && result->random)
		import_note(im, &service->notes, 0, "",
			    "nth and random divide it: random does now");
	if (result->unsure)
		import_note(im, &service->notes, 0, "",
			    "too many flags to try what each of them does alone");
}

static void complete(struct import *im, struct iptables_set *rules, struct group *group)
{
	const struct import_tier *tiers = group->result.tiers.items;
	struct import_service *service = group->service;
	unsigned int i;

	note_lines(im, service, &group->result);
	service->scheduler = group->result.random ? NF_VIP_SCHED_RANDOM : NF_VIP_SCHED_NTH;
	service->on_empty = group->result.on_empty;
	if (group->result.seen)
		add_persist(im, service, &group->result);
	for (i = 0; i < group->result.tiers.nr; i++)
		import_destinations(im, service, &tiers[i]);
	/* Nothing is to be said here: each rule of the service says why it was not taken. */
	if (!service->nr_backends)
		import_remove_service(im, service);
	import_weigh(im, service);
	import_source(im, rules, service);
}

/* Do the gateway's own connections go where those from outside go, in the same parts? */
static bool same_way(const struct import_walk *w, const struct import_result *result,
		     const struct import_end *end)
{
	const struct import_tier *tiers = result->tiers.items;
	unsigned int i, nr = 0;

	for (i = 0; i < result->tiers.nr; i++)
		nr += tiers[i].tier == 1;
	for (i = 0; i < result->tiers.nr && nr == w->ends.nr; i++)
		if (end->rule->to && tiers[i].end.rule->to &&
		    !strcmp(end->rule->to, tiers[i].end.rule->to) &&
		    fabs(end->part - tiers[i].end.part) < 0.001)
			return true;
	return false;
}

static const char not_local[] = "a service with dev is not for the gateway's own connections";
static const char other_ways[] = "the gateway's own connections go other ways than others";

static void check_output(struct importer *it, const struct group *group)
{
	struct import_end *ends = it->walk.ends.items;
	unsigned int i;

	for (i = 0; i < it->walk.ends.nr; i++) {
		if (group->dev)
			import_why(ends[i].rule, not_local);
		else if (!same_way(&it->walk, &group->result, &ends[i]))
			import_why(ends[i].rule, other_ways);
	}
}

/* A service without an interface would balance the gateway's own connections, too: do the rules? */
static int examine_output(struct importer *it)
{
	struct group *group;
	unsigned int i;
	int err = 0;

	it->walk.hook = "OUTPUT";
	STAILQ_FOREACH(group, &it->groups, next) {
		for (i = 0; i < group->service->nr_vips && !err; i++) {
			const struct import_vip *vip = &group->service->vips[i];

			it->walk.probe = (struct import_probe){ vip->address, group->proto,
								vip->first, vip->last, NULL };
			it->walk.record = false;
			err = import_walk(&it->walk);
			if (err || !it->walk.ends.nr)
				continue;
			it->walk.record = true;
			err = import_walk(&it->walk);
			check_output(it, group);
		}
	}
	it->walk.record = false;
	return err;
}

/* Notes why a rule that translates destinations was not met by any packet. */
static void check_rule(struct import *im, struct iptables_rule *rule)
{
	const struct import_use *use = import_use(rule);
	bool translates = rule->target == IPTABLES_TO_DNAT || rule->target == IPTABLES_TO_REDIRECT;

	if (rule->target == IPTABLES_TO_REDIRECT)
		import_why(rule, import_string(im, "nf_vip has nothing like -j %.30s",
					       rule->target_name));
	else if (translates && !use->used && (rule->strange || rule->src))
		import_why(rule, import_string(im, "nf_vip has nothing like %s",
					       rule->strange ? rule->strange : "-s"));
	else if (translates && !use->used)
		import_why(rule,
			   "no packet for one address (-d) gets here with the mark that it needs");
	if (use->why)
		import_note(im, &im->not_taken, rule->line, rule->text, use->why);
	else if (!use->used)
		im->ignored++;
}

static int import_vips(struct importer *it)
{
	struct iptables_rule *rule;
	void *vips = NULL;
	int err = 0;

	STAILQ_FOREACH(rule, &it->rules->all, all) {
		void *node;

		if (err || !is_vip(rule))
			continue;
		node = tsearch(&rule->dst, &vips, by_address);
		if (!node)
			err = -ENOMEM;
		else if (*(struct ip_address **)node == &rule->dst)
			err = import_vip(it, &rule->dst);
	}
	while (vips)
		tdelete(*(void **)vips, &vips, by_address);
	return err;
}

static int refuse(struct importer *it, int err)
{
	if (err == -ELOOP)
		return import_refuse(it->im, it->walk.loop->line,
				     "chains jump in a circle, or more than %d deep",
				     IMPORT_DEPTH_MAX);
	if (err == -ENOMEM)
		return import_refuse(it->im, 0, "out of memory");
	return import_refuse(it->im, 0, "the rules are too many, or too entangled, to follow");
}

int import_rules(struct import *im, struct iptables_set *rules)
{
	struct importer it = {
		.im = im,
		.rules = rules,
		.walk = { .rules = rules, .hook = "PREROUTING", .steps = im->steps },
	};
	struct iptables_rule *rule;
	struct group *group;
	int err;

	STAILQ_INIT(&it.groups);
	STAILQ_FOREACH(rule, &rules->all, all)
		rule->data = arena_alloc(&im->arena, sizeof(struct import_use));
	err = import_vips(&it);
	if (!err)
		err = examine_output(&it);
	if (err)
		err = refuse(&it, err);
	STAILQ_FOREACH(group, &it.groups, next)
		if (!err)
			complete(im, rules, group);
	STAILQ_FOREACH(rule, &rules->all, all)
		if (!err)
			check_rule(im, rule);
	import_walk_free(&it.walk);
	free(it.kinds.ports.items);
	free(it.kinds.devs.items);
	return err;
}
