// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/text.h"

/* At least doubles the room, so that large files are not copied again and again. */
static int make_room(struct text *text, size_t room)
{
	char *grown;

	if (room <= text->room)
		return 0;
	if (room < 2 * text->room)
		room = 2 * text->room;
	grown = realloc(text->data, room);
	if (!grown)
		return -ENOMEM;
	text->data = grown;
	text->room = room;
	return 0;
}

int text_append(struct text *text, const char *data, size_t len)
{
	int err = make_room(text, text->len + len + 1);

	if (err)
		return err;
	memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = '\0';
	return 0;
}

int text_printf(struct text *text, const char *format, ...)
{
	va_list args, again;
	int len, err;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	err = len < 0 ? -ENOMEM : make_room(text, text->len + (size_t)len + 1);
	if (!err) {
		vsnprintf(text->data + text->len, (size_t)len + 1, format, again);
		text->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
	return err;
}

atomic_bool text_hurries;

int text_read_fd(struct text *text, int fd, size_t max)
{
	char piece[65536];
	size_t total = 0;
	ssize_t n;
	int err;

	while ((n = read(fd, piece, sizeof(piece)))) {
		if (text_hurries)
			return -EINTR;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		total += (size_t)n;
		if (total > max)
			return -EFBIG;
		err = text_append(text, piece, (size_t)n);
		if (err)
			return err;
	}
	return text->data ? 0 : text_append(text, "", 0);
}

int text_read_file(struct text *text, const char *path, size_t max)
{
	int fd, err;

	if (!strcmp(path, "-"))
		return text_read_fd(text, STDIN_FILENO, max);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = text_read_fd(text, fd, max);
	close(fd);
	return err;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The mode that open(2) would give a new file; an existing file keeps its mode. */
static mode_t wanted_mode(const char *path)
{
	struct stat st;
	mode_t mask;

	if (!stat(path, &st))
		return st.st_mode & 07777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* A file of somebody else stays that user's, if this process may say so. */
static void keep_owner(int fd, const char *path)
{
	struct stat st;

	if (!stat(path, &st) && fchown(fd, st.st_uid, st.st_gid))
		return;
}

static int write_new(const struct text *text, int fd, const char *path)
{
	mode_t mode = wanted_mode(path);
	int err;

	err = write_all(fd, text->data, text->len);
	/* The owner comes first, because a change of the owner takes bits of the mode away. */
	keep_owner(fd, path);
	if (!err && fchmod(fd, mode))
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* The new name is on the disk only when the directory is. */
static int sync_directory(const char *path)
{
	char copy[PATH_MAX];
	int fd, err = 0;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fsync(fd))
		err = -errno;
	close(fd);
	return err;
}

static int replace_file(const struct text *text, const char *path)
{
	char temp[PATH_MAX];
	int fd, err;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >=
	    (int)sizeof(temp))
		return -ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_new(text, fd, path);
	if (!err && rename(temp, path))
		err = -errno;
	if (err) {
		unlink(temp);
		return err;
	}
	return sync_directory(path);
}

/*
 * May another file take the place of this one? Not the place of a device, a
 * FIFO, a pipe by its name in /dev, a link that leads to nothing yet, or a file
 * that has no name any more: whoever has these open waits for what is written.
 */
static bool is_replaceable(const char *path, const char *target)
{
	struct stat st, there;

	if (stat(path, &st))
		return lstat(path, &st);
	return S_ISREG(st.st_mode) && target && !stat(target, &there) &&
	       st.st_dev == there.st_dev && st.st_ino == there.st_ino;
}

int text_write_into(const struct text *text, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0666);
	int err;

	if (fd < 0)
		return -errno;
	err = write_all(fd, text->data, text->len);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int text_write_file(const struct text *text, const char *path)
{
	char *target = realpath(path, NULL);
	int err;

	if (!target && errno != ENOENT)
		return -errno;
	if (!is_replaceable(path, target))
		err = text_write_into(text, path);
	else
		err = replace_file(text, target ? target : path);
	free(target);
	return err;
}

void text_free(struct text *text)
{
	free(text->data);
	text->data = NULL;
	text->len = 0;
	text->room = 0;
}
