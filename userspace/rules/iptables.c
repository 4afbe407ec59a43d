// SPDX-License-Identifier: GPL-2.0
/* Tables, chains and rules, as iptables-save prints them. */
#include <errno.h>
#include <search.h>
#include <string.h>
#include "rules/iptables.h"

static const char * const tables[] = { "raw", "mangle", "nat", "filter", "security" };

const char *iptables_table_name(enum iptables_table table)
{
	return tables[table];
}

static int refuse(struct iptables *ipt, unsigned int line, const char *why)
{
	ipt->error = why;
	ipt->error_line = line;
	return -EINVAL;
}

static int by_name(const void *a, const void *b)
{
	const struct iptables_chain *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct iptables_chain *iptables_chain(const struct iptables_set *set, enum iptables_table table,
				      const char *name)
{
	struct iptables_chain key = { .name = name };
	void *node = tfind(&key, &set->chains[table], by_name);

	return node ? *(struct iptables_chain **)node : NULL;
}

static int get_chain(struct iptables *ipt, const char *name, struct iptables_chain **out)
{
	struct iptables_chain *chain = iptables_chain(ipt->set, ipt->table, name);

	*out = chain;
	if (chain)
		return 0;
	ipt->nr_chains++;
	chain = arena_alloc(ipt->arena, sizeof(*chain));
	chain->name = arena_string(ipt->arena, "%s", name);
	chain->table = ipt->table;
	STAILQ_INIT(&chain->rules);
	if (!tsearch(chain, &ipt->set->chains[ipt->table], by_name))
		return refuse(ipt, 0, "out of memory");
	*out = chain;
	return 0;
}

static void begin_set(struct iptables *ipt)
{
	ipt->set = arena_alloc(ipt->arena, sizeof(*ipt->set));
	SLIST_INIT(&ipt->set->flags);
	STAILQ_INIT(&ipt->set->all);
	STAILQ_INSERT_TAIL(&ipt->sets, ipt->set, next);
}

/* Begins a table, as in "*nat". */
static int read_table(struct iptables *ipt, const char *name)
{
	ipt->inside = true;
	for (ipt->table = 0; ipt->table < ipt->tables; ipt->table++)
		if (!strcmp(name, tables[ipt->table]))
			break;
	if (ipt->table == ipt->tables)
		return 0;
	if (!ipt->set || ipt->set->present[ipt->table])
		begin_set(ipt);
	ipt->set->present[ipt->table] = true;
	return 0;
}

/* Reads a chain, as in ":PREROUTING ACCEPT [0:0]". */
static int read_chain(struct iptables *ipt, char *line)
{
	struct iptables_chain *chain;
	char *words[4];
	int nr, err;

	if (ipt->table == ipt->tables)
		return 0;
	nr = words_split(line, words, ARRAY_SIZE(words));
	if (nr < 2)
		return refuse(ipt, ipt->line, "expected :CHAIN POLICY");
	err = get_chain(ipt, words[0], &chain);
	if (!err)
		chain->drops = !strcmp(words[1], "DROP");
	return err;
}

static int add_rule(struct iptables *ipt, const char *text, char **words)
{
	struct iptables_chain *chain;
	struct iptables_rule *rule;
	int err = get_chain(ipt, words[1], &chain);

	if (err)
		return err;
	rule = arena_alloc(ipt->arena, sizeof(*rule));
	rule->line = ipt->line;
	rule->text = text;
	rule->chain = chain;
	STAILQ_INSERT_TAIL(&chain->rules, rule, next);
	STAILQ_INSERT_TAIL(&ipt->set->all, rule, all);
	iptables_match(ipt->arena, ipt->set, rule, words + 2);
	return 0;
}

/* Reads "-A PREROUTING ...", with counters in front if -c was given: "[3:180] -A ...". */
static int read_rule(struct iptables *ipt, char *line)
{
	char *words[IPTABLES_WORDS_MAX + 1];
	const char *text;
	int nr;

	if (*line == '[') {
		line = strchr(line, ']');
		if (!line)
			return refuse(ipt, ipt->line, "expected [PACKETS:BYTES]");
		line++;
	}
	line += strspn(line, " ");
	ipt->nr_rules++;
	if (ipt->table == ipt->tables) {
		ipt->nr_ignored++;
		return 0;
	}
	text = arena_string(ipt->arena, "%s", line);
	nr = words_split(line, words, IPTABLES_WORDS_MAX);
	if (nr < 2 || (strcmp(words[0], "-A") && strcmp(words[0], "--append")))
		return refuse(ipt, ipt->line,
			      arena_string(ipt->arena, "expected -A CHAIN and at most %d words",
					   IPTABLES_WORDS_MAX));
	words[nr] = NULL;
	return add_rule(ipt, text, words);
}

void iptables_init(struct iptables *ipt, struct arena *arena, enum iptables_table last)
{
	*ipt = (struct iptables){ .arena = arena, .tables = last };
	STAILQ_INIT(&ipt->sets);
}

int iptables_read_line(struct iptables *ipt, unsigned int number, char *line)
{
	ipt->line = number;
	line += strspn(line, " ");
	if (!*line || *line == '#')
		return 0;
	if (*line == '*')
		return read_table(ipt, line + 1);
	if (!ipt->inside || !strchr(":-[C", *line))
		return refuse(ipt, number, "expected what iptables-save prints, *TABLE first");
	if (*line == ':')
		return read_chain(ipt, line + 1);
	if (*line != 'C')
		return read_rule(ipt, line);
	if (strcmp(line, "COMMIT"))
		return refuse(ipt, number, "expected COMMIT");
	ipt->inside = false;
	return 0;
}

/* Finds the chain of a jump, which may be declared behind the jump. Return: 0, or -EINVAL. */
static int link_rule(struct iptables *ipt, struct iptables_set *set, struct iptables_rule *rule)
{
	if (rule->target != IPTABLES_TO_JUMP && rule->target != IPTABLES_TO_GOTO)
		return 0;
	rule->jump = iptables_chain(set, rule->chain->table, rule->target_name);
	if (rule->jump)
		return 0;
	/*
	 * The name is that of a target which this file does not know, so the
	 * target balances nothing.
	 */
	if (rule->target == IPTABLES_TO_GOTO)
		return refuse(ipt, rule->line,
			      arena_string(ipt->arena, "no chain of the name \"%.31s\"",
					   rule->target_name));
	rule->target = IPTABLES_TO_NOTHING;
	return 0;
}

int iptables_finish(struct iptables *ipt)
{
	struct iptables_rule *rule;
	struct iptables_set *set;
	int err = 0;

	if (ipt->inside)
		return refuse(ipt, ipt->line, "the table has no COMMIT: is this all of it?");
	STAILQ_FOREACH(set, &ipt->sets, next)
		STAILQ_FOREACH(rule, &set->all, all)
			if (!err)
				err = link_rule(ipt, set, rule);
	return err;
}

static void free_nothing(void *node)
{
	(void)node;
}

void iptables_free(struct iptables *ipt)
{
	struct iptables_set *set;
	int i;

	STAILQ_FOREACH(set, &ipt->sets, next)
		for (i = 0; i < IPTABLES_TABLES; i++)
			tdestroy(set->chains[i], free_nothing);
}
