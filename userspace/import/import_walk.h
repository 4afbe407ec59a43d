/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rules do with the first packets of new connections: a packet is sent
 * through the chains as the kernel would send it, and divided where chance
 * decides. No rule is compared with a pattern, so the spelling of a rule does
 * not matter.
 */
#ifndef IMPORT_WALK_H
#define IMPORT_WALK_H

#include "import/import.h"
#include "rules/iptables.h"

/* A packet meets the tables up to nat until its destination is translated. */
#define IMPORT_TABLES	(IPTABLES_NAT + 1)

/**
 * struct import_use - what becomes of a rule
 * @walk: the last walk in which packets ended there; for import_walk.c only
 * @used: the rule has a part in a service that was imported
 * @why: why the rule was not taken
 */
struct import_use {
	unsigned int walk;
	bool used;
	const char *why;
};

/**
 * import_use() - what becomes of a rule
 * @rule: rule
 */
static inline struct import_use *import_use(const struct iptables_rule *rule)
{
	return rule->data;
}

/**
 * struct import_probe - the packets that are sent
 * @dst: destination
 * @proto: protocol, IPPROTO_RAW stands for those that nf_vip does not know
 * @first: first of the destination ports, for which all rules are alike
 * @last: last of these ports
 * @dev: input interface, NULL for one that no rule names
 */
struct import_probe {
	struct ip_address dst;
	__u8 proto;
	__u16 first;
	__u16 last;
	const char *dev;
};

/**
 * struct import_end - where packets ended
 * @rule: rule with the target DNAT
 * @mark: mark of the packets
 * @flag: a flag that has to be 0 for that, or NULL
 * @part: the packets' part of all packets
 */
struct import_end {
	struct iptables_rule *rule;
	__u32 mark;
	struct iptables_flag *flag;
	double part;
};

/**
 * struct import_list - an array that grows
 * @items: items of the list
 * @nr: how many items
 * @room: how many items there is room for
 */
struct import_list {
	void *items;
	unsigned int nr;
	unsigned int room;
};

/**
 * struct import_walk - a walk and its result
 * @rules: rules to walk through
 * @probe: packets to send
 * @hook: "PREROUTING" or "OUTPUT"
 * @assume: a strange rule that shall match, or NULL
 * @record: note which rules had a part in the result
 * @steps: rules that may still be gone through; 0 at the end means too many
 * @number: counts walks; not 0
 * @loop: a rule that jumps in a circle, or NULL
 * @ends: list of struct import_end
 * @rest: part of packets that is left to the gateway itself
 * @dropped: part of packets that was dropped
 * @nth: a match nth divided packets
 * @random: a match random divided packets
 * @seen: the first rule with recent that was met, or NULL
 * @seen_step: the step of that rule
 * @strange: list of struct iptables_rule *, if @record: strange rules that were
 *	met
 * @flags: list of struct iptables_flag *, if @record: flags that were asked
 * @counters: list of struct iptables_step *: steps of nth that counted
 * @passed: list of flows that are through with a table; for import_walk.c only
 */
struct import_walk {
	struct iptables_set *rules;
	struct import_probe probe;
	const char *hook;
	const struct iptables_rule *assume;
	bool record;
	unsigned long steps;
	unsigned int number;
	const struct iptables_rule *loop;
	struct import_list ends;
	double rest;
	double dropped;
	bool nth;
	bool random;
	struct iptables_rule *seen;
	const struct iptables_step *seen_step;
	struct import_list strange;
	struct import_list flags;
	struct import_list counters;
	struct import_list passed;
};

/**
 * import_walk() - send packets until all counters of nth are at their beginning
 * @walk: @rules, @probe, @hook, @assume, @record and @steps are set, lists
 *	are empty or from the walk before
 *
 * Return: 0, or -E2BIG if it took too many steps, -ELOOP for @walk->loop.
 */
int import_walk(struct import_walk *walk);

/**
 * import_walk_free() - free the lists of a walk
 * @walk: walk
 */
void import_walk_free(struct import_walk *walk);

/**
 * import_covers() - does a rule take the packets, as far as addresses, ports and
 *	interfaces go?
 * @rule: rule
 * @probe: packets
 */
bool import_covers(const struct iptables_rule *rule, const struct import_probe *probe);

/**
 * import_dst_covers() - is an address among the rule's destinations?
 * @rule: rule
 * @addr: address
 */
bool import_dst_covers(const struct iptables_rule *rule, const struct ip_address *addr);

/**
 * import_proto_covers() - is a protocol among the rule's?
 * @rule: rule
 * @proto: protocol
 */
static inline bool import_proto_covers(const struct iptables_rule *rule, __u8 proto)
{
	bool same = rule->proto == proto;

	return !rule->proto || same != rule->not_proto;
}

/**
 * import_list_add() - add a zeroed item to a list
 * @list: list
 * @size: size of an item
 *
 * Ends the program if there is no memory.
 *
 * Return: the item.
 */
void *import_list_add(struct import_list *list, size_t size);

/**
 * import_list_add_once() - add a pointer, unless the list has it
 * @list: list of pointers
 * @pointer: to add
 */
void import_list_add_once(struct import_list *list, void *pointer);

#endif /* IMPORT_WALK_H */
