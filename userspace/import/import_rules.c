// SPDX-License-Identifier: GPL-2.0
/* Tables, chains and rules, as iptables-save prints them. */
#include <search.h>
#include "import/import_rules.h"

#define WORDS_MAX	256

/* Where the reader is; @table is IMPORT_TABLES in a table that is ignored. */
struct reader {
	struct import *im;
	struct import_rule_sets *sets;
	struct import_rules *rules;
	enum import_table table;
	bool inside;
	unsigned int line;
	unsigned int nr_rules;
	unsigned int nr_chains;
};

static int by_name(const void *a, const void *b)
{
	const struct import_chain *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct import_chain *import_chain_find(const struct import_rules *rules, enum import_table table,
				       const char *name)
{
	struct import_chain key = { .name = name };
	void *node = tfind(&key, &rules->chains[table], by_name);

	return node ? *(struct import_chain **)node : NULL;
}

static int new_chain(struct reader *r, const char *name, struct import_chain **out)
{
	struct import_chain *chain = import_chain_find(r->rules, r->table, name);

	*out = chain;
	if (chain)
		return 0;
	if (r->nr_chains++ == IMPORT_CHAINS_MAX)
		return import_refuse(r->im, r->line, "more than %d chains", IMPORT_CHAINS_MAX);
	chain = import_alloc(r->im, sizeof(*chain));
	chain->name = import_string(r->im, "%s", name);
	STAILQ_INIT(&chain->rules);
	if (!tsearch(chain, &r->rules->chains[r->table], by_name))
		return import_refuse(r->im, 0, "out of memory");
	*out = chain;
	return 0;
}

static void new_set(struct reader *r)
{
	r->rules = import_alloc(r->im, sizeof(*r->rules));
	SLIST_INIT(&r->rules->flags);
	STAILQ_INIT(&r->rules->all);
	STAILQ_INSERT_TAIL(r->sets, r->rules, next);
}

/* "*nat" */
static int read_table(struct reader *r, const char *name)
{
	static const char * const names[] = { "raw", "mangle", "nat" };

	r->inside = true;
	for (r->table = 0; r->table < IMPORT_TABLES; r->table++)
		if (!strcmp(name, names[r->table]))
			break;
	if (r->table == IMPORT_TABLES)
		return 0;
	if (!r->rules || r->rules->present[r->table])
		new_set(r);
	r->rules->present[r->table] = true;
	return 0;
}

/* ":PREROUTING ACCEPT [0:0]" */
static int read_chain(struct reader *r, char *line)
{
	struct import_chain *chain;
	char *words[4];
	int nr, err;

	if (r->table == IMPORT_TABLES)
		return 0;
	nr = import_split(line, words, ARRAY_SIZE(words));
	if (nr < 2)
		return import_refuse(r->im, r->line, "expected :CHAIN POLICY");
	err = new_chain(r, words[0], &chain);
	if (!err)
		chain->drops = !strcmp(words[1], "DROP");
	return err;
}

static int add_rule(struct reader *r, const char *text, char **words)
{
	struct import_chain *chain;
	struct import_rule *rule;
	int err = new_chain(r, words[1], &chain);

	if (err)
		return err;
	rule = import_alloc(r->im, sizeof(*rule));
	rule->line = r->line;
	rule->text = text;
	STAILQ_INSERT_TAIL(&chain->rules, rule, next);
	STAILQ_INSERT_TAIL(&r->rules->all, rule, all);
	import_match(r->im, r->rules, rule, words + 2);
	return 0;
}

/* "-A PREROUTING ...", with -c in front "[3:180] -A ..." */
static int read_rule(struct reader *r, char *line)
{
	char *words[WORDS_MAX + 1];
	const char *text;
	int nr;

	if (*line == '[') {
		line = strchr(line, ']');
		if (!line)
			return import_refuse(r->im, r->line, "expected [PACKETS:BYTES]");
		line++;
	}
	line += strspn(line, " ");
	if (r->nr_rules++ == IMPORT_RULES_MAX)
		return import_refuse(r->im, r->line, "more than %d rules", IMPORT_RULES_MAX);
	if (r->table == IMPORT_TABLES) {
		r->im->ignored++;
		return 0;
	}
	text = import_string(r->im, "%s", line);
	nr = import_split(line, words, WORDS_MAX);
	if (nr < 2 || (strcmp(words[0], "-A") && strcmp(words[0], "--append")))
		return import_refuse(r->im, r->line, "expected -A CHAIN and at most %d words",
				     WORDS_MAX);
	words[nr] = NULL;
	return add_rule(r, text, words);
}

static int read_line(struct reader *r, char *line)
{
	line += strspn(line, " ");
	if (!*line || *line == '#')
		return 0;
	if (*line == '*')
		return read_table(r, line + 1);
	if (!r->inside || !strchr(":-[C", *line))
		return import_refuse(r->im, r->line,
				     "expected what iptables-save prints, *TABLE first");
	if (*line == ':')
		return read_chain(r, line + 1);
	if (*line != 'C')
		return read_rule(r, line);
	if (strcmp(line, "COMMIT"))
		return import_refuse(r->im, r->line, "expected COMMIT");
	r->inside = false;
	return 0;
}

/* A jump may stand before its chain. Return: 0, or -EINVAL. */
static int link_chain(struct import *im, struct import_rules *rules, enum import_table table,
		      struct import_chain *chain)
{
	struct import_rule *rule;

	STAILQ_FOREACH(rule, &chain->rules, next) {
		if (rule->target != IMPORT_TO_JUMP && rule->target != IMPORT_TO_GOTO)
			continue;
		rule->jump = import_chain_find(rules, table, rule->target_name);
		if (rule->jump)
			continue;
		/* A target that this file does not know: it balances nothing. */
		if (rule->target == IMPORT_TO_GOTO)
			return import_refuse(im, rule->line, "no chain of the name \"%.31s\"",
					     rule->target_name);
		rule->target = IMPORT_TO_NOTHING;
	}
	return 0;
}

/* What twalk_r(3) hands to link_node(). */
struct linking {
	struct import *im;
	struct import_rules *rules;
	enum import_table table;
	int err;
};

static void link_node(const void *node, VISIT which, void *data)
{
	struct linking *l = data;

	if ((which == postorder || which == leaf) && !l->err)
		l->err = link_chain(l->im, l->rules, l->table, *(struct import_chain **)node);
}

static int link_set(struct import *im, struct import_rules *rules)
{
	struct linking l = { im, rules, 0, 0 };

	for (l.table = 0; l.table < IMPORT_TABLES; l.table++)
		twalk_r(rules->chains[l.table], link_node, &l);
	return l.err;
}

int import_read_rules(struct import *im, const char *text, size_t len,
		      struct import_rule_sets *sets)
{
	struct reader r = { .im = im, .sets = sets };
	const char *at = text, *end = text + len;
	char line[IMPORT_LINE_MAX + 1];
	int err;

	STAILQ_INIT(sets);
	while ((err = import_next_line(im, &at, end, &r.line, line)) > 0) {
		err = read_line(&r, line);
		if (err)
			return err;
	}
	if (!err && r.inside)
		err = import_refuse(im, r.line, "the table has no COMMIT: is this all of it?");
	STAILQ_FOREACH(r.rules, sets, next)
		if (!err)
			err = link_set(im, r.rules);
	return err;
}

static void keep(void *node)
{
	(void)node;
}

void import_free_rules(struct import_rule_sets *sets)
{
	struct import_rules *rules;
	int i;

	STAILQ_FOREACH(rules, sets, next)
		for (i = 0; i < IMPORT_TABLES; i++)
			tdestroy(rules->chains[i], keep);
}
