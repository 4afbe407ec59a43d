// SPDX-License-Identifier: GPL-2.0
/* Rules of iptables, as far as they concern a balancer: from their model to struct rules. */
#include <stdlib.h>
#include "lib/quote.h"
#include "rules/iptables.h"
#include "rules/rules.h"

/* Where the rules come from. */
struct source {
	struct rules *rules;
	__u8 family;
	const char *program;
};

static int add_destination(struct rules_match *match, const struct iptables_rule *rule)
{
	struct rules_cond *cond;

	if (!rule->dst.family)
		return 0;
	cond = rules_new_cond(match, RULES_DADDR, rule->not_dst);
	return rules_add_prefix(cond, (__u8)rule->dst.family, &rule->dst.addr, rule->dst_bits);
}

/* A protocol that is unknown here is not that of any service. */
static int add_protocol(struct rules_match *match, const struct iptables_rule *rule)
{
	struct rules_cond *cond;

	if (!rule->proto && !rule->other_proto)
		return 0;
	cond = rules_new_cond(match, RULES_PROTO, rule->not_proto);
	return rules_add_numbers(cond, rule->proto, rule->proto);
}

static int add_ports(struct rules_match *match, const struct iptables_rule *rule)
{
	struct rules_cond *cond;
	unsigned int i;
	int err = 0;

	if (!rule->nr_ports)
		return 0;
	cond = rules_new_cond(match, RULES_DPORT, rule->not_ports);
	for (i = 0; i < rule->nr_ports && !err; i++)
		err = rules_add_numbers(cond, rule->ports[i][0], rule->ports[i][1]);
	return err;
}

/* Adds an interface; the "eth+" of iptables is the "eth*" of nftables. */
static int add_interface(struct rules_match *match, enum rules_key key, const char *name,
			 bool negated)
{
	char pattern[sizeof(((struct rules_span *)0)->first)];
	size_t len;

	if (!name)
		return 0;
	len = (size_t)snprintf(pattern, sizeof(pattern), "%s", name);
	if (len && len < sizeof(pattern) && pattern[len - 1] == '+')
		pattern[len - 1] = '*';
	return rules_add_name(rules_new_cond(match, key, negated), pattern);
}

/* A step that says nothing of an address, a port or a state may match or not. */
static int add_steps(struct rules_match *match, const struct iptables_rule *rule)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < rule->nr_steps && !err; i++) {
		const struct iptables_step *step = &rule->steps[i];
		__u32 state = step->value ? RULES_NEW : 0;

		if (step->kind == IPTABLES_STEP_NEW && !step->mask)
			err = rules_add_numbers(rules_new_cond(match, RULES_STATE, step->negated),
						state, state);
	}
	return err;
}

static int add_conds(struct rules_match *match, const struct iptables_rule *rule)
{
	int err = add_destination(match, rule);

	if (!err)
		err = add_protocol(match, rule);
	if (!err)
		err = add_ports(match, rule);
	if (!err)
		err = add_interface(match, RULES_IIF, rule->in, rule->not_in);
	if (!err)
		err = add_interface(match, RULES_OIF, rule->out, rule->not_out);
	return err ? err : add_steps(match, rule);
}

/* Quotes the words of a rule behind "-A CHAIN" for a shell. */
static char *quote_all(const char *rule)
{
	char room[QUOTED_SIZE], *copy = strdup(rule), *words[IPTABLES_WORDS_MAX], *text = NULL;
	size_t len;
	FILE *to = copy ? open_memstream(&text, &len) : NULL;
	int i, nr = to ? words_split(copy, words, IPTABLES_WORDS_MAX) : 0;

	for (i = 2; i < nr; i++)
		fprintf(to, "%s%s", i > 2 ? " " : "", quoted(words[i], room));
	free(copy);
	if (to && !fclose(to))
		return text;
	free(text);
	return NULL;
}

/* Any other target is a jump, which leads nowhere if there is no such chain. */
static enum rules_action action_of(const struct iptables_rule *rule)
{
	if (!strcmp(rule->target_name, "ACCEPT") || !strcmp(rule->target_name, "NFQUEUE"))
		return RULES_ACCEPT;
	if (!strcmp(rule->target_name, "DNAT") || !strcmp(rule->target_name, "REDIRECT"))
		return RULES_DNAT;
	if (!strcmp(rule->target_name, "NOTRACK") || rule->notrack)
		return RULES_NOTRACK;
	if (rule->target == IPTABLES_TO_CONNMARK || rule->target == IPTABLES_TO_SAVE)
		return RULES_CTMARK;
	return RULES_JUMP;
}

static int add_rule(const struct source *source, const struct iptables_rule *rule)
{
	struct rules_match *match = rules_new_match(source->rules);
	struct rules_rule *new;

	if (!match || add_conds(match, rule))
		return -ENOMEM;
	new = rules_add_rule(source->rules);
	if (!new)
		return -ENOMEM;
	new->family = source->family;
	new->program = source->program;
	new->match = match;
	new->text = quote_all(rule->text);
	new->table = strdup(iptables_table_name(rule->chain->table));
	new->chain = strdup(rule->chain->name);
	new->action = action_of(rule);
	new->target = strdup(rule->target_name);
	new->known = rule->target == IPTABLES_TO_CONNMARK;
	new->value = new->known ? rule->value : 0;
	new->bits = rule->mask | new->value;
	return new->text && new->table && new->chain && new->target ? 0 : -ENOMEM;
}

static int add_set(const struct source *source, const struct iptables_set *set)
{
	const struct iptables_chain *forward = iptables_chain(set, IPTABLES_FILTER, "FORWARD");
	const struct iptables_rule *rule;
	struct rules_chain *drop;
	int err = 0;

	STAILQ_FOREACH(rule, &set->all, all)
		if (!err)
			err = add_rule(source, rule);
	if (err || !forward || !forward->drops)
		return err;
	drop = rules_add_drop(source->rules);
	if (!drop)
		return -ENOMEM;
	drop->family = source->family;
	drop->program = source->program;
	drop->table = strdup(iptables_table_name(IPTABLES_FILTER));
	drop->name = strdup(forward->name);
	return drop->table && drop->name ? 0 : -ENOMEM;
}

int rules_read_iptables(struct rules *rules, __u8 family, const char *program, char *text)
{
	struct source source = { rules, family, program };
	struct arena arena = { 0 };
	struct iptables_set *set;
	unsigned int number = 0;
	struct iptables ipt;
	char *line;
	int err = 0;

	iptables_init(&ipt, &arena, IPTABLES_TABLES);
	while (!err && (line = strsep(&text, "\n")))
		err = iptables_read_line(&ipt, ++number, line);
	if (!err)
		err = iptables_finish(&ipt);
	STAILQ_FOREACH(set, &ipt.sets, next)
		if (!err)
			err = add_set(&source, set);
	iptables_free(&ipt);
	arena_free(&arena);
	return err;
}
