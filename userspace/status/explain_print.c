// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/app.h"
#include "lib/table.h"
#include "nf_vip_pure.h"
#include "status/explain.h"
#include "status/snapshot.h"

enum column { COL_BACKEND, COL_SHARE, COL_LIVE, COL_WHY };

/* A word of the kernel, and what it means. */
struct phrase {
	const char *word;
	const char *text;
};

/* A word that is newer than this program is printed as it is. */
static const char *phrase_of(const struct phrase *phrase, const char *word)
{
	for (; phrase->word; phrase++)
		if (!strcmp(phrase->word, word))
			return phrase->text;
	return word;
}

static const struct phrase because[] = {
	{ "nth", "its turn is next" },
	{ "hash", "the hash of the client says so" },
	{ "least", "it has the fewest connections for its weight" },
	{ "mark", "the mark of the connection asks for it" },
	{ "client", "the client had it last" },
	{ "twin", "another datagram of this flow got it just now" },
	{ "failure", "another backend has just failed this connection" },
	{ "empty", "no backend may be chosen" },
	{ "few", "too few backends are alive" },
	{ "full", "every backend has as many connections as it may have" },
	{ "clash", "the reply tuple of every backend is taken" },
	{ "no-route", "there is no route to a backend, or no address for snat" },
	{ "no-memory", "there is no memory" },
	{ "past", "conntrack has this connection, and it goes past the services" },
	{ "nat", "conntrack has this connection, and other NAT rules have translated it" },
	{ "reply", "conntrack has this as the answers of a connection" },
	{ 0 }
};

static const struct phrase fates[] = {
	{ "reject", "it is refused, by a TCP reset or an ICMP error" },
	{ "drop", "it is dropped" },
	{ "accept", "it goes past, as if there were no service" },
	{ 0 }
};

/* status.c says what keeps a backend out; these words are about backends that may be chosen. */
static const struct phrase whys[] = {
	{ "chosen", "gets it" },
	{ "other", "could have it, but another one does" },
	{ "random", "may get it" },
	{ "tier", "its tier is not needed" },
	{ "few", "kept out while too few are alive" },
	{ "full", "full" },
	{ "failed", "has just failed this connection" },
	{ "clash", "another connection of this client's port has its reply tuple" },
	{ "no-route", "no route to it, or no address for snat" },
	{ "no-memory", "no memory to find out" },
	{ 0 }
};

const struct status_line *explain_line(const struct explain_answer *answer, const char *kind)
{
	size_t i;

	for (i = 0; i < answer->nr; i++)
		if (!strcmp(answer->lines[i].kind, kind))
			return &answer->lines[i];
	return NULL;
}

static void print_other_dev(const char *service)
{
	struct snapshot snapshot = { 0 };
	const struct status_line *line;

	line = snapshot_take(&snapshot) ? NULL : snapshot_find(&snapshot, service);
	printf("no service has this VIP for that interface; service %s has it for %s\n", service,
	       line ? status_get(line, "dev") : "another one");
	snapshot_free(&snapshot);
}

/* When no service takes the connection: what is different in the one that comes nearest. */
static void print_none(const struct status_line *verdict)
{
	static const struct phrase different[] = {
		{ "proto", "has this address and port for another protocol" },
		{ "port", "has this address with other ports" },
		{ "fwmark", "is for packets with another mark" },
		{ 0 }
	};

	if (status_is(verdict, "by", "vip"))
		printf("no service has this VIP\n");
	else if (status_is(verdict, "by", "dev"))
		print_other_dev(status_get(verdict, "service"));
	else
		printf("no service has this VIP; service %s %s\n", status_get(verdict, "service"),
		       phrase_of(different, status_get(verdict, "by")));
}

static void print_verdict(const struct status_line *verdict)
{
	const char *word = verdict->name, *service = status_get(verdict, "service");
	const char *text = phrase_of(because, status_get(verdict, "by"));

	if (!strcmp(word, "none"))
		print_none(verdict);
	else if (!strcmp(word, "other"))
		printf("%s\n", text);
	else if (!strcmp(word, "established"))
		printf("service %s: the connection exists, it is on backend %s, %s\n", service,
		       status_get(verdict, "backend"), status_get(verdict, "to"));
	else if (!strcmp(word, "backend"))
		printf("service %s: backend %s, %s: %s\n", service,
		       status_get(verdict, "backend"), status_get(verdict, "to"), text);
	else if (!strcmp(word, "random"))
		printf("service %s: a backend by chance, see the shares\n", service);
	else
		printf("service %s: %s: %s\n", service, phrase_of(fates, word), text);
}

static void print_conntrack(const struct status_line *line)
{
	if (status_is(line, "over", "1"))
		printf("An old connection of these ports is over; a SYN begins anew.\n");
	if (status_is(line, "on-down", "reset"))
		printf("That backend is down: the connection will be reset.\n");
	if (status_is(line, "on-down", "move"))
		printf("That backend is down: the connection will get another one.\n");
	if (status_is(line, "on-down", "keep"))
		printf("That backend is down: an established connection stays there,\n"
		       "a SYN or INIT begins a new one, if another backend can take it.\n");
}

static void print_service(const struct status_line *line)
{
	if (!status_is(line, "client", "-"))
		printf("The client had backend %s last, remembered for %s more seconds.\n",
		       status_get(line, "client"), status_get(line, "client-left"));
	if (!status_is(line, "hold-left", "0"))
		printf("On hold: TCP that does not begin with a SYN is dropped.\n");
	if (status_number(line, "open-tier"))
		printf("Too few are alive: every backend of tier %s may be chosen.\n",
		       status_get(line, "open-tier"));
}

/* Adds what else is worth knowing of a backend that may be chosen. */
static int add_details(const struct status_line *line, struct text *out)
{
	if (status_is(line, "why", "full"))
		return text_printf(out, ", max-conns %s", status_get(line, "max-conns"));
	if (status_is(line, "trial", "1"))
		return text_printf(out, ", on trial after an ejection");
	if (status_number(line, "warm") < 100)
		return text_printf(out, ", warming up, %s%%", status_get(line, "warm"));
	return 0;
}

static int reason(const struct status_line *line, struct text *out)
{
	int err;

	if (status_is(line, "usable", "1") && status_is(line, "leaving", "0")) {
		err = text_printf(out, "%s", phrase_of(whys, status_get(line, "why")));
		return err ? err : add_details(line, out);
	}
	err = status_reasons(line, out);
	if (err || !status_number(line, "ejected"))
		return err;
	return text_printf(out, " for %s s", status_get(line, "ejected"));
}

static void add_share(struct table *table, struct table_row *row, const struct status_line *line,
		      const struct status_line *service)
{
	unsigned long long slots = status_number(service, "slots");
	char share[sizeof("100.0%")] = "-";

	/* Slots of the scheduler least say nothing about shares of connections. */
	if (slots && !status_is(service, "scheduler", "least"))
		snprintf(share, sizeof(share), "%.1f%%",
			 100.0 * (double)status_number(line, "slots") / (double)slots);
	table_cell(table, row, COL_SHARE, TABLE_PLAIN, share);
}

static enum table_colour colour_of(const struct status_line *line)
{
	if (status_is(line, "chosen", "1"))
		return TABLE_GREEN;
	return status_is(line, "usable", "1") ? TABLE_PLAIN : TABLE_RED;
}

static int add_backend(struct table *table, const struct status_line *line,
		       const struct status_line *service)
{
	struct table_row *row = table_row(table);
	struct text why = { 0 };
	int err = reason(line, &why);

	if (!err) {
		table_cell(table, row, COL_BACKEND, TABLE_BOLD, status_short_name(line));
		add_share(table, row, line, service);
		table_cell(table, row, COL_LIVE, TABLE_PLAIN, status_get(line, "live"));
		table_cell(table, row, COL_WHY, colour_of(line), why.data ? why.data : "");
	}
	text_free(&why);
	return err;
}

static void add_titles(struct table *table)
{
	static const char * const titles[] = { "BACKEND", "SHARE", "LIVE", "" };
	struct table_row *row = table_row(table);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(titles); i++)
		table_cell(table, row, i, TABLE_DIM, titles[i]);
}

static int print_backends(const struct explain_answer *answer, const struct status_line *service)
{
	struct table table = { .right = { [COL_SHARE] = true, [COL_LIVE] = true } };
	bool any = false;
	int err = 0;
	size_t i;

	for (i = 0; i < answer->nr && !err; i++) {
		if (strcmp(answer->lines[i].kind, "backend"))
			continue;
		if (!any)
			add_titles(&table);
		any = true;
		err = add_backend(&table, &answer->lines[i], service);
	}
	if (!err && any)
		err = table_print(&table);
	table_free(&table);
	return err;
}

int explain_print(const struct explain_answer *answer)
{
	const struct status_line *conntrack = explain_line(answer, "conntrack");
	const struct status_line *service = explain_line(answer, "service");

	print_verdict(&answer->lines[0]);
	if (explain_line(answer, "limited"))
		puts("Without CAP_NET_ADMIN: existing connections and known clients are left out.");
	if (conntrack)
		print_conntrack(conntrack);
	if (!service)
		return 0;
	print_service(service);
	return print_backends(answer, service);
}
