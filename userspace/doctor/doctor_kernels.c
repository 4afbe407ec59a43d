// SPDX-License-Identifier: GPL-2.0
/* Is there a module for each kernel that this machine may boot next? */
#include <dirent.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "doctor/doctor.h"
#include "module/module_io.h"

#define MODULES	"/lib/modules"
#define RELEASE	sizeof(((struct utsname *)0)->release)

static bool is_there(const char *before, const char *release, const char *after)
{
	char path[sizeof(((struct dirent *)0)->d_name) + 64];

	snprintf(path, sizeof(path), "%s%s%s", before, release, after);
	return !access(path, F_OK);
}

/*
 * Is a kernel there? One that was removed may leave some of its files behind,
 * but not all of these.
 */
static bool is_kernel(const char *release)
{
	return is_there("/boot/vmlinuz-", release, "") ||
	       is_there(MODULES "/", release, "/vmlinuz") ||
	       (is_there(MODULES "/", release, "/modules.dep") &&
		is_there(MODULES "/", release, "/kernel"));
}

/* Only names without bytes that a shell or a terminal would take for something else. */
static int is_release(const struct dirent *entry)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-";
	const char *name = entry->d_name;

	return name[0] != '.' && name[0] != '-' && name[0] != '~' && strlen(name) < RELEASE &&
	       !name[strspn(name, plain)];
}

static json_t *mend(const char *release)
{
	/* dkms builds with the headers; on Debian, installing their package makes dkms build. */
	bool headers = is_there(MODULES "/", release, "/build/include");

	return doctor_words("%s%s%sdkms install nf_vip/" NF_VIP_VERSION " -k %s",
			    headers ? "" : "apt install linux-headers-",
			    headers ? "" : release, headers ? "" : " && ", release);
}

static void look_at(struct doctor *d, const char *release, const char *running)
{
	/*
	 * If the module is not loaded either, doctor_module() has said so for
	 * the running kernel.
	 */
	bool said = !module_io_is_loaded() && !strcmp(release, running);

	if (said || !is_kernel(release) || doctor_has_module(release))
		return;
	doctor_found(d, DOCTOR_KERNEL_WITHOUT_MODULE, doctor_words("kernel %s", release),
		     doctor_words(MODULES "/%s has no nf_vip.ko", release), mend(release));
}

void doctor_kernels(struct doctor *d)
{
	struct dirent **entries;
	struct utsname name;
	int i, nr;

	if (uname(&name))
		return;
	nr = scandir(MODULES, &entries, is_release, versionsort);
	/* A container has no kernels, so a missing folder is no error. */
	if (nr < 0 && errno != ENOENT)
		doctor_unseen(d, MODULES, -errno);
	if (nr < 0)
		return;
	for (i = 0; i < nr; i++) {
		look_at(d, entries[i]->d_name, name.release);
		free(entries[i]);
	}
	free(entries);
}
