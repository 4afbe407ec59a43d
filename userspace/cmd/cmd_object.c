// SPDX-License-Identifier: GPL-2.0
/* Commands that make one statement of their arguments. */
#include <stdio.h>
#include <string.h>
#include "cmd/vipctl.h"
#include "module/module_io.h"
#include "net/fastpath.h"

/* There is one line only, which the user did not number. */
static const char *without_line(const char *sentence)
{
	static const char prefix[] = "line 1: ";
	size_t len = strlen(prefix);

	return strncmp(sentence, prefix, len) ? sentence : sentence + len;
}

/* A word that ends a statement, or starts a comment, would hide the rest. */
static int join(struct text *text, const char *verb, int argc, char **argv)
{
	int i, err = text_printf(text, "%s", verb);

	for (i = 0; i < argc && !err; i++) {
		if (!argv[i][0] || argv[i][strcspn(argv[i], " \t\r\n;#")]) {
			vipctl_complain("\"%s\": expected one word", argv[i]);
			return -EINVAL;
		}
		err = text_printf(text, "%s%s", text->len ? " " : "", argv[i]);
	}
	if (err)
		vipctl_complain("out of memory");
	return err;
}

static int send_statement(const struct text *text, const char *command)
{
	char sentence[NF_VIP_ERROR_MAX];
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	int err;

	nf_vip_parse_start(&p, text->data, text->len);
	if (nf_vip_parse_next(&p, &st) < 0) {
		vipctl_complain("%s", without_line(p.error));
		return VIPCTL_USAGE;
	}
	err = module_io_write_config(text->data, text->len, sentence);
	if (!err)
		return VIPCTL_DONE;
	if (!sentence[0])
		return vipctl_complain_kernel(command, err);
	vipctl_complain("%s", without_line(sentence));
	return VIPCTL_REFUSED;
}

int vipctl_state(const char *command, const char *verb, int argc, char **argv)
{
	struct text text = { 0 };
	int err = join(&text, verb, argc, argv);
	int ret;

	if (err)
		ret = err == -EINVAL ? VIPCTL_USAGE : VIPCTL_REFUSED;
	else
		ret = send_statement(&text, command);
	text_free(&text);
	return ret;
}

/* The grammar's other verbs have commands of their own. */
static bool is_object(const char *word)
{
	return !strcmp(word, "service") || !strcmp(word, "backend");
}

static int change(const char *command, const char *verb, int argc, char **argv)
{
	if (is_object(argv[0]))
		return vipctl_state(command, verb, argc, argv);
	if (strchr(argv[0], '/'))
		vipctl_complain("%s: \"%s\": say \"vipctl %s backend %s%s\"", command, argv[0],
				command, argv[0], argc > 1 ? " ..." : "");
	else
		vipctl_complain("%s: unknown word \"%s\": expected %s", command, argv[0],
				"service or backend, then its name");
	return VIPCTL_USAGE;
}

int cmd_add(int argc, char **argv)
{
	return change("add", "", argc, argv);
}

int cmd_set(int argc, char **argv)
{
	return change("set", "set", argc, argv);
}

/* A service that is deleted takes its backends along in any case, so force is for backends only. */
int cmd_del(int argc, char **argv)
{
	char force[] = "force";
	char *words[3];

	if (!vipctl_given('f') || strcmp(argv[0], "backend"))
		return change("del", "delete", argc, argv);
	words[0] = argv[0];
	words[1] = argv[1];
	words[2] = force;
	return change("del", "delete", 3, words);
}

int cmd_flush(int argc, char **argv)
{
	int ret = vipctl_state("flush", "flush", argc, argv);

	return ret ? ret : fastpath_apply("flush");
}
