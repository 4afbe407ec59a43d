// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include "json.h"
#include "vipctl.h"

static int print(const char *command, json_t *root, size_t flags)
{
	int ret = VIPCTL_DONE;

	/* Output that fails is main()'s to tell. */
	if (!root || (json_dumpf(root, stdout, flags) && !ferror(stdout))) {
		vipctl_complain("%s: out of memory", command);
		ret = VIPCTL_REFUSED;
	} else {
		putchar('\n');
	}
	json_decref(root);
	return ret;
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
