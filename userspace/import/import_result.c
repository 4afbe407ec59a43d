// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include "import/import_result.h"

/* Parts that differ by less are the same. */
#define SAME	0.000001

/* Walks with single flags set are given up if they would take more steps than this. */
#define SINGLE_STEPS_MAX	20000000UL

static struct import_tier *tiers_of(const struct import_result *result)
{
	return result->tiers.items;
}

static const struct import_end *ends_of(const struct import_walk *w)
{
	return w->ends.items;
}

static bool same_end(const struct import_end *a, const struct import_end *b)
{
	return a->rule == b->rule && a->mark == b->mark;
}

static struct import_tier *find_end(const struct import_result *result,
				    const struct import_end *end)
{
	unsigned int i;

	for (i = 0; i < result->tiers.nr; i++)
		if (same_end(&tiers_of(result)[i].end, end))
			return &tiers_of(result)[i];
	return NULL;
}

static bool reached(const struct import_walk *w, const struct import_end *end)
{
	unsigned int i;

	for (i = 0; i < w->ends.nr; i++)
		if (same_end(&ends_of(w)[i], end))
			return true;
	return false;
}

static void set_flags(struct iptables_set *rules, bool one)
{
	struct iptables_flag *flag;

	SLIST_FOREACH(flag, &rules->flags, next)
		flag->one = one;
}

static const char *still_reached(struct import *im, const struct iptables_flag *flag)
{
	return import_string(im, "it gets connections while its flag %s is 1", flag->name);
}

/* Adds ends of a walk as backends of a tier; returns how many were new. */
static unsigned int add_tier(struct import *im, struct import_walk *w,
			     struct import_result *result, __u32 number)
{
	unsigned int i, nr = 0;

	for (i = 0; i < w->ends.nr; i++) {
		const struct import_end *end = &ends_of(w)[i];
		struct import_tier *tier = find_end(result, end);

		if (!tier) {
			tier = import_list_add(&result->tiers, sizeof(*tier));
			*tier = (struct import_tier){ *end, number };
			nr++;
		} else if (tier->tier == number) {
			tier->end.part += end->part;
			if (tier->end.flag != end->flag)
				import_why(end->rule, "its connections do not all have one flag");
		} else if (tier->end.flag && tier->end.flag->one) {
			import_why(end->rule, still_reached(im, tier->end.flag));
		}
	}
	return nr;
}

/* Finds the next tier: who gets connections when all flags of the tiers so far are 1? */
static int find_tiers(struct import *im, struct import_walk *w, struct import_result *result)
{
	__u32 number;
	unsigned int i;
	int err;

	for (number = 2; number <= NF_VIP_TIERS_MAX; number++) {
		bool any = false;

		for (i = 0; i < result->tiers.nr; i++) {
			struct iptables_flag *flag = tiers_of(result)[i].end.flag;

			if (flag && !flag->one)
				any = true;
			if (flag)
				flag->one = true;
		}
		if (!any)
			break;
		err = import_walk(w);
		if (err)
			return err;
		if (!w->ends.nr)
			result->on_empty = w->dropped > w->rest ? "drop" : "accept";
		if (!add_tier(im, w, result, number))
			break;
	}
	set_flags(w->rules, false);
	return 0;
}

/* With one flag 1, its owner must get nothing, and all others of the first tier must go on. */
static void check_single(struct import *im, const struct import_walk *w,
			 const struct import_result *result, struct iptables_flag *flag)
{
	unsigned int i;

	for (i = 0; i < w->ends.nr; i++) {
		const struct import_tier *tier = find_end(result, &ends_of(w)[i]);

		if (!tier)
			import_why(ends_of(w)[i].rule,
				   import_string(im, "gets connections only while flag %s is 1",
						 flag->name));
		else if (tier->end.flag == flag)
			import_why(ends_of(w)[i].rule, still_reached(im, flag));
	}
	for (i = 0; i < result->tiers.nr; i++) {
		const struct import_tier *tier = &tiers_of(result)[i];

		if (tier->tier == 1 && tier->end.flag != flag && !reached(w, &tier->end) &&
		    flag->rule)
			import_why(flag->rule,
				   import_string(im, "flag %s is not that of one backend alone",
						 flag->name));
	}
}

static int try_single(struct import *im, struct import_walk *w, struct import_result *result,
		      struct iptables_flag **flags, unsigned int nr)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr && !err; i++) {
		flags[i]->one = true;
		err = import_walk(w);
		flags[i]->one = false;
		if (!err)
			check_single(im, w, result, flags[i]);
	}
	return err;
}

/* The part of packets that a rule gets, whatever their marks, at which nothing behind it looks. */
static double part_now(const struct import_walk *w, const struct iptables_rule *rule)
{
	double part = 0;
	unsigned int i;

	for (i = 0; i < w->ends.nr; i++)
		if (ends_of(w)[i].rule == rule)
			part += ends_of(w)[i].part;
	return part;
}

static double part_before(const struct import_result *result, const struct iptables_rule *rule)
{
	double part = 0;
	unsigned int i;

	for (i = 0; i < result->tiers.nr; i++)
		if (tiers_of(result)[i].tier == 1 && tiers_of(result)[i].end.rule == rule)
			part += tiers_of(result)[i].end.part;
	return part;
}

static bool same_ends(const struct import_walk *w, const struct import_result *result)
{
	const struct iptables_rule *rule;
	unsigned int i;

	for (i = 0; i < w->ends.nr + result->tiers.nr; i++) {
		rule = i < w->ends.nr ? ends_of(w)[i].rule :
					tiers_of(result)[i - w->ends.nr].end.rule;
		if (fabs(part_now(w, rule) - part_before(result, rule)) > SAME)
			return false;
	}
	return true;
}

/* Would anything change if a rule with a match that nf_vip does not have matched? */
static int try_strange(struct import *im, struct import_walk *w, struct import_result *result,
		       struct iptables_rule **rules, unsigned int nr)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr && !err; i++) {
		/* Rules that drop packets go on doing so beside nf_vip. */
		if (import_use(rules[i])->why || rules[i]->target == IPTABLES_TO_DROP)
			continue;
		w->assume = rules[i];
		err = import_walk(w);
		w->assume = NULL;
		w->steps -= w->steps < 64 * w->ends.nr ? w->steps : 64 * w->ends.nr;
		if (!err && !same_ends(w, result))
			import_why(rules[i], import_string(im, "nf_vip has nothing like %s",
							   rules[i]->strange ?
							   rules[i]->strange : "-s"));
	}
	return err;
}

/* Nothing is balanced while all flags are 0: try whether it is while they are 1. */
static int try_reversed(struct import_walk *w)
{
	unsigned int i;
	int err;

	if (SLIST_EMPTY(&w->rules->flags))
		return 0;
	set_flags(w->rules, true);
	err = import_walk(w);
	set_flags(w->rules, false);
	for (i = 0; i < w->ends.nr; i++)
		import_why(ends_of(w)[i].rule,
			   "its flag is 1 for a live server; for nf_vip it is 0");
	return err;
}

static void check_rest(struct import *im, const struct import_walk *w)
{
	double rest = w->rest + w->dropped;

	if (rest > 0.001)
		import_why(ends_of(w)[0].rule,
			   import_string(im,
					 "%.3g %% of the connections get no server; with nf_vip they all do",
					 100 * rest));
}

/* Copies a list of the first walk, because the other walks overwrite it. */
static void *copy(struct import *im, const struct import_list *list)
{
	return arena_copy(&im->arena, list->items, list->nr * sizeof(void *));
}

static int examine(struct import *im, struct import_walk *w, struct import_result *result,
		   unsigned long cost)
{
	unsigned int nr_flags = w->flags.nr, nr_strange = w->strange.nr;
	struct iptables_rule **strange = copy(im, &w->strange);
	struct iptables_flag **flags = copy(im, &w->flags);
	int err;

	result->nth = w->nth;
	result->random = w->random;
	result->seen = w->seen;
	result->seen_step = w->seen_step;
	add_tier(im, w, result, 1);
	check_rest(im, w);
	err = find_tiers(im, w, result);
	result->unsure = cost * nr_flags > SINGLE_STEPS_MAX;
	if (!err && !result->unsure)
		err = try_single(im, w, result, flags, nr_flags);
	w->record = false;
	return err ? err : try_strange(im, w, result, strange, nr_strange);
}

int import_examine(struct import *im, struct import_walk *w, struct import_result *result)
{
	unsigned long steps = w->steps;
	int err;

	w->record = false;
	err = import_walk(w);
	if (err)
		return err;
	if (!w->ends.nr)
		return try_reversed(w);
	w->record = true;
	err = import_walk(w);
	if (!err)
		err = examine(im, w, result, (steps - w->steps) / 2);
	w->record = false;
	set_flags(w->rules, false);
	return err;
}

static bool same_tier(const struct import_tier *a, const struct import_tier *b)
{
	return a->tier == b->tier && same_end(&a->end, &b->end) && a->end.flag == b->end.flag &&
	       fabs(a->end.part - b->end.part) < SAME;
}

bool import_same_result(const struct import_result *a, const struct import_result *b)
{
	unsigned int i;

	if (a->tiers.nr != b->tiers.nr || a->seen != b->seen)
		return false;
	for (i = 0; i < a->tiers.nr; i++)
		if (!same_tier(&tiers_of(a)[i], &tiers_of(b)[i]))
			return false;
	return true;
}
