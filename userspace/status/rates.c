// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include "nf_vip_pure.h"
#include "status/rates.h"
#include "status/problems.h"

enum column {
	COL_NAME, COL_LIVE, COL_NEW, COL_IN, COL_OUT, COL_STATUS,
};

struct rates {
	struct table *table;
	const struct snapshot *now;
	const struct snapshot *before;
	double seconds;
	bool accounting;
};

static bool counts_packets(const struct snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->nr; i++)
		if (status_is(&snapshot->lines[i], "accounting", "on"))
			return true;
	return false;
}

/* An object hardly ever stands at another place than before, so that place is tried first. */
static const struct status_line *find_before(const struct rates *rates, size_t i)
{
	const struct status_line *line = &rates->now->lines[i];

	if (i < rates->before->nr && !strcmp(rates->before->lines[i].name, line->name))
		return &rates->before->lines[i];
	return snapshot_find(rates->before, line->name);
}

/* A counter that went back is that of a new object with the same name. */
static void add_rate(const struct rates *rates, struct table_row *row, enum column column,
		     size_t i, const char *key)
{
	const struct status_line *line = &rates->now->lines[i];
	const struct status_line *before = find_before(rates, i);
	unsigned long long is = status_number(line, key);
	unsigned long long was = before ? status_number(before, key) : 0;
	char text[32] = "-";

	if (before && is >= was && rates->seconds > 0)
		snprintf(text, sizeof(text), "%.1f", (double)(is - was) / rates->seconds);
	table_cell(rates->table, row, column, TABLE_PLAIN, text);
}

static void add_status(const struct rates *rates, struct table_row *row, json_t *problems,
		       size_t i)
{
	bool usable = status_number(&rates->now->lines[i], "usable");
	struct text text = { 0 };

	if (problems_join(problems, 4, &text))
		rates->table->failed = true;
	table_cell(rates->table, row, COL_STATUS,
		   !usable ? TABLE_RED : text.len ? TABLE_YELLOW : TABLE_GREEN,
		   text.len ? text.data : "good");
	text_free(&text);
	json_decref(problems);
}

static void add_line(const struct rates *rates, size_t i, const char *name, json_t *problems)
{
	const struct status_line *line = &rates->now->lines[i];
	struct table_row *row = table_row(rates->table);

	table_cell(rates->table, row, COL_NAME,
		   strchr(line->name, '/') ? TABLE_PLAIN : TABLE_BOLD, name);
	table_cell(rates->table, row, COL_LIVE, TABLE_PLAIN, status_get(line, "live"));
	add_rate(rates, row, COL_NEW, i, "chosen");
	if (rates->accounting) {
		add_rate(rates, row, COL_IN, i, "packets-in");
		add_rate(rates, row, COL_OUT, i, "packets-out");
	}
	add_status(rates, row, problems, i);
}

static void add_titles(const struct rates *rates)
{
	static const char * const titles[] = {
		"NAME", "LIVE", "NEW/s", "PACKETS IN/s", "OUT/s", "STATUS",
	};
	struct table_row *row = table_row(rates->table);
	unsigned int i;

	for (i = COL_LIVE; i <= COL_OUT; i++)
		rates->table->right[i] = true;
	for (i = 0; i < ARRAY_SIZE(titles); i++)
		if (rates->accounting || (i != COL_IN && i != COL_OUT))
			table_cell(rates->table, row, i, TABLE_DIM, titles[i]);
}

void rates_table(struct table *table, const struct snapshot *now,
		 const struct snapshot *before, double seconds)
{
	struct rates rates = {
		.table = table,
		.now = now,
		.before = before,
		.seconds = seconds,
		.accounting = counts_packets(now),
	};
	unsigned long long tier = 0;
	size_t i;

	add_titles(&rates);
	for (i = 0; i < now->nr; i++) {
		const struct status_line *line = &now->lines[i];
		const char *slash = strchr(line->name, '/');

		if (snapshot_is(now, i, "service")) {
			tier = problems_tier(now, i);
			add_line(&rates, i, line->name, problems_of_service(now, i));
		} else if (snapshot_is(now, i, "backend") && slash) {
			add_line(&rates, i, slash, problems_of_backend(line, tier));
		}
	}
}
