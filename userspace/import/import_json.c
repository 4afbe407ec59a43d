// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include "config/config_json.h"
#include "import/import_json.h"

static json_t *json_not_taken(const struct import *im)
{
	json_t *list = json_array();
	const struct import_note *note;

	TAILQ_FOREACH(note, &im->not_taken, node) {
		if (json_array_append_new(list, json_pack("{si ss ss}", "line", note->line,
							  "rule", note->rule, "why", note->text))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* The services as they would be if the import were applied and the configuration saved. */
static json_t *json_services(const struct import *im)
{
	const struct import_service *service;
	struct text config = { 0 };
	FILE *to = open_memstream(&config.data, &config.len);
	json_t *root;

	if (!to)
		return NULL;
	TAILQ_FOREACH(service, &im->services, node)
		import_print_service(to, service);
	root = fclose(to) ? NULL : config_json(&config);
	free(config.data);
	return root;
}

json_t *import_json(const struct import *im)
{
	json_t *root = json_services(im);

	if (root && (json_object_set_new(root, "not_taken", json_not_taken(im)) ||
		     json_object_set_new(root, "ignored", json_integer(im->ignored)))) {
		json_decref(root);
		root = NULL;
	}
	return root;
}
