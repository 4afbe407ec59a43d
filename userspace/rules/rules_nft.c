// SPDX-License-Identifier: GPL-2.0
/* Rules as nftables prints them: libnftables-json(5). */
#include <stdlib.h>
#include "lib/words.h"
#include "net/nft.h"
#include "rules/rules.h"

static const char *word(const json_t *object, const char *name)
{
	const char *value = json_string_value(json_object_get(object, name));

	return value ? value : "";
}

static __u8 family_of(const json_t *object)
{
	const char *family = word(object, "family");

	if (!strcmp(family, "inet"))
		return NFPROTO_INET;
	if (!strcmp(family, "ip"))
		return NFPROTO_IPV4;
	return strcmp(family, "ip6") ? NFPROTO_UNSPEC : NFPROTO_IPV6;
}

/* What the left side of a comparison is about. */
static enum rules_key key_of(const json_t *left)
{
	static const struct {
		const char *kind;
		const char *name;
		enum rules_key key;
	} keys[] = {
		{ "meta", "iifname", RULES_IIF }, { "meta", "iif", RULES_IIF },
		{ "meta", "oifname", RULES_OIF }, { "meta", "oif", RULES_OIF },
		{ "meta", "l4proto", RULES_PROTO }, { "meta", "nfproto", RULES_FAMILY },
		{ "payload", "daddr", RULES_DADDR }, { "payload", "dport", RULES_DPORT },
		{ "payload", "protocol", RULES_PROTO }, { "payload", "nexthdr", RULES_PROTO },
		{ "ct", "state", RULES_STATE },
	};
	const json_t *of;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		of = json_object_get(left, keys[i].kind);
		if (!strcmp(word(of, "key"), keys[i].name) ||
		    !strcmp(word(of, "field"), keys[i].name))
			return keys[i].key;
	}
	return RULES_OTHER;
}

static int add_prefix(struct rules_cond *cond, const char *text, int bits)
{
	struct ip_address address;

	if (!words_address(text, strlen(text), &address))
		return -EINVAL;
	return rules_add_prefix(cond, (__u8)address.family, &address.addr, (unsigned int)bits);
}

static int add_value(struct rules_cond *cond, const json_t *value, const json_t *last)
{
	if (cond->key == RULES_IIF || cond->key == RULES_OIF)
		return json_is_string(value) ? rules_add_name(cond, json_string_value(value)) :
					       -EINVAL;
	if (cond->key == RULES_DADDR)
		return json_is_string(value) && value == last ?
		       add_prefix(cond, json_string_value(value), 128) : -EINVAL;
	if (!json_is_integer(value) || !json_is_integer(last))
		return -EINVAL;
	return rules_add_numbers(cond, (__u32)json_integer_value(value),
				 (__u32)json_integer_value(last));
}

/* Adds a value, a range, a prefix, or several of these in a set or a list. */
static int add_values(struct rules_cond *cond, const json_t *right)
{
	const json_t *range = json_object_get(right, "range");
	const json_t *prefix = json_object_get(right, "prefix");
	const json_t *set = json_object_get(right, "set"), *one;
	size_t i;
	int err = 0;

	if (range)
		return add_value(cond, json_array_get(range, 0), json_array_get(range, 1));
	if (prefix && cond->key == RULES_DADDR)
		return add_prefix(cond, word(prefix, "addr"),
				  (int)json_integer_value(json_object_get(prefix, "len")));
	if (json_is_array(right))
		set = right;
	if (!set)
		return add_value(cond, right, right);
	json_array_foreach((json_t *)set, i, one) {
		const json_t *elem = json_object_get(one, "elem");

		err = add_values(cond, elem ? json_object_get(elem, "val") : one);
		if (err)
			break;
	}
	return err;
}

/* A comparison of "tcp dport" implies TCP. */
static int add_protocol(struct rules_match *match, const json_t *left)
{
	const char *name = word(json_object_get(left, "payload"), "protocol");
	__u32 proto = 0;

	if (!strcmp(name, "tcp"))
		proto = IPPROTO_TCP;
	else if (!strcmp(name, "udp"))
		proto = IPPROTO_UDP;
	else if (!strcmp(name, "sctp"))
		proto = IPPROTO_SCTP;
	return proto ? rules_add_numbers(rules_new_cond(match, RULES_PROTO, false), proto, proto) :
		       0;
}

static int add_other(struct rules_match *match)
{
	return rules_new_cond(match, RULES_OTHER, false) ? 0 : -ENOMEM;
}

static int add_match(struct rules_match *match, const json_t *compare)
{
	const json_t *left = json_object_get(compare, "left");
	const char *op = word(compare, "op");
	enum rules_key key = key_of(left);
	struct rules_cond *cond;
	int err;

	if (key == RULES_OTHER || (strcmp(op, "==") && strcmp(op, "!=") && strcmp(op, "in")))
		return add_other(match);
	if (key == RULES_DPORT && add_protocol(match, left))
		return -ENOMEM;
	cond = rules_new_cond(match, key, !strcmp(op, "!="));
	if (!cond)
		return -ENOMEM;
	err = add_values(cond, json_object_get(compare, "right"));
	if (err == -EINVAL)
		cond->key = RULES_OTHER;
	return err == -ENOMEM ? err : 0;
}

/* A statement that is not a verdict is no condition, but for those listed here. */
static int add_statement(struct rules_match *match, const char *name, const json_t *statement)
{
	static const char * const conditions[] = { "limit", "xt", "fib", "socket", "quota" };
	size_t i;

	if (!strcmp(name, "match"))
		return add_match(match, statement);
	if (!strcmp(name, "xt") && !strcmp(word(statement, "type"), "target"))
		return 0;
	for (i = 0; i < ARRAY_SIZE(conditions); i++)
		if (!strcmp(name, conditions[i]))
			return add_other(match);
	return 0;
}

static struct rules_rule *add(struct rules *rules, const json_t *rule,
			      const struct rules_match *match, enum rules_action action)
{
	struct rules_rule *new = rules_add_rule(rules);

	if (!new)
		return NULL;
	new->family = family_of(rule);
	new->match = match;
	new->action = action;
	new->handle = json_integer_value(json_object_get(rule, "handle"));
	new->table = strdup(word(rule, "table"));
	new->chain = strdup(word(rule, "chain"));
	new->target = strdup("");
	return new->table && new->chain && new->target ? new : NULL;
}

static int add_action(struct rules *rules, const json_t *rule, const struct rules_match *match,
		      enum rules_action action)
{
	return add(rules, rule, match, action) ? 0 : -ENOMEM;
}

static int add_jump(struct rules *rules, const json_t *rule, const struct rules_match *match,
		    const json_t *jump)
{
	struct rules_rule *new = add(rules, rule, match, RULES_JUMP);

	if (!new)
		return -ENOMEM;
	free(new->target);
	new->target = strdup(word(jump, "target"));
	return new->target ? 0 : -ENOMEM;
}

/*
 * Which bits of the mark a value writes: "ct mark & A | B" leaves the bits of A
 * that are not in B; a value from another mark is unknown.
 */
static void take_mark(struct rules_rule *rule, const json_t *value)
{
	const json_t *ops = json_object_get(value, "|"), *inner, *mask;
	__u32 set = 0, keep = ~0U;

	if (ops) {
		set = (__u32)json_integer_value(json_array_get(ops, 1));
		value = json_array_get(ops, 0);
	}
	mask = json_object_get(value, "&");
	inner = mask ? json_array_get(mask, 0) : value;
	if (mask)
		keep = (__u32)json_integer_value(json_array_get(mask, 1));
	rule->value = set;
	rule->known = true;
	rule->bits = ~0U;
	if (json_is_integer(value))
		rule->value = (__u32)json_integer_value(value);
	else if (!strcmp(word(json_object_get(inner, "ct"), "key"), "mark"))
		rule->bits = ~keep | set;
	else
		rule->known = false;
}

static int add_mangle(struct rules *rules, const json_t *rule, const struct rules_match *match,
		      const json_t *mangle)
{
	const json_t *key = json_object_get(json_object_get(mangle, "key"), "ct");
	struct rules_rule *new;

	if (strcmp(word(key, "key"), "mark"))
		return 0;
	new = add(rules, rule, match, RULES_CTMARK);
	if (!new)
		return -ENOMEM;
	take_mark(new, json_object_get(mangle, "value"));
	return 0;
}

/* nftables knows the targets of iptables' rules by name only. */
static int add_target(struct rules *rules, const json_t *rule, const struct rules_match *match,
		      const char *name)
{
	if (!strcmp(name, "DNAT") || !strcmp(name, "REDIRECT"))
		return add_action(rules, rule, match, RULES_DNAT);
	return 0;
}

static int add_verdict(struct rules *rules, const json_t *rule, const struct rules_match *match,
		       const char *name, const json_t *statement)
{
	if (!strcmp(name, "accept") || !strcmp(name, "queue"))
		return add_action(rules, rule, match, RULES_ACCEPT);
	if (!strcmp(name, "jump") || !strcmp(name, "goto"))
		return add_jump(rules, rule, match, statement);
	if (!strcmp(name, "dnat") || !strcmp(name, "redirect"))
		return add_action(rules, rule, match, RULES_DNAT);
	if (!strcmp(name, "notrack"))
		return add_action(rules, rule, match, RULES_NOTRACK);
	if (!strcmp(name, "mangle"))
		return add_mangle(rules, rule, match, statement);
	if (!strcmp(name, "xt") && !strcmp(word(statement, "type"), "target"))
		return add_target(rules, rule, match, word(statement, "name"));
	return 0;
}

/* A verdict map stands for a rule for each of its values. */
static int add_map(struct rules *rules, const json_t *rule, const struct rules_match *base,
		   const json_t *map)
{
	const json_t *set = json_object_get(json_object_get(map, "data"), "set"), *pair;
	enum rules_key key = key_of(json_object_get(map, "key"));
	struct rules_match *match;
	struct rules_cond *cond;
	const char *name;
	json_t *verdict;
	size_t i;

	/* A map with a name may do anything. */
	if (!set || base->nr) {
		match = rules_new_match(rules);
		return !match || add_other(match) ? -ENOMEM :
		       add_action(rules, rule, match, RULES_ACCEPT);
	}
	json_array_foreach((json_t *)set, i, pair) {
		match = rules_new_match(rules);
		cond = match ? rules_new_cond(match, key, false) : NULL;
		if (!cond)
			return -ENOMEM;
		if (key != RULES_OTHER && add_values(cond, json_array_get(pair, 0)))
			cond->key = RULES_OTHER;
		json_object_foreach(json_array_get(pair, 1), name, verdict)
			if (add_verdict(rules, rule, match, name, verdict))
				return -ENOMEM;
	}
	return 0;
}

static int add_all_verdicts(struct rules *rules, const json_t *rule,
			    const struct rules_match *match)
{
	const json_t *statement;
	const char *name;
	json_t *value;
	int err = 0;
	size_t i;

	json_array_foreach(json_object_get(rule, "expr"), i, statement) {
		json_object_foreach((json_t *)statement, name, value) {
			err = strcmp(name, "vmap") ? add_verdict(rules, rule, match, name, value) :
						     add_map(rules, rule, match, value);
			if (err)
				return err;
		}
	}
	return 0;
}

static int take_rule(struct rules *rules, const json_t *rule)
{
	struct rules_match *match = rules_new_match(rules);
	const json_t *statement;
	const char *name;
	json_t *value;
	size_t i;

	if (!match)
		return -ENOMEM;
	json_array_foreach(json_object_get(rule, "expr"), i, statement) {
		rules->has_xt |= !!json_object_get(statement, "xt");
		json_object_foreach((json_t *)statement, name, value)
			if (add_statement(match, name, value) == -ENOMEM)
				return -ENOMEM;
	}
	return add_all_verdicts(rules, rule, match);
}

static int take_chain(struct rules *rules, const json_t *chain)
{
	struct rules_chain *drop;

	if (strcmp(word(chain, "hook"), "forward") || strcmp(word(chain, "policy"), "drop"))
		return 0;
	drop = rules_add_drop(rules);
	if (!drop)
		return -ENOMEM;
	drop->family = family_of(chain);
	drop->table = strdup(word(chain, "table"));
	drop->name = strdup(word(chain, "name"));
	return drop->table && drop->name ? 0 : -ENOMEM;
}

static int take(struct rules *rules, const json_t *object)
{
	const json_t *rule = json_object_get(object, "rule");
	const json_t *chain = json_object_get(object, "chain");
	const json_t *table = json_object_get(object, "flowtable");

	if (rule && family_of(rule) != NFPROTO_UNSPEC)
		return take_rule(rules, rule);
	if (chain && family_of(chain) != NFPROTO_UNSPEC)
		return take_chain(rules, chain);
	rules->has_flowtable |= table && !strcmp(word(table, "table"), "nf_vip");
	return 0;
}

int rules_read_nft(struct rules *rules, char sentence[NF_VIP_ERROR_MAX])
{
	json_t *root, *object;
	char *text;
	size_t i;
	int err = nft_read("list ruleset", &text, sentence);

	if (err)
		return err;
	root = json_loads(text, 0, NULL);
	free(text);
	if (!root)
		return -ENOMEM;
	json_array_foreach(json_object_get(root, "nftables"), i, object) {
		err = take(rules, object);
		if (err)
			break;
	}
	json_decref(root);
	return err;
}
