// SPDX-License-Identifier: GPL-2.0
#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include "lib/screen.h"

/* Rows that do not scroll: the head, and the titles of the table. */
#define FIXED	2

static SCREEN *terminal;
/* The first of the scrolling lines that is shown, and how many of these lines there are. */
static int top, lines;

static void start_colours(void)
{
	static const short colours[] = {
		[TABLE_GREEN] = COLOR_GREEN, [TABLE_YELLOW] = COLOR_YELLOW,
		[TABLE_RED] = COLOR_RED,
	};
	short i;

	if (getenv("NO_COLOR") || !has_colors())
		return;
	start_color();
	use_default_colors();
	for (i = TABLE_GREEN; i <= TABLE_RED; i++)
		init_pair(i, colours[i], -1);
}

static attr_t attribute(enum table_colour colour)
{
	if (colour == TABLE_BOLD)
		return A_BOLD;
	if (colour == TABLE_DIM)
		return A_DIM;
	return COLOR_PAIR(colour >= TABLE_GREEN ? colour : 0);
}

bool screen_open(void)
{
	terminal = newterm(NULL, stdout, stdin);
	if (!terminal)
		return false;
	start_colours();
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	return true;
}

/* The row of the terminal for a line of the table; -1 if the line is not visible. */
static int row_of(int line)
{
	int row = line ? FIXED + line - 1 - top : FIXED - 1;

	return (line && row < FIXED) || row >= LINES ? -1 : row;
}

static void put_piece(void *data, const char *text, enum table_colour colour)
{
	int *line = data;
	int row = row_of(*line);

	if (!text) {
		++*line;
		row = row_of(*line);
		if (row >= 0)
			move(row, 0);
		return;
	}
	if (row < 0 || getcurx(stdscr) >= COLS || getcury(stdscr) != row)
		return;
	attrset(attribute(colour));
	addnstr(text, COLS - getcurx(stdscr));
	attrset(A_NORMAL);
}

/* Scrolls no further than until the last line is in the last row. */
static void limit_top(void)
{
	int most = lines - (LINES - FIXED);

	if (top > most)
		top = most;
	if (top < 0)
		top = 0;
}

static void count(void *data, const char *text, enum table_colour colour)
{
	int *nr = data;

	(void)colour;
	*nr += !text;
}

void screen_draw(const char *head, const struct table *table)
{
	int line = 0;

	/* After a resize nobody knows what the terminal shows. */
	erase();
	lines = -1;
	table_put_all(table, count, &lines);
	limit_top();
	mvaddnstr(0, 0, head, COLS);
	move(FIXED - 1, 0);
	table_put_all(table, put_piece, &line);
	refresh();
}

bool screen_keys(void)
{
	int key;

	while ((key = getch()) != ERR) {
		switch (key) {
		case 'q':
			return false;
		case KEY_UP:
			top--;
			break;
		case KEY_DOWN:
			top++;
			break;
		case KEY_PPAGE:
			top -= LINES - FIXED;
			break;
		case KEY_NPAGE:
			top += LINES - FIXED;
			break;
		case KEY_HOME:
			top = 0;
			break;
		case KEY_END:
			top = lines;
			break;
		case KEY_RESIZE:
			clearok(stdscr, TRUE);
			break;
		}
		limit_top();
	}
	return true;
}

void screen_close(void)
{
	endwin();
	delscreen(terminal);
}
