// SPDX-License-Identifier: GPL-2.0
/* Files that are a whole configuration. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cmd/config_file.h"
#include "cmd/vipctl.h"
#include "config/model.h"

const char file_nothing[] =
	"no statement; \"replace\" alone means that there shall be no services";

const char *file_shown(const char *path)
{
	return strcmp(path, "-") ? path : "standard input";
}

int file_read(struct text *text, const char *path)
{
	int err;

	err = text_read_file(text, path, NF_VIP_TEXT_MAX - strlen(FILE_REPLACE));
	if (!err)
		return 0;
	if (err == -EFBIG)
		vipctl_complain("%s: larger than %d MiB", file_shown(path),
				NF_VIP_TEXT_MAX >> 20);
	else
		vipctl_complain("%s: %s", file_shown(path), strerror(-err));
	return err;
}

int file_parse(const struct text *text, struct nf_vip_parser *p, bool *replaces)
{
	struct nf_vip_statement st;
	int ret;

	*replaces = false;
	nf_vip_parse_start(p, text->data, text->len);
	while ((ret = nf_vip_parse_next(p, &st)) > 0)
		*replaces |= st.verb == NF_VIP_REPLACE;
	return ret;
}

bool file_says_nothing(const struct text *text)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	int ret;

	/* The deadline of a change is no change: with the "replace" of a file all would go. */
	nf_vip_parse_start(&p, text->data, text->len);
	do {
		ret = nf_vip_parse_next(&p, &st);
	} while (ret > 0 && st.verb == NF_VIP_CONFIRM);
	return !ret;
}

int file_load(struct model *model, const char *path)
{
	struct text text = { 0 };
	int err = file_read(&text, path);

	if (!err && file_says_nothing(&text)) {
		snprintf(model->plan.error, sizeof(model->plan.error), "%s", file_nothing);
		err = -EINVAL;
	}
	/* A whole configuration begins with "replace", as cmd_apply() sends it. */
	if (!err)
		err = model_read(model, FILE_REPLACE, strlen(FILE_REPLACE));
	if (!err)
		err = model_read(model, text.data, text.len);
	if (!err)
		err = model_check(model);
	text_free(&text);
	return err;
}

int vipctl_read_model(struct model *model, const char *path)
{
	int err = file_load(model, path);

	if (model->plan.error[0])
		vipctl_complain("%s: %s", file_shown(path), model->plan.error);
	return err;
}
