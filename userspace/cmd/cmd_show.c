// SPDX-License-Identifier: GPL-2.0
/* The command that shows services and backends to people. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/vipctl.h"
#include "lib/table.h"
#include "nf_vip_grammar.h"
#include "status/fields.h"
#include "status/snapshot.h"

enum column {
	COL_BACKEND, COL_ADDRESS, COL_STATUS, COL_WEIGHT, COL_SHARE,
	COL_LIVE, COL_CHOSEN, COL_PINNED, COL_MARK,
};

static_assert(COL_MARK < TABLE_COLUMNS, "a table has so many columns");

/* What the kernel says, and the table made from it. */
struct view {
	struct snapshot now;
	struct table table;
};

static bool is_usable(const struct status_line *line)
{
	return status_is(line, "usable", "1");
}

static void add_module(struct view *view, const struct status_line *line)
{
	unsigned long long services = status_number(line, "services");

	table_text(&view->table, TABLE_DIM,
		   "nf_vip %s, %llu service%s, mark mask %s, generation %s",
		   status_get(line, "version"), services, vipctl_s(services),
		   status_get(line, "mark_mask"),
		   status_get(line, "generation"));
}

static void add_titles(struct view *view)
{
	static const char * const titles[] = {
		"BACKEND", "ADDRESS", "STATUS", "WEIGHT", "SHARE", "LIVE",
		"CHOSEN", "PINNED", "MARK",
	};
	struct table_row *row = table_row(&view->table);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(titles); i++)
		table_cell(&view->table, row, i, TABLE_DIM, titles[i]);
}

/* Counters of failures are only worth a line when something failed. */
static void add_problems(struct view *view, const struct status_line *line)
{
	static const struct {
		const char *key;
		const char *what;
	} problems[] = {
		{ "empty", "found no backend" },
		{ "full", "found every backend full" },
		{ "clash", "found every reply tuple taken" },
		{ "no-route", "had no route to the backend" },
		{ "no-memory", "met a lack of memory" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(problems); i++) {
		unsigned long long nr = status_number(line, problems[i].key);

		if (nr)
			table_text(&view->table, TABLE_YELLOW, "  %llu connection%s %s",
				   nr, vipctl_s(nr), problems[i].what);
	}
}

/* Of a service: the sum of its backends' parts, and whether these are their weights. */
struct shares {
	bool least;
	unsigned long long sum;
};

static void add_vips(struct view *view, const struct status_line *line)
{
	const char *dev = status_get(line, "dev");
	bool any_dev = !strcmp(dev, "-") || !*dev;
	char *vips = status_words(status_get(line, "vip"));

	if (!vips) {
		view->table.failed = true;
		return;
	}
	table_text(&view->table, TABLE_BOLD, "%s  %s %s%s%s", line->name,
		   status_get(line, "proto"), vips,
		   any_dev ? "" : " dev ", any_dev ? "" : dev);
	free(vips);
}

static void add_service(struct view *view, const struct status_line *line)
{
	unsigned long long chosen = status_number(line, "chosen");
	bool dead = !status_number(line, "usable");

	table_text(&view->table, TABLE_PLAIN, "%s", "");
	add_vips(view, line);
	table_text(&view->table, dead ? TABLE_RED : TABLE_PLAIN,
		   "  %s, on-empty %s, %s of %s usable, %llu connection%s",
		   status_get(line, "scheduler"), status_get(line, "on-empty"),
		   status_get(line, "usable"), status_get(line, "backends"),
		   chosen, vipctl_s(chosen));
	add_problems(view, line);
}

/*
 * What a backend gets of all that the service's backends get together: by the
 * scheduler's table, in which a spare tier has nothing. For least each backend has one
 * entry there, and the weights are what it goes by.
 */
static unsigned long long part_of(const struct status_line *line, bool least)
{
	unsigned long long slots = status_number(line, "slots");

	return least && slots ? status_number(line, "weight") * status_number(line, "warm") : slots;
}

static void add_share(struct view *view, struct table_row *row,
		      const struct status_line *line, const struct shares *shares)
{
	char share[32] = "-";

	if (is_usable(line) && shares->sum)
		snprintf(share, sizeof(share), "%.1f%%",
			 100.0 * (double)part_of(line, shares->least) / (double)shares->sum);
	table_cell(&view->table, row, COL_SHARE, TABLE_PLAIN, share);
}

static void add_status(struct view *view, struct table_row *row,
		       const struct status_line *line)
{
	enum table_colour colour = TABLE_RED;
	const char *usable = "up";
	struct text reasons = { 0 };

	/* With min-live even these are used, while too few are alive. */
	if (is_usable(line) && status_is(line, "up", "0"))
		usable = "unhealthy, used";
	else if (is_usable(line))
		colour = TABLE_GREEN;
	else if (status_is(line, "state", "drain"))
		colour = TABLE_YELLOW;
	if (status_reasons(line, &reasons))
		view->table.failed = true;
	table_cell(&view->table, row, COL_STATUS, colour,
		   reasons.len ? reasons.data :
		   is_usable(line) ? usable : "not usable");
	text_free(&reasons);
}

static void add_backend(struct view *view, const struct status_line *line,
			const struct shares *shares)
{
	static const struct {
		enum column column;
		const char *key;
	} plain[] = {
		{ COL_ADDRESS, "address" }, { COL_WEIGHT, "weight" },
		{ COL_LIVE, "live" }, { COL_CHOSEN, "chosen" },
		{ COL_PINNED, "pinned" },
		{ COL_MARK, "mark" },
	};
	struct table_row *row = table_row(&view->table);
	unsigned int i;

	table_cell(&view->table, row, COL_BACKEND, TABLE_PLAIN,
		   status_short_name(line));
	add_status(view, row, line);
	add_share(view, row, line, shares);
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		table_cell(&view->table, row, plain[i].column, TABLE_PLAIN,
			   status_get(line, plain[i].key));
}

/*
 * Adds the backends from line @i on, in front of which is their service; returns the
 * index behind them.
 */
static size_t add_backends(struct view *view, size_t i)
{
	const struct status_line *lines = view->now.lines;
	struct shares shares = { .least = status_is(&lines[i - 1], "scheduler", "least") };
	size_t at;

	for (at = i; snapshot_is(&view->now, at, "backend"); at++)
		shares.sum += part_of(&lines[at], shares.least);
	if (at > i)
		add_titles(view);
	for (; i < at; i++)
		add_backend(view, &lines[i], &shares);
	return at;
}

static int show(struct view *view, char **names, int nr)
{
	size_t i;

	for (i = 0; i < view->now.nr; i++) {
		const struct status_line *line = &view->now.lines[i];

		if (snapshot_is(&view->now, i, "nf_vip") && !nr)
			add_module(view, line);
		if (snapshot_is(&view->now, i, "service") && snapshot_wants(line, names, nr)) {
			add_service(view, line);
			i = add_backends(view, i + 1) - 1;
		}
	}
	return table_print(&view->table);
}

static int print(struct view *view, char **names, int nr)
{
	int err;

	if (vipctl_given('j'))
		return json_print("show", fields_of_snapshot(&view->now, names, nr));
	err = show(view, names, nr);
	return err ? vipctl_complain_kernel("show", err) : VIPCTL_DONE;
}

/* Backends are only shown with their service. */
static bool are_services(char **names, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!nf_vip_name_valid(names[i]))
			continue;
		vipctl_complain("\"%s\": expected the name of a service", names[i]);
		return false;
	}
	return true;
}

int cmd_show(int argc, char **argv)
{
	struct view view = {
		.table.right = {
			[COL_WEIGHT] = true, [COL_SHARE] = true,
			[COL_LIVE] = true, [COL_CHOSEN] = true,
			[COL_PINNED] = true,
		},
	};
	int ret = VIPCTL_REFUSED;
	int err;

	if (!are_services(argv, argc))
		return VIPCTL_USAGE;
	err = snapshot_take(&view.now);
	if (err)
		vipctl_complain_kernel("show", err);
	else if (snapshot_has(&view.now, argv, argc))
		ret = print(&view, argv, argc);
	table_free(&view.table);
	snapshot_free(&view.now);
	return ret;
}
