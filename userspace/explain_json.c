// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include "explain.h"
#include "nf_vip_pure.h"

/* What is a number is one, but for these. */
static const char * const strings[] = {
	"service", "backend", "by", "to", "from", "mark", "on-down", "scheduler", "client",
	"failed", "why", "state", "up", "condition",
};

static const char * const booleans[] = {
	"answered", "over", "few", "chosen", "usable", "trial", "leaving",
};

static bool is_one_of(const char *key, const char * const *keys, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

static json_t *value_of(const char *key, const char *value)
{
	char *end;
	json_int_t number;

	if (!strcmp(value, "-"))
		return json_null();
	if (is_one_of(key, booleans, ARRAY_SIZE(booleans)))
		return json_boolean(!strcmp(value, "1"));
	number = strtoll(value, &end, 10);
	if (is_one_of(key, strings, ARRAY_SIZE(strings)) || *end)
		return json_string(value);
	return json_integer(number);
}

/* @name: the key of what stands in front of the fields, or NULL */
static json_t *object_of(const struct status_line *line, const char *name)
{
	json_t *object = json_object();
	unsigned int i;
	int err = 0;

	if (name)
		err = json_object_set_new(object, name, json_string(line->name));
	for (i = 0; i < line->nr && !err; i++)
		err = json_object_set_new(object, line->key[i],
					  value_of(line->key[i], line->value[i]));
	if (!err)
		return object;
	json_decref(object);
	return NULL;
}

static int add_backends(json_t *root, const struct explain_answer *answer)
{
	json_t *list = json_array();
	int err = json_object_set_new(root, "backends", list);
	size_t i;

	for (i = 0; i < answer->nr && !err; i++)
		if (!strcmp(answer->lines[i].kind, "backend"))
			err = json_array_append_new(list, object_of(&answer->lines[i], "name"));
	return err;
}

/* An object that the answer does not have is null. */
static int add(json_t *root, const char *key, const struct status_line *line, const char *name)
{
	return json_object_set_new(root, key, line ? object_of(line, name) : json_null());
}

json_t *explain_json(const struct explain_answer *answer)
{
	json_t *root = json_object();
	int err;

	err = json_object_set_new(root, "question", json_string(answer->question));
	if (!err)
		err = add(root, "verdict", &answer->lines[0], "word");
	if (!err)
		err = add(root, "conntrack", explain_line(answer, "conntrack"), NULL);
	if (!err)
		err = add(root, "service", explain_line(answer, "service"), "name");
	if (!err)
		err = add_backends(root, answer);
	if (!err)
		return root;
	json_decref(root);
	return NULL;
}
