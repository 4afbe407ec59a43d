/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules of iptables as a model: the one reading of what iptables-save and its kind
 * print. What a match or a target does in the kernel is said by members; a match
 * without such members is strange.
 *
 * iptables.c reads tables and chains, iptables_match.c the matches of a rule,
 * iptables_target.c the options of its target.
 */
#ifndef IPTABLES_H
#define IPTABLES_H

#include <sys/queue.h>
#include "lib/arena.h"
#include "lib/words.h"

/* Steps of one rule, ports and ranges of one match (multiport has 15), and names of conditions. */
#define IPTABLES_STEPS_MAX	12
#define IPTABLES_RANGES_MAX	16
#define IPTABLES_FLAGS_MAX	4096

/* Words of a rule. */
#define IPTABLES_WORDS_MAX	256

/**
 * enum iptables_table - tables, up to nat in the order in which a packet meets them
 * @IPTABLES_RAW: raw
 * @IPTABLES_MANGLE: mangle
 * @IPTABLES_NAT: nat
 * @IPTABLES_FILTER: filter
 * @IPTABLES_SECURITY: security
 * @IPTABLES_TABLES: how many tables there are; rules of any other table are only
 *	counted
 */
enum iptables_table {
	IPTABLES_RAW,
	IPTABLES_MANGLE,
	IPTABLES_NAT,
	IPTABLES_FILTER,
	IPTABLES_SECURITY,
	IPTABLES_TABLES,
};

/**
 * enum iptables_step_kind - matches that are more than addresses, ports and interfaces
 * @IPTABLES_STEP_MARK: mark of the packet
 * @IPTABLES_STEP_CONNMARK: mark of the connection
 * @IPTABLES_STEP_NTH: statistic, mode nth
 * @IPTABLES_STEP_RANDOM: statistic, mode random
 * @IPTABLES_STEP_FLAG: condition
 * @IPTABLES_STEP_NEW: a state of the connection that a new one has, or not
 * @IPTABLES_STEP_SEEN: recent, a client that came before
 */
enum iptables_step_kind {
	IPTABLES_STEP_MARK,
	IPTABLES_STEP_CONNMARK,
	IPTABLES_STEP_NTH,
	IPTABLES_STEP_RANDOM,
	IPTABLES_STEP_FLAG,
	IPTABLES_STEP_NEW,
	IPTABLES_STEP_SEEN,
};

/**
 * struct iptables_flag - a condition
 * @name: name of the condition
 * @one: does its file contain 1? Set by whoever wants to know what the rules do
 *	in that case
 * @rule: a rule that asked for it, for whoever goes through the rules
 * @next: in iptables_set.flags
 */
struct iptables_flag {
	const char *name;
	bool one;
	struct iptables_rule *rule;

	SLIST_ENTRY(iptables_flag) next;
};

/**
 * struct iptables_step - a match of these kinds
 * @kind: kind of the match
 * @negated: whether the match is negated
 * @value: a mark; the packet of nth; 1 for a new connection; seconds of recent
 * @mask: of a mark; every of nth; bits of an address for recent, 0 for all; of a state
 *	1 if the match asks for NAT, too, which a new connection may have
 * @part: probability
 * @flag: of a condition
 * @count: packets that nth saw, for whoever sends some through the rules
 */
struct iptables_step {
	enum iptables_step_kind kind;
	bool negated;
	__u32 value;
	__u32 mask;
	double part;
	struct iptables_flag *flag;
	__u32 count;
};

/* IPTABLES_TO_ACCEPT to _GOTO say where a packet goes on, others what becomes of it. */
enum iptables_target {
	IPTABLES_TO_NOTHING,
	IPTABLES_TO_ACCEPT,
	IPTABLES_TO_DROP,
	IPTABLES_TO_RETURN,
	IPTABLES_TO_JUMP,
	IPTABLES_TO_GOTO,
	IPTABLES_TO_MARK,
	IPTABLES_TO_CONNMARK,
	IPTABLES_TO_SAVE,
	IPTABLES_TO_RESTORE,
	IPTABLES_TO_DNAT,
	IPTABLES_TO_REDIRECT,
	IPTABLES_TO_SNAT,
};

SLIST_HEAD(iptables_flags, iptables_flag);

/**
 * struct iptables_rule - a rule
 * @line: line of the rule
 * @text: the rule, "-A CHAIN" first
 * @chain: chain of the rule
 * @src: the rule looks at the source address
 * @dst: destination, if its family is not 0
 * @dst_bits: leading bits of @dst that count
 * @not_dst: every other destination
 * @proto: protocol, 0 for all
 * @not_proto: every other protocol
 * @other_proto: a protocol that words_proto() does not know, with @proto 0
 * @in: input interface, or NULL; with "+" at its end all whose names begin so
 * @not_in: every other interface
 * @dev: @in, if it is one interface whose name is a word; else NULL
 * @out: output interface, as @in
 * @not_out: every other interface
 * @nr_ports: entries of @ports, 0 for all ports
 * @not_ports: every other port
 * @ports: pairs of first and last destination port
 * @strange: the first match, if any, that the members (but @src and @out) do not
 *	describe in full
 * @nr_steps: entries of @steps
 * @steps: in the order of the rule
 * @target: what becomes of packets that match
 * @value: value of a mark; for IPTABLES_TO_SAVE and _RESTORE the mask of the
 *	packet's
 * @mask: mask of a mark; for IPTABLES_TO_SAVE and _RESTORE the mask of the
 *	connection's
 * @jump: where IPTABLES_TO_JUMP and _GOTO go
 * @to: destination of IPTABLES_TO_DNAT, or source of IPTABLES_TO_SNAT
 * @target_name: word of the target
 * @persistent: of DNAT: a client keeps its address
 * @notrack: of CT: connection tracking does not see the packet
 * @data: for whoever goes through the rules
 * @next: in its chain
 * @all: in iptables_set.all
 */
struct iptables_rule {
	unsigned int line;
	const char *text;
	const struct iptables_chain *chain;
	bool src;
	struct ip_address dst;
	__u8 dst_bits;
	bool not_dst;
	__u8 proto;
	bool not_proto;
	bool other_proto;
	const char *in;
	bool not_in;
	const char *dev;
	const char *out;
	bool not_out;
	__u8 nr_ports;
	bool not_ports;
	__u16 ports[IPTABLES_RANGES_MAX][2];
	const char *strange;
	__u8 nr_steps;
	struct iptables_step steps[IPTABLES_STEPS_MAX];
	enum iptables_target target;
	__u32 value;
	__u32 mask;
	struct iptables_chain *jump;
	const char *to;
	const char *target_name;
	bool persistent;
	bool notrack;
	void *data;

	STAILQ_ENTRY(iptables_rule) next;
	STAILQ_ENTRY(iptables_rule) all;
};

STAILQ_HEAD(iptables_rule_list, iptables_rule);

/**
 * struct iptables_chain - a chain
 * @name: name of the chain; first, because the tree compares it
 * @table: table of the chain
 * @drops: the policy of the chain is DROP
 * @busy: whoever goes through the rules is in it
 * @visit: the last visit, to see each chain once
 * @rules: rules of the chain
 */
struct iptables_chain {
	const char *name;
	enum iptables_table table;
	bool drops;
	bool busy;
	unsigned int visit;
	struct iptables_rule_list rules;
};

/**
 * struct iptables_set - the tables of one family
 * @chains: chains of each table, by name, for tfind(3)
 * @present: tables that the text has
 * @flags: conditions that rules ask for
 * @nr_flags: how many flags
 * @all: all rules, in the order of the text
 * @visit: counter for iptables_chain.visit
 * @next: in iptables.sets
 */
struct iptables_set {
	void *chains[IPTABLES_TABLES];
	bool present[IPTABLES_TABLES];
	struct iptables_flags flags;
	unsigned int nr_flags;
	struct iptables_rule_list all;
	unsigned int visit;

	STAILQ_ENTRY(iptables_set) next;
};

STAILQ_HEAD(iptables_sets, iptables_set);

/**
 * struct iptables - what was read
 * @arena: the memory of everything but trees
 * @tables: wanted are the tables before this one
 * @sets: a table that comes again, as in the output of ip6tables-save behind that of
 *	iptables-save, begins another set
 * @nr_rules: rules of all tables
 * @nr_chains: chains of wanted tables
 * @nr_ignored: rules of tables that are not wanted
 * @error: why a line was refused
 * @error_line: number of that line, or 0
 * @set: the set to which lines are added
 * @table: the table to which lines are added; @tables if that one is not wanted
 * @inside: between "*TABLE" and "COMMIT"
 * @line: number of the last line
 */
struct iptables {
	struct arena *arena;
	enum iptables_table tables;
	struct iptables_sets sets;
	unsigned int nr_rules;
	unsigned int nr_chains;
	unsigned int nr_ignored;
	const char *error;
	unsigned int error_line;
	struct iptables_set *set;
	enum iptables_table table;
	bool inside;
	unsigned int line;
};

/**
 * iptables_init() - begin to read
 * @ipt: to be freed with iptables_free(), whatever happens
 * @arena: for all that will be read; to be freed later than @ipt
 * @tables: read the tables before this one
 */
void iptables_init(struct iptables *ipt, struct arena *arena, enum iptables_table tables);

/**
 * iptables_read_line() - read a line
 * @ipt: what was read so far
 * @number: number of the line, for messages
 * @line: line; gets cut into pieces
 *
 * Return: 0, or -EINVAL with @ipt->error.
 */
int iptables_read_line(struct iptables *ipt, unsigned int number, char *line);

/**
 * iptables_finish() - all lines were read: find the chains of jumps
 * @ipt: what was read
 *
 * Return: 0, or -EINVAL with @ipt->error.
 */
int iptables_finish(struct iptables *ipt);

/**
 * iptables_free() - free what the arena does not cover
 * @ipt: what was read
 */
void iptables_free(struct iptables *ipt);

/**
 * iptables_chain() - find a chain by its name
 * @set: set
 * @table: table
 * @name: name
 *
 * Return: the chain or NULL.
 */
struct iptables_chain *iptables_chain(const struct iptables_set *set, enum iptables_table table,
				      const char *name);

/**
 * iptables_table_name() - the name of a table
 * @table: table
 */
const char *iptables_table_name(enum iptables_table table);

/**
 * iptables_match() - understand the matches and the target of a rule
 * @arena: for what the rule keeps
 * @set: set of the rule
 * @rule: rule, whose other members are set
 * @words: words behind the name of the chain; a NULL behind the last
 *
 * A match that is not understood becomes @rule->strange. The chain of a jump is
 * to be found by @rule->target_name.
 */
void iptables_match(struct arena *arena, struct iptables_set *set, struct iptables_rule *rule,
		    char **words);

/**
 * iptables_target_option() - understand an option of a target
 * @arena: for what the rule keeps
 * @rule: rule whose target and target_name are set
 * @option: option
 * @value: the word behind the option, or NULL
 *
 * Return: how many words the option takes with its value, 0 for an unknown
 * option.
 */
int iptables_target_option(struct arena *arena, struct iptables_rule *rule, const char *option,
			   const char *value);

#endif /* IPTABLES_H */
