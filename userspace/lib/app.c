// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include "lib/app.h"
#include "lib/text.h"

/* Values of options by their letters; "" for an option without a value. */
static const char *given[128];

bool vipctl_given(int option)
{
	return given[option];
}

const char *vipctl_value(int option)
{
	return given[option];
}

void vipctl_give(int option, const char *value)
{
	given[option] = value;
}

int vipctl_complain_kernel(const char *what, int err)
{
	switch (err) {
	case -ENOENT:
		vipctl_complain("%s: the module is not there: is nf_vip loaded? (modprobe nf_vip)",
				what);
		break;
	case -EPERM:
	case -EACCES:
		vipctl_complain("%s: not allowed: this needs CAP_NET_ADMIN, be root",
				what);
		break;
	default:
		vipctl_complain("%s: %s", what, strerror(-err));
	}
	return VIPCTL_REFUSED;
}

/* Blocks the signals before anything is done, so that they end the program in good order. */
int vipctl_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

int vipctl_put(const struct text *text, const char *path)
{
	int err;

	if (!strcmp(path, "-")) {
		fwrite(text->data, 1, text->len, stdout);
		return VIPCTL_DONE;
	}
	err = text_write_file(text, path);
	if (!err)
		return VIPCTL_DONE;
	vipctl_complain("%s: %s", path, strerror(-err));
	return VIPCTL_REFUSED;
}
