// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "lib/grow.h"
#include "lib/quote.h"
#include "rules/rules.h"

struct rules_match *rules_new_match(struct rules *rules)
{
	struct rules_match *match = calloc(1, sizeof(*match));

	if (match) {
		match->next = rules->matches;
		rules->matches = match;
	}
	return match;
}

struct rules_cond *rules_new_cond(struct rules_match *match, enum rules_key key, bool negated)
{
	struct rules_cond *grown;

	grown = grow(match->conds, match->nr, sizeof(*grown));
	if (!grown)
		return NULL;
	match->conds = grown;
	grown += match->nr++;
	grown->key = key;
	grown->negated = negated;
	return grown;
}

static struct rules_span *add_span(struct rules_cond *cond)
{
	struct rules_span *grown;

	if (!cond)
		return NULL;
	grown = grow(cond->spans, cond->nr, sizeof(*grown));
	if (!grown)
		return NULL;
	cond->spans = grown;
	return &grown[cond->nr++];
}

int rules_add_numbers(struct rules_cond *cond, __u32 first, __u32 last)
{
	struct rules_span *span = add_span(cond);

	if (!span)
		return -ENOMEM;
	first = htonl(first);
	last = htonl(last);
	memcpy(span->first, &first, sizeof(first));
	memcpy(span->last, &last, sizeof(last));
	return 0;
}

int rules_add_name(struct rules_cond *cond, const char *name)
{
	struct rules_span *span = add_span(cond);

	if (!span)
		return -ENOMEM;
	memcpy(span->first, name, strnlen(name, sizeof(span->first) - 1));
	return 0;
}

int rules_add_prefix(struct rules_cond *cond, __u8 family, const union nf_inet_addr *addr,
		     unsigned int bits)
{
	struct rules_span *span = add_span(cond);
	const __u8 *bytes = (const __u8 *)addr;
	unsigned int i, size = family == NFPROTO_IPV6 ? 16 : 4;

	if (!span)
		return -ENOMEM;
	cond->family = family;
	for (i = 0; i < size; i++) {
		unsigned int left = bits > 8 * i ? bits - 8 * i : 0;
		__u8 mask = left >= 8 ? 0xff : (__u8)(0xff00 >> left);

		span->first[i] = bytes[i] & mask;
		span->last[i] = bytes[i] | (__u8)~mask;
	}
	return 0;
}

struct rules_rule *rules_add_rule(struct rules *rules)
{
	struct rules_rule *grown;

	grown = grow(rules->rules, rules->nr_rules, sizeof(*grown));
	if (!grown)
		return NULL;
	rules->rules = grown;
	return &grown[rules->nr_rules++];
}

struct rules_chain *rules_add_drop(struct rules *rules)
{
	struct rules_chain *grown;

	grown = grow(rules->drops, rules->nr_drops, sizeof(*grown));
	if (!grown)
		return NULL;
	rules->drops = grown;
	return &grown[rules->nr_drops++];
}

static const char *family_word(__u8 family)
{
	if (family == NFPROTO_INET)
		return "inet";
	return family == NFPROTO_IPV4 ? "ip" : "ip6";
}

json_t *rules_place(const struct rules_rule *rule)
{
	if (rule->program)
		return json_sprintf("%s -t %s -A %s %s", rule->program, rule->table, rule->chain,
				    rule->text);
	return json_sprintf("rule %s %s %s handle %lld", family_word(rule->family), rule->table,
			    rule->chain, rule->handle);
}

json_t *rules_delete(const struct rules_rule *rule)
{
	char table[QUOTED_SIZE], chain[QUOTED_SIZE];
	const char *in = quoted(rule->table, table);
	const char *at = quoted(rule->chain, chain);

	if (rule->program)
		return json_sprintf("%s -t %s -D %s %s", rule->program, in, at, rule->text);
	return json_sprintf("nft delete rule %s %s %s handle %lld", family_word(rule->family),
			    in, at, rule->handle);
}

json_t *rules_chain_place(const struct rules_chain *chain)
{
	if (chain->program)
		return json_sprintf("%s chain %s", chain->program, chain->name);
	return json_sprintf("chain %s %s %s", family_word(chain->family), chain->table,
			    chain->name);
}

bool rules_is_iptables(const struct rules_chain *chain)
{
	return !chain->program && chain->family != NFPROTO_INET &&
	       !strcmp(chain->table, "filter") && !strcmp(chain->name, "FORWARD");
}

/* Where iptables-nft has rules, nftables must not add a rule that iptables cannot read. */
static const char *program_of(const struct rules_chain *chain)
{
	if (!rules_is_iptables(chain))
		return chain->program;
	return chain->family == NFPROTO_IPV4 ? "iptables-nft" : "ip6tables-nft";
}

json_t *rules_let_through(const struct rules_chain *chain, __u32 mark_mask)
{
	char table[QUOTED_SIZE], name[QUOTED_SIZE];
	const char *program = program_of(chain);

	if (program)
		return json_sprintf("%s -I %s -m connmark ! --mark 0/%#x %s", program,
				    quoted(chain->name, name), mark_mask,
				    "-m conntrack --ctstate DNAT -j ACCEPT");
	return json_sprintf("nft insert rule %s %s %s 'ct status dnat ct mark & %#x != 0 accept'",
			    family_word(chain->family), quoted(chain->table, table),
			    quoted(chain->name, name), mark_mask);
}

static void free_matches(struct rules_match *match)
{
	struct rules_match *next;
	size_t i;

	for (; match; match = next) {
		next = match->next;
		for (i = 0; i < match->nr; i++)
			free(match->conds[i].spans);
		free(match->conds);
		free(match);
	}
}

void rules_free(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->nr_rules; i++) {
		free(rules->rules[i].table);
		free(rules->rules[i].chain);
		free(rules->rules[i].text);
		free(rules->rules[i].target);
	}
	for (i = 0; i < rules->nr_drops; i++) {
		free(rules->drops[i].table);
		free(rules->drops[i].name);
	}
	free_matches(rules->matches);
	free(rules->rules);
	free(rules->drops);
}
