// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/app.h"
#include "lib/netns.h"
#include "module/last_good.h"
#include "module/module_io.h"

static int make_directory(void)
{
	char path[] = LAST_GOOD_FILE;

	return mkdir(dirname(path), 0755) && errno != EEXIST ? -errno : 0;
}

void last_good_keep(void)
{
	struct text config = { 0 };
	int err;

	if (!netns_is_first())
		return;
	err = module_io_read_config(&config);
	if (!err)
		err = make_directory();
	if (!err)
		err = text_write_file(&config, LAST_GOOD_FILE);
	if (err)
		vipctl_complain(LAST_GOOD_FILE ": %s: not kept as the last good configuration",
				strerror(-err));
	text_free(&config);
}

bool last_good_is_kept(void)
{
	return netns_is_first() && !access(LAST_GOOD_FILE, F_OK);
}
