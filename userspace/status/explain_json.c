// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include "status/explain.h"
#include "status/fields.h"

/*
 * Fields of status and of explain may have the same name and another meaning:
 * give explain's kinds.
 */
static json_t *object_of(const struct status_line *line, const char *kind)
{
	struct status_line copy = *line;

	copy.kind = kind;
	return fields_of_line(&copy);
}

/* The word in front of the fields of the verdict line is not a name. */
static json_t *verdict_of(const struct status_line *line)
{
	struct status_line copy = *line;
	json_t *object;

	copy.name = "";
	object = object_of(&copy, "verdict");
	if (!object || !json_object_set_new(object, "word", json_string(line->name)))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *conntrack_of(const struct explain_answer *answer)
{
	const struct status_line *line = explain_line(answer, "conntrack");

	return line ? object_of(line, "conntrack") : json_null();
}

static int add_backends(json_t *service, const struct explain_answer *answer)
{
	json_t *list = json_array();
	int err = json_object_set_new(service, "backend", list);
	size_t i;

	for (i = 0; i < answer->nr && !err; i++)
		if (!strcmp(answer->lines[i].kind, "backend"))
			err = json_array_append_new(list, object_of(&answer->lines[i],
								    "candidate"));
	return err;
}

static json_t *service_of(const struct explain_answer *answer)
{
	const struct status_line *line = explain_line(answer, "service");
	json_t *object;

	if (!line)
		return json_null();
	object = object_of(line, "met");
	if (!object || !add_backends(object, answer))
		return object;
	json_decref(object);
	return NULL;
}

json_t *explain_json(const struct explain_answer *answer)
{
	json_t *root = json_object();
	int err;

	err = json_object_set_new(root, "question", json_string(answer->question));
	if (!err)
		err = json_object_set_new(root, "verdict", verdict_of(&answer->lines[0]));
	if (!err)
		err = json_object_set_new(root, "conntrack", conntrack_of(answer));
	if (!err)
		err = json_object_set_new(root, "service", service_of(answer));
	if (!err)
		err = json_object_set_new(root, "limited",
					  json_boolean(explain_line(answer, "limited")));
	if (!err)
		return root;
	json_decref(root);
	return NULL;
}
