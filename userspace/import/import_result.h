/* SPDX-License-Identifier: GPL-2.0 */
/* What the rules do with the connections to some ports of a virtual address. */
#ifndef IMPORT_RESULT_H
#define IMPORT_RESULT_H

#include "import/import_walk.h"

/**
 * struct import_tier - where connections go
 * @end: the end of their walk
 * @tier: 1 if connections go there while all flags are 0, 2 if they do when all
 *	flags of the first tier are 1, and so on
 */
struct import_tier {
	struct import_end end;
	__u32 tier;
};

/**
 * struct import_result - what becomes of one kind of packets
 * @tiers: list of struct import_tier; empty if nothing is balanced
 * @on_empty: what happens when all flags are 1; NULL if there are no flags
 * @nth: a match nth divides connections
 * @random: a match random divides connections
 * @seen: a rule with the match recent, or NULL
 * @seen_step: the step of that rule
 * @unsure: there are too many flags to try each one alone
 */
struct import_result {
	struct import_list tiers;
	const char *on_empty;
	bool nth;
	bool random;
	struct iptables_rule *seen;
	const struct iptables_step *seen_step;
	bool unsure;
};

/**
 * import_examine() - find out what the rules do with packets
 * @im: import
 * @walk: walk whose rules, probe and hook are set; used for all walks
 * @result: filled in
 *
 * Rules that do what nf_vip cannot get their import_use.why; rules that have a
 * part in the result are marked as used.
 *
 * Return: 0, or as import_walk().
 */
int import_examine(struct import *im, struct import_walk *walk, struct import_result *result);

/**
 * import_same_result() - are two results the same?
 * @a: result
 * @b: result
 */
bool import_same_result(const struct import_result *a, const struct import_result *b);

/**
 * import_destinations() - add the backends of a DNAT rule
 * @im: import
 * @service: service, whose VIPs are set
 * @tier: the end with the rule
 *
 * A rule whose destination cannot be expressed gets its import_use.why.
 */
void import_destinations(struct import *im, struct import_service *service,
			 const struct import_tier *tier);

/**
 * import_source() - find out whether rules give backends the gateway as client
 * @im: import
 * @rules: rules
 * @service: service, complete; its snat is set
 */
void import_source(struct import *im, struct iptables_set *rules,
		   struct import_service *service);

/**
 * import_why() - keep the reason why a rule was not taken, the first one
 * @rule: rule
 * @why: reason; lives as long as the rule
 */
static inline void import_why(const struct iptables_rule *rule, const char *why)
{
	struct import_use *use = import_use(rule);

	if (!use->why)
		use->why = why;
}

/**
 * import_rules() - make services of the rules of one family
 * @im: import
 * @rules: rules, complete
 *
 * Return: 0, or with a sentence -ELOOP (chains in a circle, or too deep), -ENOMEM, or
 * another errno for rules that are too entangled to follow.
 */
int import_rules(struct import *im, struct iptables_set *rules);

#endif /* IMPORT_RESULT_H */
