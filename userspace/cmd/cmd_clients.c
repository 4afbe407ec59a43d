// SPDX-License-Identifier: GPL-2.0
/* Commands about the clients that services with persistence remember. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cmd/vipctl.h"
#include "module/module_io.h"
#include "module/status.h"
#include "status/fields.h"

/* /proc/net is always this process's own; /sys may be of another namespace. */
static int find_service(const char *name)
{
	struct text status = { 0 };
	struct status_line line;
	bool found = false;
	char *at;
	int err;

	err = module_io_read_status(&status);
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

/* A line begins with the name of the service, then the address. */
static json_t *read_client(const struct status_line *line)
{
	json_t *client = json_pack("{ss ss}", "service", line->kind, "address", line->name);
	unsigned int i;

	for (i = 0; client && i < line->nr; i++)
		if (fields_add(client, "client", line->key[i], line->value[i])) {
			json_decref(client);
			return NULL;
		}
	return client;
}

static int print_json(char *at, const char *service)
{
	json_t *list = json_array();
	struct status_line line;

	while (list && status_next(&at, &line)) {
		if (service && strcmp(line.kind, service))
			continue;
		if (json_array_append_new(list, read_client(&line))) {
			json_decref(list);
			list = NULL;
		}
	}
	return json_print("clients", list ? json_pack("{so}", "client", list) : NULL);
}

static int print(char *at, const char *service)
{
	if (vipctl_given('j'))
		return print_json(at, service);
	if (service)
		print_service(at, service);
	else
		fputs(at, stdout);
	return VIPCTL_DONE;
}

int cmd_clients(int argc, char **argv)
{
	struct text clients = { 0 };
	int ret;

	if (argc && find_service(argv[0]))
		return VIPCTL_REFUSED;
	ret = module_io_read_clients(&clients);
	if (ret)
		ret = vipctl_complain_kernel("clients", ret);
	else
		ret = print(clients.data, argc ? argv[0] : NULL);
	text_free(&clients);
	return ret;
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
	err = module_io_forget_clients(argv[0]);
	if (err == -ENOENT) {
		vipctl_complain("%s: is /sys mounted for another network namespace?", argv[0]);
		return VIPCTL_REFUSED;
	}
	return err ? vipctl_complain_kernel(argv[0], err) : VIPCTL_DONE;
}
