// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "import/import_walk.h"
#include "lib/app.h"

/* After so many packets the counters of nth have shown the parts well enough. */
#define PACKETS_MAX	65536

/* Parts are sums of fractions: a sum this near to the whole is the whole. */
#define WHOLE		0.999999

/* The cost of a rule that takes packets; a rule that does not costs 1. */
#define TAKEN		8

/* Packets that have the same marks, and the flag that gave them these marks. */
struct flow {
	__u32 mark;
	__u32 ctmark;
	struct iptables_flag *flag;
	double part;
};

void *import_list_add(struct import_list *list, size_t size)
{
	if (list->nr == list->room) {
		list->room = list->room ? 2 * list->room : 4;
		list->items = reallocarray(list->items, list->room, size);
		if (!list->items) {
			vipctl_complain("import: out of memory");
			exit(VIPCTL_REFUSED);
		}
	}
	return memset((char *)list->items + list->nr++ * size, 0, size);
}

void import_list_add_once(struct import_list *list, void *pointer)
{
	void **items = list->items;
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (items[i] == pointer)
			return;
	*(void **)import_list_add(list, sizeof(pointer)) = pointer;
}

/* Takes steps off what is left, because the work is bounded whatever the rules are. */
static void charge(struct import_walk *w, unsigned long steps)
{
	w->steps -= steps < w->steps ? steps : w->steps;
}

static struct flow *flows_of(const struct import_list *list)
{
	return list->items;
}

/* No two flows of a list are alike, so a flow that comes out of a list needs no comparison. */
static void append_flow(struct import_list *list, const struct flow *flow)
{
	*(struct flow *)import_list_add(list, sizeof(*flow)) = *flow;
}

static void add_flow(struct import_list *list, const struct flow *flow)
{
	struct flow *flows = flows_of(list);
	unsigned int i;

	if (flow->part <= 0)
		return;
	for (i = 0; i < list->nr; i++) {
		if (flows[i].mark == flow->mark && flows[i].ctmark == flow->ctmark &&
		    flows[i].flag == flow->flag) {
			flows[i].part += flow->part;
			return;
		}
	}
	append_flow(list, flow);
}

static void move_flows(struct import_list *to, struct import_list *from)
{
	unsigned int i;

	for (i = 0; i < from->nr; i++)
		add_flow(to, &flows_of(from)[i]);
	from->nr = 0;
}

static double part_of(const struct import_list *list)
{
	double sum = 0;
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		sum += flows_of(list)[i].part;
	return sum;
}

bool import_dst_covers(const struct iptables_rule *rule, const struct ip_address *addr)
{
	const __u8 *a = (const __u8 *)&rule->dst.addr, *b = (const __u8 *)&addr->addr;
	unsigned int bytes = rule->dst_bits / 8, bits = rule->dst_bits % 8;
	bool same;

	if (!rule->dst.family)
		return true;
	if (rule->dst.family != addr->family)
		return false;
	same = !memcmp(a, b, bytes) && (!bits || !((a[bytes] ^ b[bytes]) >> (8 - bits)));
	return same != rule->not_dst;
}

static bool ports_cover(const struct iptables_rule *rule, const struct import_probe *probe)
{
	unsigned int i;
	bool in = false;

	if (!rule->nr_ports)
		return true;
	if (probe->proto == IPPROTO_RAW)
		return false;
	for (i = 0; i < rule->nr_ports; i++)
		in |= rule->ports[i][0] <= probe->first && probe->last <= rule->ports[i][1];
	return in != rule->not_ports;
}

bool import_covers(const struct iptables_rule *rule, const struct import_probe *probe)
{
	if (!import_dst_covers(rule, &probe->dst))
		return false;
	if (!import_proto_covers(rule, probe->proto))
		return false;
	if (rule->dev && (!probe->dev || strcmp(rule->dev, probe->dev)))
		return false;
	return ports_cover(rule, probe);
}

/* Flows of @hit for which a yes-or-no match does not hold go to @miss. */
static void sieve(struct import_list *hit, struct import_list *miss,
		  const struct iptables_step *step)
{
	unsigned int i, kept = 0;

	for (i = 0; i < hit->nr; i++) {
		struct flow flow = flows_of(hit)[i];
		__u32 mark = step->kind == IPTABLES_STEP_MARK ? flow.mark : flow.ctmark;

		if (((mark & step->mask) == step->value) != step->negated)
			flows_of(hit)[kept++] = flow;
		else
			append_flow(miss, &flow);
	}
	hit->nr = kept;
}

static void divide(struct import_list *hit, struct import_list *miss, double part)
{
	unsigned int i;

	for (i = 0; i < hit->nr; i++) {
		struct flow *flow = &flows_of(hit)[i], other = *flow;

		other.part *= 1 - part;
		flow->part *= part;
		add_flow(miss, &other);
	}
	if (part <= 0)
		hit->nr = 0;
}

/* Only whole packets are counted. If chance has divided a packet before, nth divides it, too. */
static void count_packet(struct import_walk *w, struct import_list *hit, struct import_list *miss,
			 struct iptables_step *step)
{
	bool turn;

	if (part_of(hit) < WHOLE) {
		divide(hit, miss, step->negated ? 1 - 1.0 / step->mask : 1.0 / step->mask);
		return;
	}
	if (!step->count)
		import_list_add_once(&w->counters, step);
	turn = step->count == step->value % step->mask;
	step->count = (step->count + 1) % step->mask;
	divide(hit, miss, turn != step->negated);
}

static void met_flag(struct import_walk *w, struct iptables_rule *rule, struct iptables_flag *flag)
{
	if (!w->record)
		return;
	import_list_add_once(&w->flags, flag);
	flag->rule = rule;
}

/* A new client is in no list of the match recent; a rule that asks for one is persistence. */
static bool met_seen(struct import_walk *w, struct iptables_rule *rule,
		     const struct iptables_step *step)
{
	if (!step->negated && !w->seen) {
		w->seen = rule;
		w->seen_step = step;
	}
	if (w->record)
		import_use(rule)->used = true;
	return step->negated;
}

/* @flag becomes the last flag that had to be 0. */
static void take_step(struct import_walk *w, struct iptables_rule *rule,
		      struct iptables_step *step, struct import_list *hit,
		      struct import_list *miss, struct iptables_flag **flag)
{
	switch (step->kind) {
	case IPTABLES_STEP_MARK:
	case IPTABLES_STEP_CONNMARK:
		sieve(hit, miss, step);
		break;
	case IPTABLES_STEP_NTH:
		w->nth = true;
		count_packet(w, hit, miss, step);
		break;
	case IPTABLES_STEP_RANDOM:
		w->random = true;
		divide(hit, miss, step->negated ? 1 - step->part : step->part);
		break;
	case IPTABLES_STEP_FLAG:
		met_flag(w, rule, step->flag);
		if (step->flag->one == step->negated)
			move_flows(miss, hit);
		else if (step->negated)
			*flag = step->flag;
		break;
	case IPTABLES_STEP_NEW:
		if (step->value == step->negated)
			move_flows(miss, hit);
		break;
	case IPTABLES_STEP_SEEN:
		if (!met_seen(w, rule, step))
			move_flows(miss, hit);
		break;
	}
}

static void set_marks(const struct iptables_rule *rule, struct flow *flow,
		      struct iptables_flag *flag)
{
	switch (rule->target) {
	case IPTABLES_TO_MARK:
		flow->mark = (flow->mark & ~rule->mask) ^ rule->value;
		break;
	case IPTABLES_TO_CONNMARK:
		flow->ctmark = (flow->ctmark & ~rule->mask) ^ rule->value;
		break;
	case IPTABLES_TO_SAVE:
		flow->ctmark = (flow->ctmark & ~rule->mask) ^ (flow->mark & rule->value);
		return;
	case IPTABLES_TO_RESTORE:
		flow->mark = (flow->mark & ~rule->value) ^ (flow->ctmark & rule->mask);
		return;
	default:
		return;
	}
	if (flag)
		flow->flag = flag;
}

static void end_flow(struct import_walk *w, struct iptables_rule *rule, const struct flow *flow,
		     struct iptables_flag *flag)
{
	struct import_end *ends = w->ends.items, *end;
	__u32 mark = flow->ctmark ? flow->ctmark : flow->mark;
	struct import_use *use = import_use(rule);
	unsigned int i;

	if (!flag)
		flag = flow->flag;
	/* A rule that no packet of this walk has come to has no end yet, so no end is compared. */
	for (i = use->walk == w->number ? 0 : w->ends.nr; i < w->ends.nr; i++) {
		if (ends[i].rule == rule && ends[i].mark == mark && ends[i].flag == flag) {
			ends[i].part += flow->part;
			return;
		}
	}
	use->walk = w->number;
	if (w->ends.nr == NF_VIP_BACKENDS_MAX) {
		w->steps = 0;
		return;
	}
	end = import_list_add(&w->ends, sizeof(*end));
	*end = (struct import_end){ rule, mark, flag, flow->part };
}

static void walk_chain(struct import_walk *w, struct iptables_chain *chain,
		       struct import_list *flows, struct iptables_flag *flag, unsigned int depth);

static void follow_jump(struct import_walk *w, struct iptables_rule *rule, struct import_list *hit,
			struct iptables_flag *flag, unsigned int depth)
{
	if (rule->jump->busy || depth == IMPORT_DEPTH_MAX)
		w->loop = rule;
	else
		walk_chain(w, rule->jump, hit, flag, depth + 1);
}

/* What packets that match do; flows that go on in the chain come back to @flows. */
static void take_target(struct import_walk *w, struct iptables_rule *rule, struct import_list *hit,
			struct import_list *flows, struct import_list *back,
			struct iptables_flag *flag, unsigned int depth)
{
	unsigned int i;

	charge(w, hit->nr * (flows->nr + 1UL) / 8);
	switch (rule->target) {
	case IPTABLES_TO_ACCEPT:
		move_flows(&w->passed, hit);
		return;
	case IPTABLES_TO_DROP:
		w->dropped += part_of(hit);
		return;
	case IPTABLES_TO_RETURN:
		move_flows(back, hit);
		return;
	case IPTABLES_TO_JUMP:
	case IPTABLES_TO_GOTO:
		follow_jump(w, rule, hit, flag, depth);
		move_flows(rule->target == IPTABLES_TO_GOTO ? back : flows, hit);
		return;
	case IPTABLES_TO_DNAT:
		charge(w, hit->nr * w->ends.nr / 8);
		for (i = 0; i < hit->nr; i++)
			end_flow(w, rule, &flows_of(hit)[i], flag);
		return;
	case IPTABLES_TO_REDIRECT:
		w->rest += part_of(hit);
		return;
	default:
		for (i = 0; i < hit->nr; i++)
			set_marks(rule, &flows_of(hit)[i], flag);
		move_flows(flows, hit);
	}
}

/* Is there anything to take over from a rule? Only its target counts. */
static bool matters(const struct iptables_rule *rule)
{
	return rule->target != IPTABLES_TO_NOTHING && rule->target != IPTABLES_TO_SNAT;
}

static void walk_rule(struct import_walk *w, struct iptables_rule *rule, struct import_list *flows,
		      struct import_list *back, struct iptables_flag *flag, unsigned int depth)
{
	struct import_list hit;
	unsigned int i;

	if ((rule->strange || rule->src) && rule != w->assume) {
		if (w->record)
			import_list_add_once(&w->strange, rule);
		return;
	}
	hit = *flows;
	*flows = (struct import_list){ 0 };
	charge(w, TAKEN + hit.nr);
	for (i = 0; i < rule->nr_steps && hit.nr; i++)
		take_step(w, rule, &rule->steps[i], &hit, flows, &flag);
	if (hit.nr) {
		import_use(rule)->used |= w->record;
		take_target(w, rule, &hit, flows, back, flag, depth);
	}
	free(hit.items);
}

static void walk_chain(struct import_walk *w, struct iptables_chain *chain,
		       struct import_list *flows, struct iptables_flag *flag, unsigned int depth)
{
	struct import_list back = { 0 };
	struct iptables_rule *rule;

	chain->busy = true;
	STAILQ_FOREACH(rule, &chain->rules, next) {
		if (!flows->nr || !w->steps || w->loop)
			break;
		charge(w, 1);
		if (matters(rule) && import_covers(rule, &w->probe))
			walk_rule(w, rule, flows, &back, flag, depth);
	}
	chain->busy = false;
	move_flows(flows, &back);
	free(back.items);
}

static void send_packet(struct import_walk *w)
{
	static const struct flow first = { .part = 1 };
	struct import_list flows = { 0 };
	struct iptables_chain *chain;
	enum iptables_table table;

	add_flow(&flows, &first);
	for (table = 0; table < IMPORT_TABLES; table++) {
		chain = iptables_chain(w->rules, table, w->hook);
		if (!chain)
			continue;
		walk_chain(w, chain, &flows, NULL, 0);
		if (chain->drops) {
			w->dropped += part_of(&flows);
			flows.nr = 0;
		}
		move_flows(&flows, &w->passed);
	}
	w->rest += part_of(&flows);
	free(flows.items);
}

static bool all_began_again(const struct import_walk *w)
{
	struct iptables_step **counters = w->counters.items;
	unsigned int i;

	for (i = 0; i < w->counters.nr; i++)
		if (counters[i]->count)
			return false;
	return true;
}

/* Parts were added up for each packet: makes them parts of all packets. */
static void scale(struct import_walk *w, unsigned int packets)
{
	struct import_end *ends = w->ends.items;
	unsigned int i;

	for (i = 0; i < w->ends.nr; i++)
		ends[i].part /= packets;
	w->rest /= packets;
	w->dropped /= packets;
}

static void start(struct import_walk *w)
{
	w->number++;
	w->ends.nr = 0;
	w->strange.nr = 0;
	w->flags.nr = 0;
	w->counters.nr = 0;
	w->passed.nr = 0;
	w->rest = 0;
	w->dropped = 0;
	w->nth = false;
	w->random = false;
	w->seen = NULL;
	w->seen_step = NULL;
}

int import_walk(struct import_walk *w)
{
	struct iptables_step **counters;
	unsigned int packets = 0, i;

	start(w);
	do {
		send_packet(w);
		packets++;
	} while (!all_began_again(w) && packets < PACKETS_MAX && w->steps && !w->loop);
	counters = w->counters.items;
	for (i = 0; i < w->counters.nr; i++)
		counters[i]->count = 0;
	scale(w, packets);
	return w->loop ? -ELOOP : w->steps ? 0 : -E2BIG;
}

void import_walk_free(struct import_walk *w)
{
	free(w->ends.items);
	free(w->strange.items);
	free(w->flags.items);
	free(w->counters.items);
	free(w->passed.items);
}
