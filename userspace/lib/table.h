/* SPDX-License-Identifier: GPL-2.0 */
/* Aligned columns on standard output, in colour on a terminal. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>

#define TABLE_COLUMNS	12

enum table_colour {
	TABLE_PLAIN,
	TABLE_BOLD,
	TABLE_DIM,
	TABLE_GREEN,
	TABLE_YELLOW,
	TABLE_RED,
};

/**
 * struct table_row - a row of cells, or a line of text between rows
 * @next: row below
 * @text: the text, if this is a line; it takes no part in the alignment
 * @cell: the cells; NULL is an empty one
 * @colour: colours of the cells; for a line the first one counts
 */
struct table_row {
	struct table_row *next;
	char *text;
	char *cell[TABLE_COLUMNS];
	enum table_colour colour[TABLE_COLUMNS];
};

/**
 * struct table - rows whose columns are as wide as their widest cell
 * @first: first row
 * @last: last row
 * @right: columns that are aligned to the right
 * @failed: memory ran out; nothing will be printed
 */
struct table {
	struct table_row *first;
	struct table_row *last;
	bool right[TABLE_COLUMNS];
	bool failed;
};

/**
 * table_row() - add an empty row at the end
 * @table: table
 *
 * Return: the row; NULL if memory ran out, which the functions below accept.
 */
struct table_row *table_row(struct table *table);

/**
 * table_text() - add a line of text at the end
 * @table: table
 * @colour: colour of the line
 * @format: as for printf(3), without a newline
 */
void table_text(struct table *table, enum table_colour colour,
		const char *format, ...);

/**
 * table_cell() - fill a cell
 * @table: table
 * @row: row of the cell, or NULL
 * @column: 0 to TABLE_COLUMNS - 1
 * @colour: colour of the cell
 * @text: what to print; copied
 */
void table_cell(struct table *table, struct table_row *row,
		unsigned int column, enum table_colour colour,
		const char *text);

/**
 * typedef table_put - takes a piece of a line
 * @data: what table_put_all() was given
 * @text: the piece; NULL at the end of a line
 * @colour: colour of the piece
 */
typedef void (*table_put)(void *data, const char *text, enum table_colour colour);

/**
 * table_put_all() - hand over the lines of the table
 * @table: table
 * @put: takes them, piece by piece
 * @data: for @put
 *
 * Return: 0 or -ENOMEM.
 */
int table_put_all(const struct table *table, table_put put, void *data);

/**
 * table_print() - print the table
 * @table: table
 *
 * Return: 0 or -ENOMEM.
 */
int table_print(const struct table *table);

/**
 * table_free() - free the rows
 * @table: table
 */
void table_free(struct table *table);

#endif /* TABLE_H */
