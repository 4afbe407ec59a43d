// SPDX-License-Identifier: GPL-2.0
/* The options of targets: marks, and where NAT goes. */
#include <string.h>
#include "rules/iptables.h"

#define ALL	0xffffffffU

/* All options come to mark = (mark & ~mask) ^ value. */
static bool set_mark(struct iptables_rule *rule, const char *option, const char *value)
{
	__u32 number, mask;

	if (!words_masked(value, &number, &mask))
		return false;
	rule->value = number;
	if (!strcmp(option, "--set-xmark"))
		rule->mask = mask;
	else if (!strcmp(option, "--set-mark"))
		rule->mask = mask | number;
	else if (!strcmp(option, "--or-mark"))
		rule->mask = number;
	else if (!strcmp(option, "--xor-mark"))
		rule->mask = 0;
	else if (!strcmp(option, "--and-mark"))
		rule->value = 0, rule->mask = ~number;
	else
		return false;
	return true;
}

static int mark_option(struct iptables_rule *rule, const char *option, const char *value)
{
	bool conn = rule->target != IPTABLES_TO_MARK;
	__u32 *mask = NULL;

	if (conn && (!strcmp(option, "--save-mark") || !strcmp(option, "--restore-mark"))) {
		rule->target = option[2] == 's' ? IPTABLES_TO_SAVE : IPTABLES_TO_RESTORE;
		rule->value = ALL;
		rule->mask = ALL;
		return 1;
	}
	if (!value)
		return 0;
	if (!strcmp(option, "--nfmask") || !strcmp(option, "--mask"))
		mask = &rule->value;
	else if (!strcmp(option, "--ctmask"))
		mask = &rule->mask;
	if (!mask)
		return set_mark(rule, option, value) ? 2 : 0;
	if (!words_number(value, ALL, mask))
		return 0;
	if (!strcmp(option, "--mask"))
		rule->mask = rule->value;
	return 2;
}

static int nat_option(struct arena *arena, struct iptables_rule *rule, const char *option,
		      const char *value)
{
	if (!strcmp(option, "--persistent"))
		rule->persistent = true;
	if (!strcmp(option, "--persistent") || !strncmp(option, "--random", 8))
		return 1;
	if (!value || (strcmp(option, "--to-destination") && strcmp(option, "--to-source") &&
		       strcmp(option, "--to-ports")))
		return 0;
	/* Old kernels took several addresses. */
	rule->to = rule->to ? "several" : arena_string(arena, "%s", value);
	return 2;
}

int iptables_target_option(struct arena *arena, struct iptables_rule *rule, const char *option,
			   const char *value)
{
	int nr;

	switch (rule->target) {
	case IPTABLES_TO_MARK:
	case IPTABLES_TO_CONNMARK:
	case IPTABLES_TO_SAVE:
	case IPTABLES_TO_RESTORE:
		nr = mark_option(rule, option, value);
		if (!nr && !rule->strange)
			rule->strange = arena_string(arena, "-j %s %.40s", rule->target_name,
						     option);
		return nr;
	case IPTABLES_TO_DNAT:
	case IPTABLES_TO_SNAT:
	case IPTABLES_TO_REDIRECT:
		return nat_option(arena, rule, option, value);
	default:
		rule->notrack |= !strcmp(option, "--notrack");
		return 0;
	}
}
