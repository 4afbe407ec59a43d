// SPDX-License-Identifier: GPL-2.0
/* The command that asks what would become of a connection. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/vipctl.h"
#include "lib/json.h"
#include "module/module_io.h"
#include "status/explain.h"

/* Joins the arguments with blanks. The arrow may be left out, because a shell wants it quoted. */
static int join(struct text *question, int argc, char **argv)
{
	int i, err = 0;

	for (i = 0; i < argc && !err; i++)
		err = text_printf(question, "%s%s", i ? " " : "", argv[i]);
	return err;
}

static int print(const char *question, char *text)
{
	struct explain_answer answer = { .question = question };
	int err = 0, ret = VIPCTL_DONE;

	answer.lines = status_lines(text, &answer.nr);
	if (!answer.lines)
		err = -ENOMEM;
	else if (!answer.nr)
		err = -EIO;
	if (!err && vipctl_given('j'))
		ret = json_print("explain", explain_json(&answer));
	else if (!err)
		err = explain_print(&answer);
	free(answer.lines);
	if (!err)
		return ret;
	vipctl_complain("explain: %s", strerror(-err));
	return VIPCTL_REFUSED;
}

static int ask(const char *question)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	struct text answer = { 0 };
	int err, ret;

	err = module_io_explain(question, &answer, sentence);
	if (sentence[0]) {
		vipctl_complain("%s", sentence);
		ret = VIPCTL_REFUSED;
	} else if (err) {
		ret = vipctl_complain_kernel("explain", err);
	} else {
		ret = print(question, answer.data);
	}
	text_free(&answer);
	return ret;
}

int cmd_explain(int argc, char **argv)
{
	char sentence[NF_VIP_ERROR_MAX];
	struct nf_vip_question unused;
	struct text question = { 0 };
	int ret = VIPCTL_USAGE;

	if (join(&question, argc, argv))
		ret = vipctl_complain_kernel("explain", -ENOMEM);
	else if (nf_vip_parse_question(question.data, question.len, &unused, sentence))
		vipctl_complain("%s", sentence);
	else
		ret = ask(question.data);
	text_free(&question);
	return ret;
}
