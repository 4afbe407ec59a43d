// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/app.h"
#include "nf_vip_pure.h"
#include "status/problems.h"

/* json_array_append_new() refuses a NULL, and frees nothing then. */
#define add(list, ...) \
	json_array_append_new(list, json_sprintf(__VA_ARGS__))

static bool is_full(const struct status_line *line)
{
	unsigned long long max = status_number(line, "max-conns");

	return max && status_number(line, "live") >= max;
}

static bool takes(const struct status_line *line)
{
	return status_is(line, "usable", "1") && !is_full(line);
}

static size_t service_of(const struct snapshot *snapshot, size_t i)
{
	while (i && !snapshot_is(snapshot, i, "service"))
		i--;
	return i;
}

unsigned long long problems_tier(const struct snapshot *snapshot, size_t i)
{
	unsigned long long lowest = 0;

	i = service_of(snapshot, i);
	if (status_is(&snapshot->lines[i], "few", "1"))
		return 0;
	for (i++; snapshot_is(snapshot, i, "backend"); i++) {
		const struct status_line *line = &snapshot->lines[i];
		unsigned long long tier = status_number(line, "tier");

		if (takes(line) && (!lowest || tier < lowest))
			lowest = tier;
	}
	return lowest;
}

static int add_unusable(json_t *list, const struct status_line *line)
{
	unsigned long long left = status_number(line, "drain-left");
	struct text reasons = { 0 };
	int err;

	err = status_reasons(line, &reasons);
	if (!err)
		err = add(list, "%s", reasons.len ? reasons.data : "not usable");
	if (!err && left)
		err = add(list, "connections that are left are reset in %llu s", left);
	text_free(&reasons);
	return err;
}

static int add_usable(json_t *list, const struct status_line *line, unsigned long long tier)
{
	int err = 0;

	if (status_is(line, "up", "0"))
		err = add(list, "unhealthy, but used because too few are alive");
	if (!err && is_full(line))
		err = add(list, "full: %s of %s connections", status_get(line, "live"),
			  status_get(line, "max-conns"));
	if (!err && tier && tier < status_number(line, "tier"))
		err = add(list, "tier %s waits: tier %llu is in use", status_get(line, "tier"),
			  tier);
	if (!err && status_number(line, "warm") < 100)
		err = add(list, "warming up: %s%% of its weight", status_get(line, "warm"));
	return err;
}

json_t *problems_of_backend(const struct status_line *line, unsigned long long tier)
{
	json_t *list = json_array();
	int err;

	if (status_is(line, "usable", "1"))
		err = add_usable(list, line, tier);
	else
		err = add_unusable(list, line);
	if (!err)
		return list;
	json_decref(list);
	return NULL;
}

/* What happens to new connections, in the words of the option that says so. */
static const char *fate(const char *word)
{
	static const struct {
		const char *word;
		const char *fate;
	} fates[] = {
		{ "reject", "new connections are refused" },
		{ "drop", "new connections are dropped" },
		{ "accept", "new connections are the gateway's own" },
		{ "open", "dead ones are used, too" },
		{ "tier", "the next tier is used" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fates); i++)
		if (!strcmp(fates[i].word, word))
			return fates[i].fate;
	return word;
}

static int add_service(json_t *list, const struct status_line *line)
{
	const char *hold = status_get(line, "hold-left");
	bool few = status_is(line, "few", "1");
	int err = 0;

	if (few)
		err = add(list, "too few alive, min-live is %s%%: %s", status_get(line, "min-live"),
			  fate(status_get(line, "on-few")));
	else if (!status_number(line, "usable"))
		err = add(list, "%s: %s",
			  status_number(line, "backends") ? "no usable backend" : "no backends",
			  fate(status_get(line, "on-empty")));
	if (!err && !strcmp(hold, "on"))
		err = add(list, "holds until that is ended");
	else if (!err && strcmp(hold, "0") && *hold)
		err = add(list, "holds for %s s", hold);
	return err;
}

/* Adds to a service's list a word about each backend with a problem. */
static int add_backend(json_t *list, const struct status_line *line)
{
	const char *name = status_short_name(line);
	struct text reasons = { 0 };
	int err = 0;

	if (status_is(line, "leaving", "1"))
		err = add(list, "%s leaves with %s connection%s", name, status_get(line, "live"),
			  vipctl_s(status_number(line, "live")));
	else if (status_is(line, "usable", "1"))
		err = is_full(line) ? add(list, "%s: full", name) : 0;
	else
		err = status_reasons(line, &reasons) ?:
		      add(list, "%s: %s", name, reasons.len ? reasons.data : "not usable");
	text_free(&reasons);
	return err;
}

json_t *problems_of_service(const struct snapshot *snapshot, size_t i)
{
	json_t *list = json_array();
	int err;

	err = add_service(list, &snapshot->lines[i]);
	for (i++; !err && snapshot_is(snapshot, i, "backend"); i++)
		err = add_backend(list, &snapshot->lines[i]);
	if (!err)
		return list;
	json_decref(list);
	return NULL;
}

/* Gets no backend any connection, because too few are alive? */
static bool refuses_few(const struct status_line *service)
{
	return status_is(service, "few", "1") &&
	       (status_is(service, "on-few", "drop") || status_is(service, "on-few", "reject"));
}

/* Do the new connections of a service, or those for a backend, get none? */
static bool is_refused(const struct snapshot *snapshot, size_t i)
{
	size_t service = service_of(snapshot, i);

	if (refuses_few(&snapshot->lines[service]))
		return true;
	if (i != service)
		return !takes(&snapshot->lines[i]);
	for (i++; snapshot_is(snapshot, i, "backend"); i++)
		if (takes(&snapshot->lines[i]))
			return false;
	return true;
}

enum problems_grade problems_grade(const struct snapshot *snapshot, size_t i)
{
	enum problems_grade grade = PROBLEMS_NONE;
	json_t *problems;

	problems = snapshot_is(snapshot, i, "service") ? problems_of_service(snapshot, i) :
			problems_of_backend(&snapshot->lines[i], problems_tier(snapshot, i));
	if (!problems || is_refused(snapshot, i))
		grade = PROBLEMS_REFUSED;
	else if (json_array_size(problems))
		grade = PROBLEMS_SOME;
	json_decref(problems);
	return grade;
}

int problems_join(const json_t *list, size_t max, struct text *out)
{
	size_t i, nr = json_array_size(list);
	int err = list ? 0 : -ENOMEM;

	for (i = 0; i < nr && i < max && !err; i++)
		err = text_printf(out, "%s%s", i ? "; " : "",
				  json_string_value(json_array_get(list, i)));
	return err || i == nr ? err : text_printf(out, "; %zu more", nr - i);
}
