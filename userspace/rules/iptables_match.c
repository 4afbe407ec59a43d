// SPDX-License-Identifier: GPL-2.0
/* The matches of a rule. A match that is not in the tables here is strange. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "rules/iptables.h"

/* The rule that is read, and the -m or -j to which the next options belong. */
struct matcher {
	struct arena *arena;
	struct iptables_set *set;
	struct iptables_rule *rule;
	const char *module;
	bool negated;
};

static bool set_strange(struct matcher *m, const char *what)
{
	if (!m->rule->strange)
		m->rule->strange = what;
	return true;
}

/* Finds or makes the flag of a name; NULL if there are too many. */
static struct iptables_flag *flag_of(struct matcher *m, const char *name)
{
	struct iptables_flag *flag;

	SLIST_FOREACH(flag, &m->set->flags, next)
		if (!strcmp(flag->name, name))
			return flag;
	if (m->set->nr_flags == IPTABLES_FLAGS_MAX)
		return NULL;
	m->set->nr_flags++;
	flag = arena_alloc(m->arena, sizeof(*flag));
	flag->name = arena_string(m->arena, "%s", name);
	SLIST_INSERT_HEAD(&m->set->flags, flag, next);
	return flag;
}

/* Adds a step, or gives one that nobody reads if there are too many. */
static struct iptables_step *add_step(struct matcher *m, enum iptables_step_kind kind)
{
	static struct iptables_step unused;
	struct iptables_step *step = &unused;

	if (m->rule->nr_steps == IPTABLES_STEPS_MAX)
		set_strange(m, "more matches than are understood");
	else
		step = &m->rule->steps[m->rule->nr_steps++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->negated = m->negated;
	return step;
}

static struct iptables_step *last_step(struct matcher *m, enum iptables_step_kind kind)
{
	struct iptables_rule *rule = m->rule;

	if (!rule->nr_steps || rule->steps[rule->nr_steps - 1].kind != kind)
		return NULL;
	return &rule->steps[rule->nr_steps - 1];
}

/* Reads ADDR, ADDR/BITS or ADDR/MASK. */
static bool parse_prefix(const char *text, struct ip_address *addr, __u32 *bits)
{
	size_t len = strcspn(text, "/");
	struct ip_address mask;
	__u32 all, host;

	if (!words_address(text, len, addr))
		return false;
	all = addr->family == NFPROTO_IPV6 ? 128 : 32;
	*bits = all;
	if (!text[len] || words_number(text + len + 1, all, bits))
		return true;
	if (!words_address(text + len + 1, strlen(text + len + 1), &mask) ||
	    mask.family != NFPROTO_IPV4 || addr->family != NFPROTO_IPV4)
		return false;
	host = ~ntohl(mask.addr.ip);
	*bits = host ? (__u32)__builtin_clz(host) : 32;
	return !(host & (host + 1));
}

static bool take_dst(struct matcher *m, const char *value)
{
	__u32 bits;

	if (!parse_prefix(value, &m->rule->dst, &bits)) {
		m->rule->dst.family = 0;
		return set_strange(m, "-d");
	}
	m->rule->dst_bits = (__u8)bits;
	m->rule->not_dst = m->negated;
	if (!bits && !m->negated)
		m->rule->dst.family = 0;
	return true;
}

static bool take_src(struct matcher *m, const char *value)
{
	struct ip_address addr;
	__u32 bits;

	if (!parse_prefix(value, &addr, &bits) || bits || m->negated)
		m->rule->src = true;
	return true;
}

/* Is the value one word in a configuration of nf_vip? */
static bool is_word(const char *value)
{
	for (; *value; value++)
		if (!isgraph((unsigned char)*value) || strchr(";#\"'/", *value))
			return false;
	return true;
}

static bool take_in(struct matcher *m, const char *value)
{
	m->rule->in = arena_string(m->arena, "%s", value);
	m->rule->not_in = m->negated;
	if (!strcmp(value, "+") && !m->negated)
		return true;
	if (m->negated)
		return set_strange(m, "! -i");
	if (!is_word(value) || strchr(value, '+'))
		return set_strange(m, "-i with a wildcard");
	m->rule->dev = m->rule->in;
	return true;
}

static bool take_out(struct matcher *m, const char *value)
{
	m->rule->out = arena_string(m->arena, "%s", value);
	m->rule->not_out = m->negated;
	return true;
}

static bool take_proto(struct matcher *m, const char *value)
{
	int proto = words_proto(value);

	if (proto < 0) {
		m->rule->other_proto = !m->negated;
		return set_strange(m, "-p");
	}
	m->rule->proto = (__u8)proto;
	m->rule->not_proto = m->negated && proto;
	return true;
}

static bool parse_port(const char **at, __u16 *port)
{
	char digits[6];
	size_t len = strspn(*at, "0123456789");
	__u32 value;

	if (!len || len >= sizeof(digits))
		return false;
	memcpy(digits, *at, len);
	digits[len] = '\0';
	if (!words_number(digits, NF_VIP_PORT_LAST, &value))
		return false;
	*at += len;
	*port = (__u16)value;
	return true;
}

/* Reads "80", "80:90", ":90" or "80:". */
static bool parse_range(const char **at, __u16 range[2])
{
	range[0] = 0;
	if (**at != ':' && !parse_port(at, &range[0]))
		return false;
	range[1] = range[0];
	if (**at == ':') {
		++*at;
		if (!parse_port(at, &range[1]))
			range[1] = NF_VIP_PORT_LAST;
	}
	return range[0] <= range[1];
}

static bool take_ports(struct matcher *m, const char *value)
{
	struct iptables_rule *rule = m->rule;
	unsigned int nr = 0;

	if (rule->nr_ports)
		return set_strange(m, "destination ports twice");
	for (;; value++) {
		if (nr == IPTABLES_RANGES_MAX || !parse_range(&value, rule->ports[nr]))
			return set_strange(m, "--dport");
		nr++;
		if (!*value)
			break;
		if (*value != ',')
			return set_strange(m, "--dport");
	}
	rule->nr_ports = nr;
	rule->not_ports = m->negated;
	return true;
}

static bool take_mark(struct matcher *m, const char *value)
{
	bool conn = !strcmp(m->module, "connmark");
	struct iptables_step *step;

	step = add_step(m, conn ? IPTABLES_STEP_CONNMARK : IPTABLES_STEP_MARK);
	return words_masked(value, &step->value, &step->mask) || set_strange(m, "--mark");
}

static bool take_mode(struct matcher *m, const char *value)
{
	bool nth = !strcmp(value, "nth");
	struct iptables_step *step;

	if (!nth && strcmp(value, "random"))
		return set_strange(m, "-m statistic");
	step = add_step(m, nth ? IPTABLES_STEP_NTH : IPTABLES_STEP_RANDOM);
	step->negated = false;
	step->mask = 1;
	return true;
}

static bool take_every(struct matcher *m, const char *value)
{
	struct iptables_step *step = last_step(m, IPTABLES_STEP_NTH);

	if (!step || !words_number(value, 0xffffffff, &step->mask) || !step->mask) {
		if (step)
			step->mask = 1;
		return set_strange(m, "--every");
	}
	step->negated = m->negated;
	return true;
}

static bool take_packet(struct matcher *m, const char *value)
{
	struct iptables_step *step = last_step(m, IPTABLES_STEP_NTH);

	return (step && words_number(value, 0xffffffff, &step->value)) ||
	       set_strange(m, "--packet");
}

static bool take_probability(struct matcher *m, const char *value)
{
	struct iptables_step *step = last_step(m, IPTABLES_STEP_RANDOM);
	char *end;

	if (!step)
		return set_strange(m, "--probability");
	step->part = strtod(value, &end);
	step->negated = m->negated;
	/* Written so that a NaN is refused, too. */
	if (*end || !(step->part >= 0 && step->part <= 1)) {
		step->part = 0;
		return set_strange(m, "--probability");
	}
	return true;
}

static bool take_condition(struct matcher *m, const char *value)
{
	struct iptables_flag *flag = NULL;

	if (is_word(value) && strlen(value) <= NF_VIP_CONDITION_MAX)
		flag = flag_of(m, value);
	if (!flag)
		return set_strange(m, "--condition");
	add_step(m, IPTABLES_STEP_FLAG)->flag = flag;
	return true;
}

static bool take_state(struct matcher *m, const char *value)
{
	struct iptables_step *step = add_step(m, IPTABLES_STEP_NEW);
	char list[64], *word, *rest = list;

	snprintf(list, sizeof(list), "%s", value);
	while ((word = strsep(&rest, ","))) {
		if (!strcmp(word, "NEW"))
			step->value = 1;
		else if (!strcmp(word, "SNAT") || !strcmp(word, "DNAT"))
			step->mask = 1;
	}
	return true;
}

static bool take_seen(struct matcher *m, const char *value)
{
	(void)value;
	add_step(m, IPTABLES_STEP_SEEN)->value = NF_VIP_PERSIST_MAX;
	return true;
}

static bool take_seconds(struct matcher *m, const char *value)
{
	struct iptables_step *step = last_step(m, IPTABLES_STEP_SEEN);

	return !step || words_number(value, NF_VIP_PERSIST_MAX, &step->value) ||
	       set_strange(m, "--seconds");
}

static bool take_mask(struct matcher *m, const char *value)
{
	struct iptables_step *step = last_step(m, IPTABLES_STEP_SEEN);
	struct ip_address mask;
	__u32 bits = 0, i, all;

	if (!step)
		return true;
	if (!words_address(value, strlen(value), &mask))
		return set_strange(m, "--mask");
	all = mask.family == NFPROTO_IPV6 ? 128 : 32;
	for (i = 0; i < all; i++) {
		bool bit = mask.addr.all[i / 32] & htonl(0x80000000U >> i % 32);

		if (bit && bits < i)
			return set_strange(m, "--mask");
		bits += bit;
	}
	if (!bits)
		return set_strange(m, "--mask");
	step->mask = bits == all ? 0 : bits;
	return true;
}

static bool take_nothing(struct matcher *m, const char *value)
{
	(void)m;
	(void)value;
	return true;
}

static bool take_module(struct matcher *m, const char *value);
static bool take_target(struct matcher *m, const char *value);
static bool take_goto(struct matcher *m, const char *value);

/* The options of modules, with their functions; "" stands for the rule itself. */
static const struct {
	const char *module;
	const char *option;
	bool (*take)(struct matcher *m, const char *value);
} known[] = {
	{ "", "-d", take_dst }, { "", "--destination", take_dst }, { "", "--dst", take_dst },
	{ "", "-s", take_src }, { "", "--source", take_src }, { "", "--src", take_src },
	{ "", "-i", take_in }, { "", "--in-interface", take_in },
	{ "", "-o", take_out }, { "", "--out-interface", take_out },
	{ "", "-p", take_proto }, { "", "--protocol", take_proto }, { "", "--proto", take_proto },
	{ "", "-m", take_module }, { "", "--match", take_module },
	{ "", "-j", take_target }, { "", "--jump", take_target },
	{ "", "-g", take_goto }, { "", "--goto", take_goto },
	{ "", "--dport", take_ports }, { "", "--destination-port", take_ports },
	{ "multiport", "--dports", take_ports },
	{ "multiport", "--destination-ports", take_ports },
	{ "mark", "--mark", take_mark }, { "connmark", "--mark", take_mark },
	{ "statistic", "--mode", take_mode }, { "statistic", "--every", take_every },
	{ "statistic", "--packet", take_packet },
	{ "statistic", "--probability", take_probability },
	{ "condition", "--condition", take_condition },
	{ "comment", "--comment", take_nothing },
	{ "conntrack", "--ctstate", take_state }, { "state", "--state", take_state },
	{ "recent", "--set", take_nothing }, { "recent", "--rcheck", take_seen },
	{ "recent", "--update", take_seen }, { "recent", "--seconds", take_seconds },
	{ "recent", "--reap", take_nothing }, { "recent", "--name", take_nothing },
	{ "recent", "--rsource", take_nothing }, { "recent", "--mask", take_mask },
};

static bool take_module(struct matcher *m, const char *value)
{
	static const char * const plain[] = { "tcp", "udp", "sctp", "udplite", "dccp" };
	size_t i;

	m->module = value;
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		if (!strcmp(value, plain[i]))
			return true;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (*known[i].module && !strcmp(value, known[i].module))
			return true;
	return set_strange(m, arena_string(m->arena, "-m %.30s", value));
}

static bool take_jump(struct matcher *m, const char *name, enum iptables_target otherwise)
{
	static const struct {
		const char *name;
		enum iptables_target target;
	} targets[] = {
		{ "ACCEPT", IPTABLES_TO_ACCEPT }, { "DROP", IPTABLES_TO_DROP },
		{ "RETURN", IPTABLES_TO_RETURN }, { "MARK", IPTABLES_TO_MARK },
		{ "CONNMARK", IPTABLES_TO_CONNMARK }, { "DNAT", IPTABLES_TO_DNAT },
		{ "REDIRECT", IPTABLES_TO_REDIRECT }, { "TPROXY", IPTABLES_TO_REDIRECT },
		{ "NETMAP", IPTABLES_TO_REDIRECT }, { "CLUSTERIP", IPTABLES_TO_REDIRECT },
		{ "SNAT", IPTABLES_TO_SNAT }, { "MASQUERADE", IPTABLES_TO_SNAT },
	};
	struct iptables_rule *rule = m->rule;
	size_t i;

	m->module = "-j";
	rule->target_name = arena_string(m->arena, "%s", name);
	rule->target = otherwise;
	for (i = 0; i < ARRAY_SIZE(targets); i++)
		if (otherwise == IPTABLES_TO_JUMP && !strcmp(name, targets[i].name))
			rule->target = targets[i].target;
	return true;
}

static bool take_target(struct matcher *m, const char *value)
{
	return take_jump(m, value, IPTABLES_TO_JUMP);
}

static bool take_goto(struct matcher *m, const char *value)
{
	return take_jump(m, value, IPTABLES_TO_GOTO);
}

/* Skips an unknown option and its words up to the next option, and notes the option as strange. */
static char **skip(struct matcher *m, char **words)
{
	if (strcmp(m->module, "-j"))
		set_strange(m, arena_string(m->arena, "%.40s", *words));
	words++;
	while (*words && **words != '-' && strcmp(*words, "!"))
		words++;
	return words;
}

static bool is_alone(const char *option)
{
	static const char * const alone[] = {
		"--set", "--rcheck", "--update", "--reap", "--rsource"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(alone); i++)
		if (!strcmp(option, alone[i]))
			return true;
	return false;
}

/* Takes an option; "--condition ! x" is the old spelling of "! --condition x". */
static char **take(struct matcher *m, size_t i, char **words)
{
	if (is_alone(words[0])) {
		known[i].take(m, "");
		return words + 1;
	}
	if (words[1] && !strcmp(words[1], "!") && words[2]) {
		m->negated = !m->negated;
		words++;
	}
	if (!words[1])
		return skip(m, words);
	known[i].take(m, words[1]);
	return words + 2;
}

static char **take_option(struct matcher *m, char **words)
{
	size_t i;
	int nr;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(*words, known[i].option) &&
		    (!*known[i].module || !strcmp(m->module, known[i].module)))
			return take(m, i, words);
	nr = strcmp(m->module, "-j") ? 0 :
	     iptables_target_option(m->arena, m->rule, words[0], words[1]);
	return nr ? words + nr : skip(m, words);
}

void iptables_match(struct arena *arena, struct iptables_set *set, struct iptables_rule *rule,
		    char **words)
{
	struct matcher m = { .arena = arena, .set = set, .rule = rule, .module = "" };

	rule->target_name = "";
	while (*words) {
		m.negated = !strcmp(*words, "!");
		if (m.negated && !*++words)
			break;
		words = take_option(&m, words);
	}
}
