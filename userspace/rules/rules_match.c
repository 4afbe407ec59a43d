// SPDX-License-Identifier: GPL-2.0
/* Which packets rules see. */
#include <stdlib.h>
#include "rules/rules.h"

static enum rules_truth is_within(const struct rules_cond *cond, const void *first,
				  const void *last, size_t size)
{
	size_t i;

	for (i = 0; i < cond->nr; i++) {
		const struct rules_span *span = &cond->spans[i];

		if (memcmp(last, span->first, size) < 0 || memcmp(first, span->last, size) > 0)
			continue;
		if (memcmp(first, span->first, size) >= 0 && memcmp(last, span->last, size) <= 0)
			return RULES_YES;
		return RULES_MAYBE;
	}
	return RULES_NO;
}

static enum rules_truth is_number(const struct rules_cond *cond, __u32 first, __u32 last)
{
	first = htonl(first);
	last = htonl(last);
	return is_within(cond, &first, &last, sizeof(first));
}

static enum rules_truth is_name(const struct rules_cond *cond, const char *name)
{
	size_t i;

	if (!*name)
		return RULES_MAYBE;
	for (i = 0; i < cond->nr; i++) {
		const char *its = (const char *)cond->spans[i].first;
		size_t len = strlen(its);

		if (!strcmp(its, name))
			return RULES_YES;
		if (len && its[len - 1] == '*' && !strncmp(its, name, len - 1))
			return RULES_YES;
	}
	return RULES_NO;
}

static enum rules_truth is_true(const struct rules_cond *cond, const struct rules_flow *flow)
{
	switch (cond->key) {
	case RULES_IIF:
		return is_name(cond, flow->iif);
	case RULES_OIF:
		return is_name(cond, flow->oif);
	case RULES_DADDR:
		return is_within(cond, &flow->daddr, &flow->daddr,
				 cond->family == NFPROTO_IPV4 ? 4 : 16);
	case RULES_PROTO:
		return flow->proto ? is_number(cond, flow->proto, flow->proto) : RULES_MAYBE;
	case RULES_DPORT:
		return is_number(cond, flow->first, flow->last);
	case RULES_STATE:
		return is_number(cond, RULES_NEW, RULES_NEW);
	case RULES_FAMILY:
		return is_number(cond, flow->family, flow->family);
	case RULES_OTHER:
		break;
	}
	return RULES_MAYBE;
}

enum rules_truth rules_matches(const struct rules_rule *rule, const struct rules_flow *flow)
{
	enum rules_truth all = RULES_YES, one;
	size_t i;

	if (rule->family != NFPROTO_INET && rule->family != flow->family)
		return RULES_NO;
	for (i = 0; i < rule->match->nr; i++) {
		const struct rules_cond *cond = &rule->match->conds[i];

		if (cond->key == RULES_DADDR && cond->family != flow->family)
			return RULES_NO;
		one = is_true(cond, flow);
		if (cond->negated)
			one = RULES_YES - one;
		if (one < all)
			all = one;
	}
	return all;
}

bool rules_names(const struct rules_rule *rule)
{
	size_t i;

	for (i = 0; i < rule->match->nr; i++)
		if (rule->match->conds[i].key == RULES_DADDR ||
		    rule->match->conds[i].key == RULES_DPORT)
			return true;
	return false;
}

static bool is_in(const struct rules_rule *rule, const struct rules_chain *drop,
		  const char *chain)
{
	return rule->program == drop->program && rule->family == drop->family &&
	       !strcmp(rule->table, drop->table) && !strcmp(rule->chain, chain);
}

/* The kernel follows 16 jumps, and refuses circles; a chain is not followed a second time. */
#define JUMPS_MAX	16

static bool follow(const struct rules *rules, const struct rules_chain *drop,
		   const char *chain, const struct rules_flow *flow, bool *followed,
		   unsigned int depth)
{
	size_t i;

	for (i = 0; i < rules->nr_rules; i++) {
		const struct rules_rule *rule = &rules->rules[i];

		if (!is_in(rule, drop, chain) || !rules_matches(rule, flow))
			continue;
		if (rule->action == RULES_ACCEPT)
			return true;
		if (rule->action != RULES_JUMP || depth == JUMPS_MAX || followed[i])
			continue;
		followed[i] = true;
		if (follow(rules, drop, rule->target, flow, followed, depth + 1))
			return true;
	}
	return false;
}

bool rules_accept(const struct rules *rules, const struct rules_chain *drop,
		  const struct rules_flow *flow)
{
	bool *followed = calloc(rules->nr_rules + 1, sizeof(*followed)), found;

	/* Without memory the answer is unknown: true, so that nothing is reported. */
	found = !followed || follow(rules, drop, drop->name, flow, followed, 0);
	free(followed);
	return found;
}
