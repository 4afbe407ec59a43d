// SPDX-License-Identifier: GPL-2.0
/* Commands that read, check and write configurations. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/config_file.h"
#include "cmd/confirm.h"
#include "cmd/vipctl.h"
#include "config/config_json.h"
#include "config/model.h"
#include "module/last_good.h"
#include "module/module_io.h"
#include "net/fastpath.h"
#include "net/reload_guard.h"

static int apply_text(const struct text *text, const char *name)
{
	char sentence[NF_VIP_ERROR_MAX];
	int err;

	err = module_io_write_config(text->data, text->len, sentence);
	if (!err)
		return VIPCTL_DONE;
	if (!sentence[0])
		return vipctl_complain_kernel(name, err);
	vipctl_complain("%s: %s", name, sentence);
	return VIPCTL_REFUSED;
}

/* Puts "replace" in front of the first line, so that the lines keep their numbers. */
static int replace_by(const struct text *text, const char *name)
{
	struct text whole = { 0 };
	int ret;

	if (text_printf(&whole, FILE_REPLACE) ||
	    text_append(&whole, text->data, text->len)) {
		vipctl_complain("%s: out of memory", name);
		ret = VIPCTL_REFUSED;
	} else {
		ret = apply_text(&whole, name);
	}
	text_free(&whole);
	return ret;
}

/* Puts "confirm" on a line of its own, because the last line may be a comment. */
static int add_confirm(struct text *text)
{
	const char *seconds = vipctl_value('c');

	return seconds ? text_printf(text, "\nconfirm %s\n", seconds) : 0;
}

/* A statement "confirm" becomes blanks, so that lines keep their numbers. */
static bool leave_out_confirm(struct text *text)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	bool found = false;
	size_t from, to;

	nf_vip_parse_start(&p, text->data, text->len);
	for (from = 0; nf_vip_parse_next(&p, &st) > 0; from = to) {
		to = (size_t)(p.at - text->data);
		if (st.verb != NF_VIP_CONFIRM)
			continue;
		found = true;
		for (; from < to; from++)
			if (text->data[from] != '\n')
				text->data[from] = ' ';
	}
	return found;
}

int vipctl_apply(const char *path, bool *waits)
{
	const char *name = file_shown(path);
	struct text text = { 0 };
	int ret = VIPCTL_REFUSED;
	struct nf_vip_parser p;
	bool replaces;

	if (file_read(&text, path))
		goto out;
	if (waits)
		*waits = leave_out_confirm(&text);
	if (file_parse(&text, &p, &replaces))
		vipctl_complain("%s: %s", name, p.error);
	else if (p.first)
		vipctl_complain("%s: %s", name, file_nothing);
	else if (add_confirm(&text))
		vipctl_complain("%s: out of memory", name);
	else
		ret = replaces ? apply_text(&text, name) :
				 replace_by(&text, name);
out:
	text_free(&text);
	/*
	 * The services are there again, so a guard that was left over only
	 * keeps packets from them.
	 */
	if (!ret && reload_guard_remove_left())
		vipctl_complain("%s: deleted " RELOAD_GUARD_TABLE
				", which a reload-module left that was ended", name);
	return ret;
}

int cmd_apply(int argc, char **argv)
{
	const char *seconds = vipctl_value('c');
	unsigned int left, nr;
	int ret;

	(void)argc;
	if (seconds && !confirm_is_time(seconds)) {
		vipctl_complain("--confirm \"%s\": expected 1 to %d seconds", seconds,
				NF_VIP_CONFIRM_MAX);
		return VIPCTL_USAGE;
	}
	if (vipctl_given('d'))
		return vipctl_diff(argv[0], &nr);
	ret = vipctl_apply(argv[0], NULL);
	if (!ret)
		ret = fastpath_apply(file_shown(argv[0]));
	if (ret)
		return ret;
	left = confirm_left();
	if (left)
		printf("%s: is undone in %u second%s without \"vipctl confirm\"\n",
		       file_shown(argv[0]), left, vipctl_s(left));
	else
		last_good_keep();
	return ret;
}

/* The verdict is what the user asked for, so it goes to standard output even if it is bad. */
static int print_verdict_json(const char *name, const struct model *model, bool good)
{
	json_t *file = json_text(name);
	unsigned int line;

	if (good)
		return json_print("check", json_pack("{so sb si si}", "file", file, "good", 1,
						     "services", (int)model->plan.nr_services,
						     "backends", (int)model->plan.nr_backends));
	if (sscanf(model->plan.error, "line %u:", &line) != 1)
		line = 0;
	return json_print("check", json_pack("{so sb so so}", "file", file, "good", 0, "line",
					     line ? json_integer(line) : json_null(),
					     "error", json_text(model->plan.error)));
}

static int print_verdict(const char *name, const struct model *model, bool good)
{
	if (vipctl_given('j'))
		return print_verdict_json(name, model, good);
	if (good)
		printf("%s: good, %u service%s, %u backend%s\n", name,
		       model->plan.nr_services, vipctl_s(model->plan.nr_services),
		       model->plan.nr_backends, vipctl_s(model->plan.nr_backends));
	else
		vipctl_complain("%s: %s", name, model->plan.error);
	return VIPCTL_DONE;
}

int cmd_check(int argc, char **argv)
{
	struct model model;
	int err;

	(void)argc;
	model_init(&model);
	err = file_load(&model, argv[0]);
	if ((!err || model.plan.error[0]) && print_verdict(file_shown(argv[0]), &model, !err))
		err = -ENOMEM;
	model_free(&model);
	return err ? VIPCTL_REFUSED : VIPCTL_DONE;
}

/* Replaces the text by its JSON. */
static int convert(struct text *config)
{
	json_t *root = config_json(config);
	char *json = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

	text_free(config);
	json_decref(root);
	if (!json)
		return -ENOMEM;
	if (text_printf(config, "%s\n", json))
		text_free(config);
	free(json);
	return config->data ? 0 : -ENOMEM;
}

int cmd_save(int argc, char **argv)
{
	struct text text = { 0 };
	int err, ret;

	err = module_io_read_config(&text);
	if (!err && vipctl_given('j'))
		err = convert(&text);
	ret = err ? vipctl_complain_kernel("save", err) : vipctl_put(&text, argc ? argv[0] : "-");
	text_free(&text);
	return ret;
}
