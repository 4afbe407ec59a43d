// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/grow.h"
#include "module/module_io.h"
#include "module/owners.h"

struct owned {
	char *path;
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

static bool is_as_made(const struct stat *st)
{
	mode_t mode = st->st_mode & 07777;

	return !st->st_uid && !st->st_gid && (mode == 0644 || mode == 0444);
}

static int add(struct owners *owners, const char *path, const struct stat *st)
{
	struct owned *list = grow(owners->list, owners->nr, sizeof(*list));
	struct owned *owned;

	if (!list)
		return -ENOMEM;
	owners->list = list;
	owned = &list[owners->nr];
	owned->path = strdup(path);
	if (!owned->path)
		return -ENOMEM;
	owned->uid = st->st_uid;
	owned->gid = st->st_gid;
	owned->mode = st->st_mode & 07777;
	owners->nr++;
	return 0;
}

int owners_take(struct owners *owners)
{
	char sysfs[] = MODULE_IO_SYSFS, proc[] = MODULE_IO_PROC, flags[] = MODULE_IO_FLAGS;
	char * const roots[] = { sysfs, proc, flags, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *file;
	int err = 0;

	if (!tree)
		return -ENOMEM;
	while (!err && (file = fts_read(tree)))
		if (file->fts_info == FTS_F && !is_as_made(file->fts_statp))
			err = add(owners, file->fts_path, file->fts_statp);
	fts_close(tree);
	return err;
}

/* The mode last: to change the owner may take bits away. */
static int give(const struct owned *owned)
{
	if (chown(owned->path, owned->uid, owned->gid) || chmod(owned->path, owned->mode))
		return errno == ENOENT ? 0 : -errno;
	return 0;
}

int owners_put_back(const struct owners *owners)
{
	int ret = 0, err;
	size_t i;

	for (i = 0; i < owners->nr; i++) {
		err = give(&owners->list[i]);
		if (!ret)
			ret = err;
	}
	return ret;
}

void owners_free(struct owners *owners)
{
	size_t i;

	for (i = 0; i < owners->nr; i++)
		free(owners->list[i].path);
	free(owners->list);
}
