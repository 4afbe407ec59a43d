// SPDX-License-Identifier: GPL-2.0
/* The command that prints metrics. */
#include <stdio.h>
#include <string.h>
#include "metrics.h"
#include "vipctl.h"

static int put(const struct text *text, const char *path)
{
	int err;

	if (!path || !strcmp(path, "-")) {
		fwrite(text->data, 1, text->len, stdout);
		return VIPCTL_DONE;
	}
	err = text_write_file(text, path);
	if (!err)
		return VIPCTL_DONE;
	vipctl_complain("%s: %s", path, strerror(-err));
	return VIPCTL_REFUSED;
}

int cmd_metrics(int argc, char **argv)
{
	struct snapshot now;
	struct text text = { 0 };
	int err, ret;

	err = snapshot_take(&now);
	if (!err)
		err = metrics_write(&now, vipctl_given('o'), &text);
	ret = err ? vipctl_complain_kernel("metrics", err) : put(&text, argc ? argv[0] : NULL);
	snapshot_free(&now);
	text_free(&text);
	return ret;
}
