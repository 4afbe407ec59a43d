// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lib/app.h"
#include "lib/json.h"

static int print(const char *command, json_t *root, size_t flags)
{
	int ret = VIPCTL_DONE;

	/* main() reports output that fails. */
	if (!root || (json_dumpf(root, stdout, flags) && !ferror(stdout))) {
		vipctl_complain("%s: out of memory", command);
		ret = VIPCTL_REFUSED;
	} else {
		putchar('\n');
	}
	json_decref(root);
	return ret;
}

json_t *json_text(const char *text)
{
	json_t *value = json_string(text);
	char *copy, *c;

	if (value)
		return value;
	copy = strdup(text);
	if (!copy)
		return NULL;
	for (c = copy; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	value = json_string(copy);
	free(copy);
	return value;
}

int json_print(const char *command, json_t *root)
{
	return print(command, root, JSON_INDENT(2));
}

int json_print_line(const char *command, json_t *root)
{
	int ret = print(command, root, JSON_COMPACT);

	fflush(stdout);
	return ret;
}
