// SPDX-License-Identifier: GPL-2.0
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/app.h"
#include "module/holders.h"
#include "nf_vip_limits.h"

enum { HOLDERS_MAX = 8, COMM_MAX = 16 };

/*
 * Is this the path of a file of the module? Only the name is looked at: /proc
 * may be mounted anywhere, a file with such a name may be another one, and
 * asking its file system could take for ever.
 */
static bool has_our_name(const char *path)
{
	return strstr(path, "/net/" NF_VIP_PROC_DIR "/") ||
	       strstr(path, "/net/" NF_VIP_CONDITION_DIR "/");
}

/* Takes out bytes that a terminal would obey, because anybody may choose names freely. */
static void clean(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* The file of ours that process @dir, /proc/PID, has open, in @path. */
static bool find_file(const char *dir, char path[PATH_MAX])
{
	char pattern[64];
	bool found = false;
	glob_t links;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/fd/*", dir);
	if (glob(pattern, GLOB_NOSORT, NULL, &links))
		return false;
	for (i = 0; i < links.gl_pathc && !found; i++) {
		ssize_t len = readlink(links.gl_pathv[i], path, PATH_MAX - 1);

		path[len < 0 ? 0 : len] = '\0';
		found = has_our_name(path);
	}
	globfree(&links);
	return found;
}

static void read_name(const char *dir, char name[COMM_MAX])
{
	char path[64];
	FILE *file;

	snprintf(name, COMM_MAX, "?");
	snprintf(path, sizeof(path), "%s/comm", dir);
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(name, COMM_MAX, file))
		snprintf(name, COMM_MAX, "?");
	fclose(file);
	name[strcspn(name, "\n")] = '\0';
	clean(name);
}

void holders_complain(void)
{
	char path[PATH_MAX], name[COMM_MAX];
	unsigned int nr = 0;
	glob_t dirs;
	size_t i;

	if (glob("/proc/[0-9]*", GLOB_NOSORT, NULL, &dirs))
		return;
	for (i = 0; i < dirs.gl_pathc && nr < HOLDERS_MAX; i++) {
		const char *dir = dirs.gl_pathv[i];

		if (strtoul(dir + strlen("/proc/"), NULL, 10) == (unsigned long)getpid() ||
		    !find_file(dir, path))
			continue;
		read_name(dir, name);
		clean(path);
		vipctl_complain("reload-module: process %s (%s) has %s open",
				dir + strlen("/proc/"), name, path);
		nr++;
	}
	globfree(&dirs);
}
