// SPDX-License-Identifier: GPL-2.0
/* Is the module loaded, and if not, what keeps it out? */
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "doctor/doctor.h"
#include "module/module_io.h"
#include "net/reload_guard.h"

#define LOCKDOWN	"/sys/kernel/security/lockdown"
/* The number is that of the vendor for all global variables, by the UEFI specification. */
#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* The public key with which dkms signs modules. */
#define KEY		"/var/lib/dkms/mok.pub"

#define LIST_MAX	(64 << 20)

/* Looks for a line "updates/dkms/nf_vip.ko.xz: kernel/..." in modules.dep. */
bool doctor_has_module(const char *release)
{
	struct text text = { 0 };
	char path[sizeof("/lib/modules//modules.dep") + sizeof(((struct utsname *)0)->release)];
	const char *at;
	bool found = false;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", release);
	if (!text_read_file(&text, path, LIST_MAX)) {
		at = strstr(text.data, "/nf_vip.ko");
		found = at && strchr(".:", at[strlen("/nf_vip.ko")]);
	}
	text_free(&text);
	return found;
}

/* The file says "none [integrity] confidentiality", the mode in brackets. */
static bool is_locked_down(struct text *mode)
{
	char *end;

	if (text_read_file(mode, LOCKDOWN, 4096) || strstr(mode->data, "[none]"))
		return false;
	end = strchr(mode->data, '\n');
	if (end)
		*end = '\0';
	return true;
}

/* The variable has four bytes of attributes in front of its value. */
static bool is_secure_boot(void)
{
	struct text text = { 0 };
	bool on;

	on = !text_read_file(&text, SECURE_BOOT, 4096) && text.len == 5 &&
	     text.data[4] == 1;
	text_free(&text);
	return on;
}

static void found_not_loaded(struct doctor *d)
{
	struct text mode = { 0 };

	if (is_locked_down(&mode))
		doctor_found(d, DOCTOR_MODULE_REFUSED, doctor_words("module nf_vip"),
			     doctor_words("it is not loaded, and " LOCKDOWN " says %s",
					  mode.data),
			     doctor_words("mokutil --import " KEY));
	else if (is_secure_boot())
		doctor_found(d, DOCTOR_MODULE_REFUSED, doctor_words("module nf_vip"),
			     doctor_words("it is not loaded, and Secure Boot is on"),
			     doctor_words("mokutil --import " KEY));
	else
		doctor_found(d, DOCTOR_MODULE_MISSING, doctor_words("module nf_vip"),
			     doctor_words("it is installed, but not loaded"),
			     doctor_words("modprobe nf_vip"));
	text_free(&mode);
}

void doctor_module(struct doctor *d)
{
	struct utsname name;

	if (module_io_is_loaded() || uname(&name))
		return;
	if (doctor_has_module(name.release))
		found_not_loaded(d);
	else
		doctor_found(d, DOCTOR_MODULE_NOT_INSTALLED,
			     doctor_words("kernel %s", name.release),
			     doctor_words("/lib/modules/%s has no nf_vip.ko",
					  name.release),
			     doctor_words("dkms install nf_vip/" NF_VIP_VERSION
					  " -k %s && modprobe nf_vip",
					  name.release));
}

/*
 * The command that brings the services back, or, if they are there, takes the
 * guard out of the way.
 */
static json_t *mend_what_is_left(const struct doctor *d)
{
	struct stat st;
	char path[RELOAD_GUARD_RESCUE_MAX];

	if (d->model.plan.nr_services || stat("/proc/self/ns/net", &st) ||
	    access(reload_guard_rescue_path(st.st_ino, path), F_OK))
		return doctor_words("nft delete " RELOAD_GUARD_TABLE);
	return doctor_words("modprobe nf_vip && vipctl apply %s", path);
}

void doctor_reload(struct doctor *d)
{
	if (reload_guard_is_left())
		doctor_found(d, DOCTOR_RELOAD_LEFT, doctor_words(RELOAD_GUARD_TABLE),
			     doctor_words("it is there, and no reload-module runs"),
			     mend_what_is_left(d));
}
