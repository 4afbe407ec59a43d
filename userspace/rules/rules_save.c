// SPDX-License-Identifier: GPL-2.0
/* Rules as iptables-save and its kind print them. */
#include <stdlib.h>
#include "lib/quote.h"
#include "rules/rules.h"

/* One line while it is read. */
struct line {
	struct rules *rules;
	struct rules_match *match;
	char *at;
	char *action;
	char *set;
	char *mask;
	bool saves;
	bool notrack;
};

/* A word, which may be in quotes with backslashes in it; cuts the line. */
static char *next_word(char **at)
{
	char *from = *at + strspn(*at, " "), *to = from, *word = from;
	bool quoted = *from == '"';

	if (!*from)
		return NULL;
	from += quoted;
	while (*from && *from != (quoted ? '"' : ' ')) {
		if (quoted && *from == '\\' && from[1])
			from++;
		*to++ = *from++;
	}
	*at = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static int add_ports(struct line *line, char *ports, bool negated)
{
	struct rules_cond *cond = rules_new_cond(line->match, RULES_DPORT, negated);
	char *save, *one;
	int err = cond ? 0 : -ENOMEM;

	for (one = strtok_r(ports, ",", &save); one && !err; one = strtok_r(NULL, ",", &save)) {
		char *colon = strchr(one, ':');
		__u32 first = (__u32)strtoul(one, NULL, 10);

		err = rules_add_numbers(cond, first,
					colon ? (__u32)strtoul(colon + 1, NULL, 10) : first);
	}
	return err;
}

static int add_destination(struct line *line, char *word, bool negated)
{
	struct rules_cond *cond = rules_new_cond(line->match, RULES_DADDR, negated);
	char *slash = strchr(word, '/');
	int err;

	if (slash)
		*slash++ = '\0';
	if (!cond)
		return -ENOMEM;
	err = rules_add_prefix(cond, word, slash ? atoi(slash) : -1);
	if (err == -EINVAL || (slash && strchr(slash, '.')))
		cond->key = RULES_OTHER;
	return err == -ENOMEM ? err : 0;
}

static int add_interface(struct line *line, enum rules_key key, char *word, bool negated)
{
	size_t len = strlen(word);

	if (len && word[len - 1] == '+')
		word[len - 1] = '*';
	return rules_add_name(rules_new_cond(line->match, key, negated), word);
}

static int add_protocol(struct line *line, const char *word, bool negated)
{
	struct rules_cond *cond = rules_new_cond(line->match, RULES_PROTO, negated);
	__u32 proto = 0;

	if (!strcmp(word, "tcp"))
		proto = IPPROTO_TCP;
	else if (!strcmp(word, "udp"))
		proto = IPPROTO_UDP;
	else if (!strcmp(word, "sctp"))
		proto = IPPROTO_SCTP;
	return rules_add_numbers(cond, proto, proto);
}

static int add_state(struct line *line, const char *word, bool negated)
{
	__u32 state = strstr(word, "NEW") ? RULES_NEW : 0;

	/* Others of these words are about NAT, and may be true of a new connection. */
	if (strstr(word, "DNAT") || strstr(word, "SNAT"))
		return rules_new_cond(line->match, RULES_OTHER, false) ? 0 : -ENOMEM;
	return rules_add_numbers(rules_new_cond(line->match, RULES_STATE, negated), state, state);
}

/* Options with a value that the target has, or that say nothing. */
static bool is_harmless(struct line *line, const char *option, char *value)
{
	if (!strcmp(option, "-m") || !strcmp(option, "--comment"))
		return true;
	if (!strcmp(option, "-j") || !strcmp(option, "-g"))
		line->action = value;
	else if (!strcmp(option, "--set-xmark"))
		line->set = value;
	else if (!strcmp(option, "--ctmask"))
		line->mask = value;
	else
		return !strncmp(option, "--to-", 5) || !strcmp(option, "--nfmask");
	return true;
}

static int add_option(struct line *line, const char *option, char *value, bool negated)
{
	if (is_harmless(line, option, value))
		return 0;
	if (!strcmp(option, "-d"))
		return add_destination(line, value, negated);
	if (!strcmp(option, "-p"))
		return add_protocol(line, value, negated);
	if (!strcmp(option, "--dport") || !strcmp(option, "--dports"))
		return add_ports(line, value, negated);
	if (!strcmp(option, "-i"))
		return add_interface(line, RULES_IIF, value, negated);
	if (!strcmp(option, "-o"))
		return add_interface(line, RULES_OIF, value, negated);
	if (!strcmp(option, "--ctstate") || !strcmp(option, "--state"))
		return add_state(line, value, negated);
	return rules_new_cond(line->match, RULES_OTHER, false) ? 0 : -ENOMEM;
}

/* An option without a value is followed by the next option. */
static int read_options(struct line *line)
{
	bool negated = false;
	char *option, *value;
	int err = 0;

	while (!err && (option = next_word(&line->at))) {
		if (!strcmp(option, "!")) {
			negated = true;
			continue;
		}
		line->saves |= !strcmp(option, "--save-mark");
		line->notrack |= !strcmp(option, "--notrack");
		value = "";
		if (*line->at && *line->at != '-' && *line->at != '!')
			value = next_word(&line->at);
		if (strcmp(option, "--save-mark") && strcmp(option, "--restore-mark") &&
		    strcmp(option, "--notrack"))
			err = add_option(line, option, value, negated);
		negated = false;
	}
	return err;
}

/* The words of a rule, as a shell wants them. */
static char *quote_all(const char *words)
{
	char room[QUOTED_SIZE], *copy = strdup(words), *at = copy, *word, *text = NULL;
	size_t len;
	FILE *to = copy ? open_memstream(&text, &len) : NULL;

	while (to && (word = next_word(&at)))
		fprintf(to, "%s%s", ftell(to) > 0 ? " " : "", quoted(word, room));
	free(copy);
	if (to && !fclose(to))
		return text;
	free(text);
	return NULL;
}

/* What is nothing of these is a jump: to nowhere, if there is no such chain. */
static enum rules_action action_of(const struct line *line)
{
	const char *action = line->action ? line->action : "";

	if (!strcmp(action, "ACCEPT") || !strcmp(action, "NFQUEUE"))
		return RULES_ACCEPT;
	if (!strcmp(action, "DNAT") || !strcmp(action, "REDIRECT"))
		return RULES_DNAT;
	if (!strcmp(action, "NOTRACK") || line->notrack)
		return RULES_NOTRACK;
	if (!strcmp(action, "CONNMARK") && (line->set || line->saves))
		return RULES_CTMARK;
	return RULES_JUMP;
}

static void take_mark(struct rules_rule *rule, const struct line *line)
{
	char *mask = line->mask;

	rule->bits = ~0U;
	if (line->set) {
		rule->known = true;
		rule->value = (__u32)strtoul(line->set, &mask, 0);
		mask = *mask == '/' ? mask + 1 : NULL;
	}
	if (mask)
		rule->bits = (__u32)strtoul(mask, NULL, 0) | rule->value;
}

/* "CHAIN -d 10.0.0.1/32 -p tcp -m tcp --dport 25 -j DNAT ..." */
static int take_rule(struct rules *rules, __u8 family, const char *program, const char *table,
		     char *text)
{
	char *chain = next_word(&text);
	struct line line = { .rules = rules, .match = rules_new_match(rules), .at = text };
	char *quoted = quote_all(text);
	struct rules_rule *rule;

	if (!chain || !quoted || !line.match || read_options(&line)) {
		free(quoted);
		return -ENOMEM;
	}
	rule = rules_add_rule(rules);
	if (!rule) {
		free(quoted);
		return -ENOMEM;
	}
	rule->family = family;
	rule->program = program;
	rule->match = line.match;
	rule->text = quoted;
	rule->table = strdup(table);
	rule->chain = strdup(chain);
	rule->action = action_of(&line);
	rule->target = strdup(line.action ? line.action : "");
	take_mark(rule, &line);
	return rule->table && rule->chain && rule->target ? 0 : -ENOMEM;
}

/* ":FORWARD DROP [0:0]" */
static int take_chain(struct rules *rules, __u8 family, const char *program, const char *table,
		      const char *text)
{
	struct rules_chain *drop;

	if (strcmp(table, "filter") || strncmp(text, "FORWARD DROP ", strlen("FORWARD DROP ")))
		return 0;
	drop = rules_add_drop(rules);
	if (!drop)
		return -ENOMEM;
	drop->family = family;
	drop->program = program;
	drop->table = strdup(table);
	drop->name = strdup("FORWARD");
	return drop->table && drop->name ? 0 : -ENOMEM;
}

int rules_read_save(struct rules *rules, __u8 family, const char *program, char *text)
{
	const char *table = "";
	char *line;
	int err = 0;

	while (!err && (line = strsep(&text, "\n"))) {
		if (*line == '*')
			table = line + 1;
		else if (*line == ':')
			err = take_chain(rules, family, program, table, line + 1);
		else if (!strncmp(line, "-A ", 3))
			err = take_rule(rules, family, program, table, line + 3);
	}
	return err;
}
