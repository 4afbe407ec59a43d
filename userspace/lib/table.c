// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/table.h"

static const char * const escapes[] = {
	[TABLE_PLAIN]	= "",
	[TABLE_BOLD]	= "\033[1m",
	[TABLE_DIM]	= "\033[2m",
	[TABLE_GREEN]	= "\033[32m",
	[TABLE_YELLOW]	= "\033[33m",
	[TABLE_RED]	= "\033[31m",
};

struct table_row *table_row(struct table *table)
{
	struct table_row *row = calloc(1, sizeof(*row));

	if (!row) {
		table->failed = true;
		return NULL;
	}
	if (table->last)
		table->last->next = row;
	else
		table->first = row;
	table->last = row;
	return row;
}

void table_text(struct table *table, enum table_colour colour,
		const char *format, ...)
{
	struct table_row *row = table_row(table);
	va_list args;

	if (!row)
		return;
	row->colour[0] = colour;
	va_start(args, format);
	if (vasprintf(&row->text, format, args) < 0) {
		row->text = NULL;
		table->failed = true;
	}
	va_end(args);
}

void table_cell(struct table *table, struct table_row *row,
		unsigned int column, enum table_colour colour,
		const char *text)
{
	if (!row)
		return;
	row->cell[column] = strdup(text);
	row->colour[column] = colour;
	if (!row->cell[column])
		table->failed = true;
}

static bool wants_colour(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && term &&
	       strcmp(term, "dumb");
}

/* @data: whether there are colours. */
static void print_piece(void *data, const char *text, enum table_colour colour)
{
	const bool *coloured = data;

	if (!text)
		putchar('\n');
	else if (*coloured && colour != TABLE_PLAIN)
		printf("%s%s\033[0m", escapes[colour], text);
	else
		fputs(text, stdout);
}

static void measure(const struct table *table, int *widths)
{
	const struct table_row *row;
	unsigned int i;

	for (row = table->first; row; row = row->next)
		for (i = 0; i < TABLE_COLUMNS; i++) {
			int len = row->cell[i] ? (int)strlen(row->cell[i]) : 0;

			if (len > widths[i])
				widths[i] = len;
		}
}

static void put_blanks(int nr, table_put put, void *data)
{
	static const char blanks[] = "                                ";
	int at = sizeof(blanks) - 1;

	for (; nr > at; nr -= at)
		put(data, blanks, TABLE_PLAIN);
	put(data, blanks + at - nr, TABLE_PLAIN);
}

/* Blanks are printed only in front of a cell, so that no line ends with blanks. */
static void put_cells(const struct table *table, const struct table_row *row,
		      const int *widths, table_put put, void *data)
{
	int pending = 0;
	unsigned int i;

	for (i = 0; i < TABLE_COLUMNS; i++) {
		const char *text = row->cell[i] ? row->cell[i] : "";
		int rest = widths[i] - (int)strlen(text);

		if (!widths[i])
			continue;
		pending += 2 + (table->right[i] ? rest : 0);
		if (*text) {
			put_blanks(pending, put, data);
			put(data, text, row->colour[i]);
			pending = 0;
		}
		pending += table->right[i] ? 0 : rest;
	}
}

int table_put_all(const struct table *table, table_put put, void *data)
{
	int widths[TABLE_COLUMNS] = { 0 };
	const struct table_row *row;

	if (table->failed)
		return -ENOMEM;
	measure(table, widths);
	for (row = table->first; row; row = row->next) {
		if (row->text)
			put(data, row->text, row->colour[0]);
		else
			put_cells(table, row, widths, put, data);
		put(data, NULL, TABLE_PLAIN);
	}
	return 0;
}

int table_print(const struct table *table)
{
	bool coloured = wants_colour();

	return table_put_all(table, print_piece, &coloured);
}

void table_free(struct table *table)
{
	struct table_row *row;
	unsigned int i;

	while ((row = table->first)) {
		table->first = row->next;
		for (i = 0; i < TABLE_COLUMNS; i++)
			free(row->cell[i]);
		free(row->text);
		free(row);
	}
	table->last = NULL;
}
