// SPDX-License-Identifier: GPL-2.0
/* Turns the configuration of another load balancer into one of nf_vip. */
#include "cmd/vipctl.h"
#include "import/import_json.h"
#include "lib/text.h"

/* Input that is larger than a transaction would not become one. */
#define INPUT_MAX	NF_VIP_TEXT_MAX

static const struct {
	const char *word;
	const char *kind;
	int (*read)(struct import *im, const char *text, size_t len);
} kinds[] = {
	{ "iptables", "iptables-save", import_iptables },
	{ "ipvs", "ipvsadm -Sn", import_ipvs },
};

static int complain_not_taken(const struct import *im)
{
	const struct import_note *note;

	TAILQ_FOREACH(note, &im->not_taken, node)
		vipctl_complain("import: line %u: not taken: %s: %s", note->line, note->rule,
				note->text);
	return TAILQ_EMPTY(&im->not_taken) ? VIPCTL_DONE : VIPCTL_REFUSED;
}

static int print_import(const struct import *im, const char *name)
{
	int ret = VIPCTL_DONE;

	if (vipctl_given('j'))
		ret = json_print("import", import_json(im));
	else
		import_print(stdout, im, name);
	return complain_not_taken(im) ? VIPCTL_REFUSED : ret;
}

static int import_text(size_t kind, const char *path)
{
	const char *name = strcmp(path, "-") ? path : "standard input";
	struct text text = { 0 };
	struct import im;
	int ret = VIPCTL_REFUSED, err;

	import_init(&im, kinds[kind].kind);
	err = text_read_file(&text, path, INPUT_MAX);
	if (err == -EFBIG)
		vipctl_complain("%s: larger than %d MiB", name, INPUT_MAX >> 20);
	else if (err)
		vipctl_complain("%s: %s", name, strerror(-err));
	else if (kinds[kind].read(&im, text.data, text.len))
		vipctl_complain("%s: %s", name, im.error);
	else
		ret = print_import(&im, name);
	import_free(&im);
	text_free(&text);
	return ret;
}

int cmd_import(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(argv[0], kinds[i].word))
			return import_text(i, argc > 1 ? argv[1] : "-");
	vipctl_complain("import: unknown word \"%s\": expected iptables or ipvs", argv[0]);
	return VIPCTL_USAGE;
}
