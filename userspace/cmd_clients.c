// SPDX-License-Identifier: GPL-2.0
/* Commands about the clients that services with persistence remember. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "gate.h"
#include "status.h"
#include "vipctl.h"

/* /proc/net is always this process's own; /sys may be of another namespace. */
static int find_service(const char *name)
{
	struct text status = { 0 };
	struct status_line line;
	bool found = false;
	char *at;
	int err;

	err = gate_read_status(&status);
	if (err)
		return vipctl_complain_kernel(name, err);
	at = status.data;
	while (!found && status_next(&at, &line))
		found = !strcmp(line.kind, "service") && !strcmp(line.name, name);
	text_free(&status);
	if (found)
		return VIPCTL_DONE;
	vipctl_complain("%s: there is no such service", name);
	return VIPCTL_REFUSED;
}

/* The lines of one service begin with its name and a space. */
static void print_service(const char *at, const char *name)
{
	size_t len = strlen(name);

	while (*at) {
		size_t line = strcspn(at, "\n");

		if (line > len && !strncmp(at, name, len) && at[len] == ' ')
			printf("%.*s\n", (int)line, at);
		at += line + (at[line] == '\n');
	}
}

int cmd_clients(int argc, char **argv)
{
	struct text clients = { 0 };
	int err;

	if (argc && find_service(argv[0]))
		return VIPCTL_REFUSED;
	err = gate_read_clients(&clients);
	if (err)
		return vipctl_complain_kernel("clients", err);
	if (argc)
		print_service(clients.data, argv[0]);
	else
		fputs(clients.data, stdout);
	text_free(&clients);
	return VIPCTL_DONE;
}

int cmd_forget(int argc, char **argv)
{
	int err;

	(void)argc;
	if (nf_vip_name_valid(argv[0])) {
		vipctl_complain("\"%s\": expected the name of a service", argv[0]);
		return VIPCTL_USAGE;
	}
	if (find_service(argv[0]))
		return VIPCTL_REFUSED;
	err = gate_forget_clients(argv[0]);
	if (err == -ENOENT) {
		vipctl_complain("%s: is /sys mounted for another network namespace?", argv[0]);
		return VIPCTL_REFUSED;
	}
	return err ? vipctl_complain_kernel(argv[0], err) : VIPCTL_DONE;
}
