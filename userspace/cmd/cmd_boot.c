// SPDX-License-Identifier: GPL-2.0
/* The command of the unit that sets everything up when the machine boots. */
#include <stdio.h>
#include "cmd/vipctl.h"
#include "module/last_good.h"
#include "module/loader.h"
#include "net/fastpath.h"

#define CONFIG	"/etc/nf_vip.conf"

/* The services of yesterday are better than none. */
static void fall_back(void)
{
	if (!last_good_is_kept()) {
		vipctl_complain("boot: there is no last good configuration (" LAST_GOOD_FILE ")");
		return;
	}
	if (vipctl_apply(LAST_GOOD_FILE, NULL))
		return;
	vipctl_complain("boot: the last good configuration runs instead (" LAST_GOOD_FILE ")");
	fastpath_apply(LAST_GOOD_FILE);
}

int cmd_boot(int argc, char **argv)
{
	const char *file = argc ? argv[0] : CONFIG;
	bool waits = false;

	if (!loader_probe())
		return VIPCTL_REFUSED;
	if (vipctl_apply(file, &waits)) {
		fall_back();
		return VIPCTL_REFUSED;
	}
	/*
	 * Nobody is there at boot who could confirm the change, and without
	 * that there would be no services.
	 */
	if (waits)
		vipctl_complain("boot: %s: \"confirm\" means nothing here: what it says stays",
				file);
	if (fastpath_apply(file) || waits)
		return VIPCTL_REFUSED;
	last_good_keep();
	return VIPCTL_DONE;
}
