// SPDX-License-Identifier: GPL-2.0
/* The command of the unit that sets everything up when the machine boots. */
#include <stdio.h>
#include <string.h>
#include "confirm.h"
#include "fastpath.h"
#include "gate.h"
#include "good.h"
#include "loader.h"
#include "vipctl.h"

#define CONFIG	"/etc/nf_vip.conf"

/* Better the services of yesterday than none. */
static void fall_back(void)
{
	if (!good_is_kept()) {
		vipctl_complain("boot: there is no last good configuration (" GOOD_FILE ")");
		return;
	}
	if (vipctl_apply(GOOD_FILE))
		return;
	vipctl_complain("boot: the last good configuration runs instead (" GOOD_FILE ")");
	fastpath_apply(GOOD_FILE);
}

/* Nobody is there who could, and without that there would be nothing. */
static bool confirm_at_once(const char *file)
{
	static const char text[] = "confirm";
	char sentence[NF_VIP_ERROR_MAX];

	if (!confirm_left())
		return false;
	gate_write_config(text, strlen(text), sentence);
	vipctl_complain("boot: %s: \"confirm\" means nothing here: what it says stays", file);
	return true;
}

int cmd_boot(int argc, char **argv)
{
	const char *file = argc ? argv[0] : CONFIG;
	bool waited;

	if (!loader_probe())
		return VIPCTL_REFUSED;
	if (vipctl_apply(file)) {
		fall_back();
		return VIPCTL_REFUSED;
	}
	waited = confirm_at_once(file);
	if (fastpath_apply(file) || waited)
		return VIPCTL_REFUSED;
	good_keep();
	return VIPCTL_DONE;
}
