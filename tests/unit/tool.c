// SPDX-License-Identifier: GPL-2.0
/*
 * Parts of vipctl that need no kernel, but that no command reaches without
 * one: files that are replaced at once, and lines of the status file.
 */
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/text.h"
#include "module/status.h"
#include "nf_vip_pure.h"
#include "tap.h"

static bool contains(const char *path, const char *want)
{
	struct text text = { 0 };
	bool pass;

	pass = !text_read_file(&text, path, 100) && !strcmp(text.data, want);
	text_free(&text);
	return pass;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? 0 : st.st_mode;
}

static size_t count_files(void)
{
	size_t count;
	glob_t found;

	glob("*", 0, NULL, &found);
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

static void test_write(void)
{
	struct text old = { "old\n", 4, 0 }, new = { "new\n", 4, 0 };

	umask(027);
	tap_ok(!text_write_file(&old, "a") && contains("a", "old\n"),
	       "a new file is written");
	tap_ok((mode_of("a") & 07777) == 0640, "its mode obeys the umask");
	chmod("a", 0604);
	tap_ok(!text_write_file(&new, "a") && contains("a", "new\n"),
	       "a file is replaced");
	tap_ok((mode_of("a") & 07777) == 0604, "its mode stays");
	tap_ok(!symlink("a", "link") && !text_write_file(&old, "link") &&
	       S_ISLNK(mode_of("link")) && contains("a", "old\n"),
	       "a symbolic link is followed");
	tap_ok(count_files() == 2, "nothing else is left");
}

static void test_write_fails(void)
{
	struct text new = { "new\n", 4, 0 };

	tap_ok(text_write_file(&new, "none/a") == -ENOENT,
	       "a folder that is not there");
	mkdir("folder", 0700);
	tap_ok(text_write_file(&new, "folder") == -EISDIR,
	       "a folder in place of the file");
	tap_ok(text_write_file(&new, "a/b") == -ENOTDIR,
	       "a file in place of the folder");
	tap_ok(count_files() == 3 && contains("a", "old\n"),
	       "failures leave everything as it was");
	rmdir("folder");
}

static void test_read(void)
{
	struct text text = { 0 };
	int fd;

	tap_ok(text_read_file(&text, "a", 3) == -EFBIG, "a limit is kept");
	text_free(&text);
	fd = open("/dev/null", O_RDONLY);
	tap_ok(!text_read_fd(&text, fd, 0) && !text.len && text.data &&
	       !text.data[0], "an empty file is an empty text");
	close(fd);
	text_free(&text);
}

static void test_lines(void)
{
	char text[] = "nf_vip version=1 x\n\nbackend a/b up=1 new=k=v empty=\n";
	struct status_line line;
	char *at = text;

	tap_ok(status_next(&at, &line) && !strcmp(line.kind, "nf_vip") &&
	       !strcmp(status_get(&line, "version"), "1"), "a first line");
	tap_ok(status_next(&at, &line) && !strcmp(line.kind, "backend") &&
	       !strcmp(line.name, "a/b"), "a line after an empty one");
	tap_ok(!strcmp(status_get(&line, "new"), "k=v") &&
	       !strcmp(status_get(&line, "empty"), "") &&
	       !strcmp(status_get(&line, "none"), "") &&
	       status_number(&line, "up") == 1 &&
	       status_number(&line, "none") == 0, "fields, present or not");
	tap_ok(!status_next(&at, &line), "the end of the text");
}

/* More fields than there is room for. */
static void test_many_fields(void)
{
	char text[16 * 100] = "service s";
	struct status_line line;
	char *at = text;
	int i;

	for (i = 0; i < 100; i++)
		sprintf(text + strlen(text), " k%d=%d", i, i);
	tap_ok(status_next(&at, &line) && line.nr == STATUS_FIELDS &&
	       status_number(&line, "k31") == 31, "too many fields");
}

static const struct {
	const char *line;
	const char *reasons;
} backends[] = {
	{ "backend a/b state=up up=1 condition=- usable=1 weight=1", "" },
	{ "backend a/b state=drain up=1 condition=- usable=0 weight=1",
	  "drain" },
	{ "backend a/b state=down up=1 condition=- usable=0 weight=1", "down" },
	{ "backend a/b state=up up=0 condition=- usable=0 weight=1",
	  "unhealthy" },
	{ "backend a/b state=up up=1 condition=m:0 usable=0 weight=0",
	  "weight 0" },
	{ "backend a/b state=up up=1 condition=a:b:1 usable=0 weight=1",
	  "flag a:b is 1" },
	{ "backend a/b state=down up=0 condition=m:1 usable=0 weight=0",
	  "down, unhealthy, flag m is 1, weight 0" },
	{ "backend a/b state=up up=1 condition=- usable=0 weight=1 ejected=7",
	  "ejected" },
	{ "backend a/b state=up up=1 condition=- usable=1 weight=1 ejected=0", "" },
};

static void test_reasons(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(backends); i++) {
		char *copy = strdup(backends[i].line), *at = copy;
		struct text reasons = { 0 };
		struct status_line line;
		const char *got;
		bool pass;

		pass = status_next(&at, &line) &&
		       !status_reasons(&line, &reasons);
		got = reasons.data ? reasons.data : "";
		if (!tap_ok(pass && !strcmp(got, backends[i].reasons),
			    backends[i].line))
			tap_note("got \"%s\"", got);
		text_free(&reasons);
		free(copy);
	}
}

int main(void)
{
	char dir[] = "/tmp/nf_vip.XXXXXX";

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	test_write();
	test_write_fails();
	test_read();
	test_lines();
	test_many_fields();
	test_reasons();
	unlink("a");
	unlink("link");
	tap_ok(!chdir("/") && !rmdir(dir), "nothing is left behind");
	return tap_done();
}
