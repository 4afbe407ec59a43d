// SPDX-License-Identifier: GPL-2.0
/* The command that says how a file and the running configuration differ. */
#include <stdio.h>
#include "cmd/config_file.h"
#include "cmd/vipctl.h"
#include "config/model_diff.h"
#include "lib/json.h"
#include "module/module_io.h"

#define USUAL	"/etc/nf_vip.conf"

/* "+ backend mail/b1 192.168.0.1 weight 2", "~ backend mail/b1 weight 1 -> 3" */
static void print_change(void *arg, const struct model_change *change)
{
	static const char signs[] = { [MODEL_ADD] = '+', [MODEL_DELETE] = '-',
				      [MODEL_CHANGE] = '~' };
	unsigned int i;

	(void)arg;
	printf("%c %s%s%s", signs[change->kind], change->type, *change->name ? " " : "",
	       change->name);
	for (i = 0; i < change->nr; i++) {
		const struct model_field *field = &change->fields[i];

		if (field->from)
			printf("%s %s %s -> %s", i ? "," : "", field->name, field->from,
			       field->to);
		else
			printf(" %s %s", field->name, field->to);
	}
	putchar('\n');
}

static json_t *field_json(const struct model_field *field)
{
	return json_pack("{s:s, s:s?, s:s?}", "name", field->name, "from", field->from,
			 "to", field->to);
}

/* @arg: where the array is, which becomes NULL when memory runs out. */
static void add_change(void *arg, const struct model_change *change)
{
	static const char * const kinds[] = { [MODEL_ADD] = "add", [MODEL_DELETE] = "delete",
					      [MODEL_CHANGE] = "change" };
	json_t *fields = json_array();
	json_t **list = arg;
	unsigned int i;
	int err = 0;

	for (i = 0; i < change->nr; i++)
		err |= json_array_append_new(fields, field_json(&change->fields[i]));
	err |= json_array_append_new(*list, json_pack("{s:s, s:s, s:s, s:o}", "change",
						      kinds[change->kind], "type", change->type,
						      "name", change->name, "fields", fields));
	if (err) {
		json_decref(*list);
		*list = NULL;
	}
}

static int print_diff(const struct model *from, const struct model *to, unsigned int *nr)
{
	json_t *list;

	if (!vipctl_given('j')) {
		*nr = model_diff(from, to, print_change, NULL);
		return VIPCTL_DONE;
	}
	list = json_array();
	*nr = model_diff(from, to, add_change, &list);
	return json_print("diff", json_pack("{sb so}", "same", !*nr, "changes", list));
}

/* The running configuration needs no check: the kernel has taken it. */
static int read_running(struct model *model)
{
	struct text text = { 0 };
	int err = module_io_read_config(&text);

	if (err)
		vipctl_complain_kernel("diff", err);
	else
		err = model_read(model, text.data, text.len);
	if (err && model->plan.error[0])
		vipctl_complain("diff: %s", model->plan.error);
	text_free(&text);
	return err;
}

int vipctl_diff(const char *path, unsigned int *nr)
{
	struct model from, to;
	int ret = VIPCTL_REFUSED;

	model_init(&from);
	model_init(&to);
	if (!vipctl_read_model(&to, path) && !read_running(&from))
		ret = print_diff(&from, &to, nr);
	model_free(&from);
	model_free(&to);
	return ret;
}

int cmd_diff(int argc, char **argv)
{
	unsigned int nr;
	int ret = vipctl_diff(argc ? argv[0] : USUAL, &nr);

	return ret || !nr ? ret : VIPCTL_REFUSED;
}
