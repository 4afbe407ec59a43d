/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules of iptables-save, as far as an import understands them: what
 * import_rules.c and import_match.c read, and import_walk.c goes through.
 */
#ifndef IMPORT_RULES_H
#define IMPORT_RULES_H

#include "import/import.h"

/* Steps of one rule, and ports and ranges of one match (multiport has 15). */
#define IMPORT_STEPS_MAX	12
#define IMPORT_RANGES_MAX	16

/**
 * enum import_table - the tables that a packet meets on its way, in its order
 * @IMPORT_RAW: raw
 * @IMPORT_MANGLE: mangle
 * @IMPORT_NAT: nat
 * @IMPORT_TABLES: how many they are; any other table is ignored
 */
enum import_table {
	IMPORT_RAW,
	IMPORT_MANGLE,
	IMPORT_NAT,
	IMPORT_TABLES,
};

/**
 * enum import_step_kind - matches that are more than addresses and ports
 * @IMPORT_STEP_MARK: mark of the packet
 * @IMPORT_STEP_CONNMARK: mark of the connection
 * @IMPORT_STEP_NTH: statistic, mode nth
 * @IMPORT_STEP_RANDOM: statistic, mode random
 * @IMPORT_STEP_FLAG: condition
 * @IMPORT_STEP_NEW: a state of the connection that a new one has, or not
 * @IMPORT_STEP_SEEN: recent, a client that came before
 */
enum import_step_kind {
	IMPORT_STEP_MARK,
	IMPORT_STEP_CONNMARK,
	IMPORT_STEP_NTH,
	IMPORT_STEP_RANDOM,
	IMPORT_STEP_FLAG,
	IMPORT_STEP_NEW,
	IMPORT_STEP_SEEN,
};

/**
 * struct import_flag - a condition
 * @name: its name
 * @one: does its file contain 1 at the moment?
 * @rule: a rule that asked it; import_walk.c's
 * @next: in import_rules.flags
 */
struct import_flag {
	const char *name;
	bool one;
	struct import_rule *rule;

	SLIST_ENTRY(import_flag) next;
};

/**
 * struct import_step - such a match
 * @kind: which
 * @negated: whether what it says is turned round
 * @value: a mark; the packet of nth; 1 for a new connection; seconds of recent
 * @mask: of a mark; every of nth; bits of an address for recent, 0 for all
 * @part: probability
 * @flag: of a condition
 * @count: packets that nth saw; import_walk.c's
 */
struct import_step {
	enum import_step_kind kind;
	bool negated;
	__u32 value;
	__u32 mask;
	double part;
	struct import_flag *flag;
	__u32 count;
};

/* IMPORT_TO_ACCEPT to IMPORT_TO_GOTO say where a packet goes on, others what becomes of it. */
enum import_target {
	IMPORT_TO_NOTHING,
	IMPORT_TO_ACCEPT,
	IMPORT_TO_DROP,
	IMPORT_TO_RETURN,
	IMPORT_TO_JUMP,
	IMPORT_TO_GOTO,
	IMPORT_TO_MARK,
	IMPORT_TO_CONNMARK,
	IMPORT_TO_SAVE,
	IMPORT_TO_RESTORE,
	IMPORT_TO_DNAT,
	IMPORT_TO_REDIRECT,
	IMPORT_TO_SNAT,
};

SLIST_HEAD(import_flags, import_flag);

struct import_chain;

/**
 * struct import_rule - a rule
 * @line: where it stands
 * @text: the rule
 * @src: it looks at the source address
 * @dst: destination, if its family is not 0
 * @dst_bits: leading bits of @dst that count
 * @not_dst: every other destination
 * @proto: protocol, 0 for all
 * @not_proto: every other protocol
 * @dev: input interface, or NULL
 * @nr_ports: entries of @ports, 0 for all ports
 * @not_ports: every other port
 * @ports: pairs of first and last destination port
 * @strange: the first match, if any, that nf_vip has nothing for, but @src
 * @nr_steps: entries of @steps
 * @steps: in the order of the rule
 * @target: what becomes of packets that match
 * @value: of a mark; for IMPORT_TO_SAVE and _RESTORE the mask of the packet's
 * @mask: of a mark; for those the mask of the connection's
 * @jump: where IMPORT_TO_JUMP and _GOTO go
 * @to: destination of IMPORT_TO_DNAT, or source of IMPORT_TO_SNAT
 * @target_name: its word
 * @persistent: of DNAT: a client keeps its address
 * @walk: the last walk in which packets ended here; import_walk.c's
 * @used: it has a part in a service that was imported
 * @why: why it was not taken
 * @next: in its chain
 * @all: in import_rules.all
 */
struct import_rule {
	unsigned int line;
	const char *text;
	bool src;
	struct import_address dst;
	__u8 dst_bits;
	bool not_dst;
	__u8 proto;
	bool not_proto;
	const char *dev;
	__u8 nr_ports;
	bool not_ports;
	__u16 ports[IMPORT_RANGES_MAX][2];
	const char *strange;
	__u8 nr_steps;
	struct import_step steps[IMPORT_STEPS_MAX];
	enum import_target target;
	__u32 value;
	__u32 mask;
	struct import_chain *jump;
	const char *to;
	const char *target_name;
	bool persistent;
	unsigned int walk;
	bool used;
	const char *why;

	STAILQ_ENTRY(import_rule) next;
	STAILQ_ENTRY(import_rule) all;
};

STAILQ_HEAD(import_rule_list, import_rule);

/**
 * struct import_chain - a chain
 * @name: its name; first, because the tree compares it
 * @drops: its policy is DROP
 * @busy: a walk is in it
 * @visit: the last visit, to see each chain once
 * @rules: its rules
 */
struct import_chain {
	const char *name;
	bool drops;
	bool busy;
	unsigned int visit;
	struct import_rule_list rules;
};

/**
 * struct import_rules - the tables of one family
 * @chains: of each table, by name, for tfind(3)
 * @present: tables that were there
 * @flags: conditions that rules ask
 * @nr_flags: how many
 * @all: all rules, in the order of the text
 * @visit: counter for import_chain.visit
 * @next: in a list
 */
struct import_rules {
	void *chains[IMPORT_TABLES];
	bool present[IMPORT_TABLES];
	struct import_flags flags;
	unsigned int nr_flags;
	struct import_rule_list all;
	unsigned int visit;

	STAILQ_ENTRY(import_rules) next;
};

STAILQ_HEAD(import_rule_sets, import_rules);

/**
 * import_read_rules() - read the tables raw, mangle and nat
 * @im: import; other tables' rules are counted as ignored
 * @text: output of iptables-save; a table that comes again, as in the output of
 *	ip6tables-save behind it, begins another set
 * @len: its length
 * @sets: the sets
 *
 * Return: 0, or -EINVAL with @im->error. Either way the sets are to be freed
 * with import_free_rules().
 */
int import_read_rules(struct import *im, const char *text, size_t len,
		      struct import_rule_sets *sets);

/**
 * import_free_rules() - free what import_alloc() does not cover
 * @sets: sets
 */
void import_free_rules(struct import_rule_sets *sets);

/**
 * import_chain_find() - a chain by its name
 * @rules: set
 * @table: table
 * @name: name
 *
 * Return: the chain or NULL.
 */
struct import_chain *import_chain_find(const struct import_rules *rules, enum import_table table,
				       const char *name);

/**
 * import_match() - understand the matches and the target of a rule
 * @im: import
 * @rules: its set
 * @rule: rule, whose other members are set
 * @words: words behind the name of the chain; a NULL behind the last
 *
 * What it does not understand becomes @rule->strange. The chain of a jump is to
 * be found by @rule->target_name, where @rule->target is IMPORT_TO_NOTHING.
 */
void import_match(struct import *im, struct import_rules *rules, struct import_rule *rule,
		  char **words);

/**
 * import_rule_target() - understand an option of a target
 * @im: import
 * @rule: rule whose target_name is set
 * @option: option
 * @value: the word behind it, or NULL
 *
 * Return: how many words the option takes with it, 0 if it is not known.
 */
int import_rule_target(struct import *im, struct import_rule *rule, const char *option,
		       const char *value);

#endif /* IMPORT_RULES_H */
