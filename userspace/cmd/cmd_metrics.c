// SPDX-License-Identifier: GPL-2.0
/* The command that prints metrics. */
#include <stdio.h>
#include "cmd/vipctl.h"
#include "status/metrics.h"

int cmd_metrics(int argc, char **argv)
{
	struct snapshot now;
	struct text text = { 0 };
	int err, ret;

	err = snapshot_take(&now);
	if (!err)
		err = metrics_write(&now, vipctl_given('o'), &text);
	ret = err ? vipctl_complain_kernel("metrics", err) :
		    vipctl_put(&text, argc ? argv[0] : "-");
	snapshot_free(&now);
	text_free(&text);
	return ret;
}
