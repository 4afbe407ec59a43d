// SPDX-License-Identifier: GPL-2.0
/* The command that says how services are. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/vipctl.h"
#include "lib/table.h"
#include "nf_vip_option.h"
#include "nf_vip_pure.h"
#include "status/fields.h"
#include "status/problems.h"

/* Nobody reads more problems than this on one line. */
#define PROBLEMS_SHOWN	4

struct view {
	struct snapshot now;
	struct table table;
};

static void add_cells(struct view *view, enum table_colour colour, const char *first,
		      const char *second)
{
	struct table_row *row = table_row(&view->table);

	table_cell(&view->table, row, 0, TABLE_DIM, first);
	table_cell(&view->table, row, 1, colour, second);
}

/* The kernel joins several words into one: people get them with blanks. */
static void add_spread(struct view *view, struct table_row *row, unsigned int column,
		       const char *value)
{
	char *copy = status_words(value);

	if (!copy) {
		view->table.failed = true;
		return;
	}
	table_cell(&view->table, row, column, TABLE_PLAIN, copy);
	free(copy);
}

static void add_vips(struct view *view, struct table_row *row, const struct status_line *line)
{
	char *vips;

	if (asprintf(&vips, "%s %s", status_get(line, "proto"), status_get(line, "vip")) < 0) {
		view->table.failed = true;
		return;
	}
	add_spread(view, row, 1, vips);
	free(vips);
}

static enum table_colour colour_of(const struct status_line *line, const json_t *problems)
{
	if (!status_number(line, "usable"))
		return TABLE_RED;
	return json_array_size(problems) ? TABLE_YELLOW : TABLE_GREEN;
}

static void add_usable(struct view *view, struct table_row *row, const struct status_line *line,
		       enum table_colour colour)
{
	char usable[64];

	snprintf(usable, sizeof(usable), "%s/%s", status_get(line, "usable"),
		 status_get(line, "backends"));
	table_cell(&view->table, row, 2, colour, usable);
}

/* One line of the overview. */
static void add_service(struct view *view, size_t i)
{
	const struct status_line *line = &view->now.lines[i];
	json_t *problems = problems_of_service(&view->now, i);
	enum table_colour colour = colour_of(line, problems);
	struct table_row *row = table_row(&view->table);
	struct text text = { 0 };

	if (problems_join(problems, PROBLEMS_SHOWN, &text))
		view->table.failed = true;
	table_cell(&view->table, row, 0, TABLE_BOLD, line->name);
	add_vips(view, row, line);
	add_usable(view, row, line, colour);
	table_cell(&view->table, row, 3, TABLE_PLAIN, status_get(line, "live"));
	table_cell(&view->table, row, 4, text.len ? colour : TABLE_GREEN,
		   text.len ? text.data : "good");
	text_free(&text);
	json_decref(problems);
}

static void add_overview(struct view *view)
{
	static const char * const titles[] = { "SERVICE", "VIP", "USABLE", "LIVE", "STATUS" };
	struct table_row *row = table_row(&view->table);
	size_t i;

	view->table.right[2] = true;
	view->table.right[3] = true;
	for (i = 0; i < ARRAY_SIZE(titles); i++)
		table_cell(&view->table, row, (unsigned int)i, TABLE_DIM, titles[i]);
	for (i = 0; i < view->now.nr; i++)
		if (snapshot_is(&view->now, i, "service"))
			add_service(view, i);
}

/* Options have units, and so have some of the fields that are no options. */
static const char *unit_of(bool backend, const char *key)
{
	static const struct {
		const char *key;
		const char *unit;
	} units[] = {
		{ "drain-left", " s" }, { "lease", " s" }, { "ejected", " s" }, { "warm", "%" },
	};
	const struct nf_vip_option *option;
	const char *unit;
	size_t i;

	option = nf_vip_option_find(backend ? NF_VIP_BACKEND : NF_VIP_SERVICE, key);
	unit = option ? nf_vip_option_unit(option) : "";
	if (*unit)
		return strcmp(unit, "percent") ? " s" : "%";
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(units[i].key, key))
			return units[i].unit;
	return "";
}

static void add_field(struct view *view, bool backend, const char *key, const char *value)
{
	struct table_row *row = table_row(&view->table);
	char *text;

	if (asprintf(&text, "%s%s", value, unit_of(backend, key)) < 0) {
		view->table.failed = true;
		return;
	}
	table_cell(&view->table, row, 0, TABLE_DIM, key);
	add_spread(view, row, 1, text);
	free(text);
}

static void add_problems(struct view *view, enum table_colour colour, const json_t *problems)
{
	size_t i;

	if (!problems)
		view->table.failed = true;
	for (i = 0; i < json_array_size(problems); i++)
		table_text(&view->table, colour, "  %s",
			   json_string_value(json_array_get(problems, i)));
}

/* The backends of a service, and whether they get connections. */
static void add_backends(struct view *view, size_t i)
{
	unsigned long long tier = problems_tier(&view->now, i);

	for (i++; snapshot_is(&view->now, i, "backend"); i++) {
		const struct status_line *line = &view->now.lines[i];
		bool usable = status_is(line, "usable", "1");
		json_t *problems = problems_of_backend(line, tier);
		const char *slash = strchr(line->name, '/');
		struct text text = { 0 };

		if (problems_join(problems, SIZE_MAX, &text))
			view->table.failed = true;
		add_cells(view, !usable ? TABLE_RED : text.len ? TABLE_YELLOW : TABLE_GREEN,
			  slash ? slash : line->name, text.len ? text.data : "good");
		text_free(&text);
		json_decref(problems);
	}
}

static void add_headline(struct view *view, const struct status_line *line, bool backend)
{
	unsigned long long live = status_number(line, "live");

	if (backend)
		table_text(&view->table, TABLE_BOLD, "%s: %s, %llu live connection%s", line->name,
			   status_number(line, "usable") ? "usable" : "gets no new connections",
			   live, vipctl_s(live));
	else
		table_text(&view->table, TABLE_BOLD, "%s: %s of %s usable, %llu live connection%s",
			   line->name, status_get(line, "usable"), status_get(line, "backends"),
			   live, vipctl_s(live));
}

/* All that there is to know of one object. */
static void add_object(struct view *view, const struct status_line *line)
{
	size_t at = (size_t)(line - view->now.lines);
	bool backend = snapshot_is(&view->now, at, "backend");
	json_t *problems;
	unsigned int i;

	problems = backend ? problems_of_backend(line, problems_tier(&view->now, at)) :
			     problems_of_service(&view->now, at);
	add_headline(view, line, backend);
	add_problems(view, status_number(line, "usable") ? TABLE_YELLOW : TABLE_RED, problems);
	for (i = 0; i < line->nr; i++)
		add_field(view, backend, line->key[i], line->value[i]);
	if (!backend)
		add_backends(view, at);
	json_decref(problems);
}

/* Seconds until a change is undone that nobody has confirmed, or 0. */
static unsigned long long undone_in(const struct view *view)
{
	return snapshot_is(&view->now, 0, "nf_vip") ?
	       status_number(&view->now.lines[0], "confirm-left") : 0;
}

static void add_waiting(struct view *view)
{
	unsigned long long left = undone_in(view);

	if (left)
		table_text(&view->table, TABLE_YELLOW,
			   "The last change is undone in %llu s without \"vipctl confirm\".", left);
}

/* The worst of all services is the grade of the whole; one without any balances nothing. */
static enum problems_grade grade_of_all(const struct view *view)
{
	enum problems_grade worst = PROBLEMS_NONE;
	bool found = false;
	size_t i;

	for (i = 0; i < view->now.nr; i++) {
		enum problems_grade grade;

		if (!snapshot_is(&view->now, i, "service"))
			continue;
		grade = problems_grade(&view->now, i);
		worst = grade > worst ? grade : worst;
		found = true;
	}
	return found ? worst : PROBLEMS_REFUSED;
}

static enum problems_grade grade_of(const struct view *view, char **names, int nr)
{
	enum problems_grade grade;

	if (nr)
		grade = problems_grade(&view->now, (size_t)(snapshot_find(&view->now, names[0]) -
							    view->now.lines));
	else
		grade = grade_of_all(view);
	return grade == PROBLEMS_NONE && undone_in(view) ? PROBLEMS_SOME : grade;
}

static int print(struct view *view, char **names, int nr)
{
	int err;

	if (vipctl_given('j'))
		return json_print("status", fields_of_snapshot(&view->now, names, nr));
	if (nr)
		add_object(view, snapshot_find(&view->now, names[0]));
	else
		add_overview(view);
	add_waiting(view);
	err = table_print(&view->table);
	return err ? vipctl_complain_kernel("status", err) : VIPCTL_DONE;
}

static int report(struct view *view, char **names, int nr)
{
	int err = snapshot_take(&view->now);

	if (err)
		return vipctl_complain_kernel("status", err);
	return snapshot_has(&view->now, names, nr) ? print(view, names, nr) : VIPCTL_REFUSED;
}

int cmd_status(int argc, char **argv)
{
	struct view view = { 0 };
	int ret = report(&view, argv, argc);

	/* What cannot be said is the worst for a monitoring program. */
	if (vipctl_given('k'))
		ret = (int)(ret ? PROBLEMS_REFUSED : grade_of(&view, argv, argc));
	table_free(&view.table);
	snapshot_free(&view.now);
	return ret;
}
