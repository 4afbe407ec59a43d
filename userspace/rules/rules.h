/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What other rules of the gateway do to packets, as far as that concerns a
 * balancer: those of nftables and of iptables in one form. A part of a rule
 * that is not understood may match or may not.
 */
#ifndef RULES_H
#define RULES_H

#include <jansson.h>
#include <stdbool.h>
#include "nf_vip_limits.h"
#include "nf_vip_pure.h"

/* Bits of ct state as nftables and the kernel count them. */
#define RULES_NEW	8

enum rules_truth { RULES_NO, RULES_MAYBE, RULES_YES };

enum rules_key {
	RULES_IIF, RULES_OIF, RULES_DADDR, RULES_PROTO, RULES_DPORT, RULES_STATE,
	RULES_FAMILY, RULES_OTHER,
};

enum rules_action {
	RULES_ACCEPT, RULES_JUMP, RULES_DNAT, RULES_NOTRACK, RULES_CTMARK,
};

/**
 * struct rules_span - values in a row
 * @first: first value: an address or a number in network byte order, or a name
 *	that ends with "*" if it stands for all names that begin so
 * @last: last value; not used for a name
 */
struct rules_span {
	__u8 first[16];
	__u8 last[16];
};

/**
 * struct rules_cond - one condition of a rule
 * @key: what the condition is about
 * @negated: true if none of the values may match
 * @family: family of RULES_DADDR
 * @nr: how many values
 * @spans: the values
 */
struct rules_cond {
	enum rules_key key;
	bool negated;
	__u8 family;
	size_t nr;
	struct rules_span *spans;
};

/**
 * struct rules_match - what a packet has to be like
 * @next: next match to be freed
 * @nr: how many conditions
 * @conds: all of them have to be true
 */
struct rules_match {
	struct rules_match *next;
	size_t nr;
	struct rules_cond *conds;
};

/**
 * struct rules_rule - something that is done to packets
 * @family: NFPROTO_INET is both
 * @table: name of the rule's table
 * @chain: name of the rule's chain
 * @program: iptables or a like program, or NULL for nftables
 * @handle: number of the rule in nftables
 * @text: iptables' words behind -A CHAIN, each quoted for a shell
 * @match: which packets
 * @action: what is done
 * @target: chain that follows, for RULES_JUMP
 * @bits: for RULES_CTMARK, which bits of the connection's mark are written
 * @value: what is written to @bits; only if @known
 * @known: @value is known, not taken from somewhere else
 */
struct rules_rule {
	__u8 family;
	char *table;
	char *chain;
	const char *program;
	long long handle;
	char *text;
	const struct rules_match *match;
	enum rules_action action;
	char *target;
	__u32 bits;
	__u32 value;
	bool known;
};

/**
 * struct rules_chain - a chain that drops what nobody accepts, at hook forward
 * @family: NFPROTO_INET is both
 * @table: name of the chain's table
 * @name: name of the chain
 * @program: as in struct rules_rule
 */
struct rules_chain {
	__u8 family;
	char *table;
	char *name;
	const char *program;
};

/**
 * struct rules - all rules that matter
 * @rules: rules
 * @nr_rules: how many
 * @drops: chains that drop
 * @nr_drops: how many
 * @matches: all matches, to be freed
 * @has_flowtable: there is a flowtable for the fast path
 * @has_xt: nftables has rules of iptables that it cannot tell
 */
struct rules {
	struct rules_rule *rules;
	size_t nr_rules;
	struct rules_chain *drops;
	size_t nr_drops;
	struct rules_match *matches;
	bool has_flowtable;
	bool has_xt;
};

/**
 * struct rules_flow - the first packet of connections, where rules see it
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: protocol
 * @daddr: destination
 * @first: first port of it
 * @last: last port
 * @iif: input interface, or "" if it may be any
 * @oif: output interface, or "" if there is none yet
 */
struct rules_flow {
	__u8 family;
	__u8 proto;
	union nf_inet_addr daddr;
	__u16 first;
	__u16 last;
	const char *iif;
	const char *oif;
};

/**
 * rules_new_match() - make an empty match
 * @rules: rules
 *
 * Return: a match without conditions, or NULL.
 */
struct rules_match *rules_new_match(struct rules *rules);

/**
 * rules_new_cond() - add a condition
 * @match: match
 * @key: what the condition is about
 * @negated: true if none of the values may match
 *
 * Return: a condition without values, or NULL.
 */
struct rules_cond *rules_new_cond(struct rules_match *match, enum rules_key key, bool negated);

/**
 * rules_add_numbers() - add values that are numbers
 * @cond: condition, or NULL
 * @first: first one
 * @last: last one
 *
 * Return: 0 or -ENOMEM.
 */
int rules_add_numbers(struct rules_cond *cond, __u32 first, __u32 last);

/**
 * rules_add_name() - add an interface
 * @cond: condition, or NULL
 * @name: name of the interface; with "*" at the end for all that begin so
 *
 * Return: 0 or -ENOMEM.
 */
int rules_add_name(struct rules_cond *cond, const char *name);

/**
 * rules_add_prefix() - add addresses
 * @cond: condition, or NULL; its family becomes @family
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: an address with the prefix
 * @bits: length of the prefix
 *
 * Return: 0 or -ENOMEM.
 */
int rules_add_prefix(struct rules_cond *cond, __u8 family, const union nf_inet_addr *addr,
		     unsigned int bits);

/**
 * rules_add_rule() - add a rule
 * @rules: rules
 *
 * Return: an empty rule, or NULL. The strings in it will be freed with it.
 */
struct rules_rule *rules_add_rule(struct rules *rules);

/**
 * rules_add_drop() - add a chain that drops
 * @rules: rules
 *
 * Return: an empty chain, or NULL. The strings in it will be freed with it.
 */
struct rules_chain *rules_add_drop(struct rules *rules);

/**
 * rules_read_nft() - read what nftables has
 * @rules: rules to add to
 * @sentence: what nftables says, with -EIO
 *
 * Return: 0, -EIO, or -ENOMEM.
 */
int rules_read_nft(struct rules *rules, char sentence[NF_VIP_ERROR_MAX]);

/**
 * rules_read_iptables() - read what iptables-save and its kind print
 * @rules: rules to add to
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @program: the program that changes these rules, for commands; a constant
 * @text: what was printed; gets cut into pieces
 *
 * Return: 0, -ENOMEM, or -EINVAL for a text that iptables-save does not print.
 */
int rules_read_iptables(struct rules *rules, __u8 family, const char *program, char *text);

/**
 * rules_matches() - does a rule see these packets?
 * @rule: rule
 * @flow: packets
 */
enum rules_truth rules_matches(const struct rules_rule *rule, const struct rules_flow *flow);

/**
 * rules_names() - does a rule ask for an address or a port?
 * @rule: rule
 */
bool rules_names(const struct rules_rule *rule);

/**
 * rules_accept() - may a chain let these packets through?
 * @rules: rules
 * @drop: chain that drops the others
 * @flow: packets
 */
bool rules_accept(const struct rules *rules, const struct rules_chain *drop,
		  const struct rules_flow *flow);

/**
 * rules_place() - where a rule is, for people
 * @rule: rule
 *
 * Return: a string, or NULL.
 */
json_t *rules_place(const struct rules_rule *rule);

/**
 * rules_chain_place() - where a chain is, for people
 * @chain: chain
 *
 * Return: a string, or NULL.
 */
json_t *rules_chain_place(const struct rules_chain *chain);

/**
 * rules_is_iptables() - is a chain of nftables one that iptables has, too?
 * @chain: chain
 */
bool rules_is_iptables(const struct rules_chain *chain);

/**
 * rules_delete() - the command that deletes a rule
 * @rule: rule
 *
 * Return: a string, or NULL.
 */
json_t *rules_delete(const struct rules_rule *rule);

/**
 * rules_let_through() - the command that lets balanced connections through
 * @chain: chain that drops
 * @mark_mask: bits of marks that are the module's
 *
 * Return: a string, or NULL.
 */
json_t *rules_let_through(const struct rules_chain *chain, __u32 mark_mask);

/**
 * rules_free() - free all rules
 * @rules: rules
 */
void rules_free(struct rules *rules);

#endif /* RULES_H */
