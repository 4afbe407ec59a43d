// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what iptables-save printed line by line, within bounds, because the
 * text may come from anywhere.
 */
#include "import/import_result.h"

static int read_rules(struct import *im, const char *text, size_t len, struct iptables *ipt)
{
	const char *at = text, *end = text + len;
	char line[IMPORT_LINE_MAX + 1];
	unsigned int number = 0;
	int err;

	while ((err = import_next_line(im, &at, end, &number, line)) > 0) {
		err = iptables_read_line(ipt, number, line);
		if (err)
			break;
		if (ipt->nr_rules > IMPORT_RULES_MAX)
			return import_refuse(im, number, "more than %d rules", IMPORT_RULES_MAX);
		if (ipt->nr_chains > IMPORT_CHAINS_MAX)
			return import_refuse(im, number, "more than %d chains", IMPORT_CHAINS_MAX);
	}
	if (!err)
		err = iptables_finish(ipt);
	if (err && ipt->error)
		import_refuse(im, ipt->error_line, "%s", ipt->error);
	im->ignored += ipt->nr_ignored;
	return err;
}

int import_iptables(struct import *im, const char *text, size_t len)
{
	struct iptables_set *set;
	struct iptables ipt;
	int err;

	iptables_init(&ipt, &im->arena, IMPORT_TABLES);
	err = read_rules(im, text, len, &ipt);
	STAILQ_FOREACH(set, &ipt.sets, next)
		if (!err)
			err = import_rules(im, set);
	iptables_free(&ipt);
	return err ? err : import_finish(im);
}
