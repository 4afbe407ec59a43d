// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "grammar/parse.h"
#include "nf_vip_limits.h"
#include "nf_vip_pure.h"
#include "status/fields.h"
#include "status/problems.h"

/* Adds a member; jansson refuses a NULL value and reports that. */
static int set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) ? -ENOMEM : 0;
}

static bool is_nothing(const char *value)
{
	return !*value || !strcmp(value, "-");
}

static int add_text(json_t *object, const char *key, const char *value)
{
	return set(object, key, is_nothing(value) ? json_null() : json_string(value));
}

/* Adds "1", "0", "on" or "off" as a boolean; anything else is unknown. */
static int add_yes(json_t *object, const char *key, const char *value)
{
	if (!strcmp(value, "1") || !strcmp(value, "on"))
		return set(object, key, json_true());
	if (!strcmp(value, "0") || !strcmp(value, "off"))
		return set(object, key, json_false());
	return set(object, key, json_null());
}

static bool is_number(const char *value, const char *digits)
{
	return *value && !value[strspn(value, digits)];
}

/* Adds decimal digits, or 0x and hex digits, as a number, everything else as a string. */
static int add_plain(json_t *object, const char *key, const char *value)
{
	bool hex = !strncmp(value, "0x", 2);

	if (hex ? !is_number(value + 2, "0123456789abcdef") : !is_number(value, "0123456789"))
		return add_text(object, key, value);
	return set(object, key, json_integer((json_int_t)strtoull(value, NULL, hex ? 16 : 10)));
}

/* Makes a list of the pieces between "+" or " ". */
static int add_list(json_t *object, const char *key, const char *value,
		    json_t *(*make)(const char *piece))
{
	json_t *list = json_array();
	char *copy = strdup(value), *save, *piece;
	int err = list && copy ? 0 : -ENOMEM;

	for (piece = err ? NULL : strtok_r(copy, "+ ", &save); piece && !err;
	     piece = strtok_r(NULL, "+ ", &save))
		err = json_array_append_new(list, make(piece)) ? -ENOMEM : 0;
	free(copy);
	if (!err)
		return set(object, key, list);
	json_decref(list);
	return err;
}

static json_t *make_number(const char *piece)
{
	return json_integer((json_int_t)strtoull(piece, NULL, 10));
}

/* Adds several numbers, of which the first is not 0; "0" or "0+0+0" is an empty list. */
static int add_numbers(json_t *object, const char *key, const char *value)
{
	return add_list(object, key, *value == '0' ? "" : value, make_number);
}

/* "0x7" or "0x7/ipv6" is a mark, and anything else VIPs. */
static int add_vips(json_t *object, const char *key, const char *value)
{
	bool fwmark = !strncmp(value, "0x", 2);
	bool ipv6 = fwmark ? !!strchr(value, '/') : *value == '[';
	int err = add_list(object, key, fwmark ? "" : value, json_string);

	if (!err)
		err = set(object, "fwmark", fwmark ?
			  json_integer((json_int_t)strtoull(value, NULL, 16)) : json_null());
	return err ? err : set(object, "family", json_string(ipv6 ? "ipv6" : "ipv4"));
}

/* "NAME:1"; names may have colons, too. */
static int add_condition(json_t *object, const char *key, const char *value)
{
	const char *colon = strrchr(value, ':');
	size_t len = colon ? (size_t)(colon - value) : 0;
	int err;

	if (!colon)
		err = set(object, key, json_null());
	else
		err = set(object, key, json_stringn(value, len));
	return err ? err : add_yes(object, "flag", colon ? colon + 1 : "-");
}

/* Fields whose values do not look like what they are. @kind "" stands for any kind. */
static const struct {
	const char *kind;
	const char *key;
	int (*add)(json_t *object, const char *key, const char *value);
} exceptions[] = {
	{ "", "version", add_text },
	{ "", "dev", add_text },
	{ "", "vip", add_vips },
	{ "", "few", add_yes },
	{ "", "up", add_yes },
	{ "", "leaving", add_yes },
	{ "backend", "usable", add_yes },
	{ "backend", "condition", add_condition },
	{ "statement", "condition", add_text },
	{ "event", "condition", add_yes },
	{ "verdict", "service", add_text },
	{ "verdict", "backend", add_text },
	{ "conntrack", "answered", add_yes },
	{ "conntrack", "over", add_yes },
	{ "met", "client", add_text },
	{ "met", "failed", add_text },
	{ "candidate", "chosen", add_yes },
	{ "candidate", "usable", add_yes },
	{ "candidate", "condition", add_condition },
	{ "candidate", "trial", add_yes },
};

/* No name of the kernel is longer than 63 characters. */
static void member_name(char name[64], const char *key)
{
	size_t i;

	for (i = 0; key[i] && i < 63; i++)
		name[i] = key[i] == '-' ? '_' : key[i];
	name[i] = '\0';
}

/* Adds an option as its table says; any other field is added as its value looks. */
static int add_option(json_t *object, const char *name, const char *key, const char *value)
{
	const struct nf_vip_option *option = nf_vip_option_find(NF_VIP_SERVICE, key);

	if (!option)
		option = nf_vip_option_find(NF_VIP_BACKEND, key);
	if (option && option->kind == NF_VIP_OPTION_NUMBERS)
		return add_numbers(object, name, value);
	if (option && nf_vip_option_is_switch(option))
		return add_yes(object, name, value);
	return add_plain(object, name, value);
}

int fields_add(json_t *object, const char *kind, const char *key, const char *value)
{
	char name[64];
	size_t i;

	member_name(name, key);
	for (i = 0; i < ARRAY_SIZE(exceptions); i++)
		if (!strcmp(exceptions[i].key, key) &&
		    (!*exceptions[i].kind || !strcmp(exceptions[i].kind, kind)))
			return exceptions[i].add(object, name, value);
	return add_option(object, name, key, value);
}

json_t *fields_of_line(const struct status_line *line)
{
	json_t *object = json_object();
	unsigned int i;
	int err = 0;

	if (*line->name)
		err = set(object, "name", json_string(status_short_name(line)));
	for (i = 0; i < line->nr && !err; i++)
		err = fields_add(object, line->kind, line->key[i], line->value[i]);
	if (!err)
		return object;
	json_decref(object);
	return NULL;
}

/* Appends a line to the member @list of @of, and returns its object. */
static json_t *append(json_t *of, const char *list, const struct status_line *line)
{
	json_t *object = fields_of_line(line);

	if (!object || json_array_append_new(json_object_get(of, list), object))
		return NULL;
	return object;
}

static json_t *append_service(json_t *root, const struct snapshot *snapshot, size_t i)
{
	json_t *service = append(root, "service", &snapshot->lines[i]);

	if (!service || set(service, "problems", problems_of_service(snapshot, i)) ||
	    set(service, "backend", json_array()))
		return NULL;
	return service;
}

static int append_backend(json_t *service, const struct status_line *line,
			  unsigned long long tier)
{
	json_t *backend = append(service, "backend", line);

	return backend ? set(backend, "problems", problems_of_backend(line, tier)) : -ENOMEM;
}

static int add_lines(json_t *root, const struct snapshot *snapshot, char **names, int nr)
{
	unsigned long long tier = 0;
	json_t *service = NULL;
	size_t i;

	for (i = 1; i < snapshot->nr; i++) {
		if (!snapshot_wants(&snapshot->lines[i], names, nr))
			continue;
		if (snapshot_is(snapshot, i, "service")) {
			service = append_service(root, snapshot, i);
			tier = problems_tier(snapshot, i);
		} else if (snapshot_is(snapshot, i, "backend") &&
			   append_backend(service, &snapshot->lines[i], tier)) {
			return -ENOMEM;
		}
		if (!service)
			return -ENOMEM;
	}
	return 0;
}

json_t *fields_of_snapshot(const struct snapshot *snapshot, char **names, int nr)
{
	json_t *root = json_object();
	int err = 0;

	if (snapshot_is(snapshot, 0, "nf_vip"))
		err = set(root, "nf_vip", fields_of_line(&snapshot->lines[0]));
	if (!err)
		err = set(root, "service", json_array());
	if (!err)
		err = add_lines(root, snapshot, names, nr);
	if (!err)
		return root;
	json_decref(root);
	return NULL;
}
