// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "lib/app.h"
#include "lib/text.h"
#include "module/loader.h"

#define MODULE		"nf_vip"
#define FILE_MAX	(64 << 20)

/* Opening a FIFO would wait for somebody who writes into it. */
static bool is_special(const char *file)
{
	struct stat st;

	return !stat(file, &st) && !S_ISREG(st.st_mode);
}

/* .modinfo is a list of strings. Only nf_vip is checked: the check would load any other module. */
static bool is_ours(const char *file)
{
	static const char name[] = "\0name=" MODULE;
	struct text text = { 0 };
	int err = is_special(file) ? 0 : text_read_file(&text, file, FILE_MAX);
	bool ours = !err && text.len && memmem(text.data, text.len, name, sizeof(name));

	text_free(&text);
	if (err)
		vipctl_complain("%s: %s", file, strerror(-err));
	else if (!ours)
		vipctl_complain("%s: expected the module " MODULE ", not compressed", file);
	return ours;
}

static int insert(const char *file, const char *parameters)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return err;
}

static bool run(const char *program, const char *argument, const char *parameter)
{
	char *const argv[] = {
		(char *)program, (char *)argument, (char *)MODULE, (char *)parameter, NULL
	};
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, program, NULL, NULL, argv, environ))
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return !status;
}

static bool complain(const char *file, int err)
{
	if (err == -ENOEXEC)
		vipctl_complain("%s: not for this kernel (see the kernel log)", file);
	else
		vipctl_complain("%s: %s (see the kernel log)", file, strerror(-err));
	return false;
}

bool loader_check(const char *file)
{
	int err;

	if (!file) {
		if (run("modprobe", "--dry-run", NULL))
			return true;
		vipctl_complain("modprobe does not find the module " MODULE);
		return false;
	}
	if (!is_ours(file))
		return false;
	err = insert(file, "");
	return err == -EEXIST || complain(file, err ? err : -EINVAL);
}

int loader_unload(void)
{
	return syscall(SYS_delete_module, MODULE, O_NONBLOCK) ? -errno : 0;
}

static bool probe(const char *parameter)
{
	if (run("modprobe", "--", parameter))
		return true;
	vipctl_complain("modprobe does not load " MODULE);
	return false;
}

bool loader_probe(void)
{
	return probe(NULL);
}

bool loader_load(const char *file, unsigned int mark_mask)
{
	char parameter[32];
	int err;

	snprintf(parameter, sizeof(parameter), "mark_mask=%#x", mark_mask);
	if (!file)
		return probe(parameter);
	err = insert(file, parameter);
	return !err || complain(file, err);
}
