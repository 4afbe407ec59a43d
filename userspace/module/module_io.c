// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>
#include "module/module_io.h"

#define PROC	MODULE_IO_PROC
#define SYSFS	MODULE_IO_SYSFS
#define FLAGS	MODULE_IO_FLAGS
#define BACKEND_PATH	(sizeof(SYSFS) + 3 * (NF_VIP_NAME_MAX + 1))

bool module_io_is_loaded(void)
{
	return !access(PROC, F_OK);
}

static int read_kernel(struct text *out, const char *path)
{
	return text_read_file(out, path, SIZE_MAX);
}

int module_io_read_config(struct text *out)
{
	return read_kernel(out, PROC "/config");
}

int module_io_read_status(struct text *out)
{
	return read_kernel(out, PROC "/status");
}

int module_io_read_clients(struct text *out)
{
	return read_kernel(out, PROC "/clients");
}

/* Other errors come before the kernel looks at the text, so a sentence would be an old one. */
static bool is_about_text(int err)
{
	return err != -EPERM && err != -EACCES && err != -EINTR &&
	       err != -ENOMEM && err != -EFAULT;
}

/* The kernel answers a refused text with a line "error SENTENCE". */
static void take_sentence(const struct text *answer, char sentence[NF_VIP_ERROR_MAX])
{
	static const char begin[] = "error ";

	if (!strncmp(answer->data, begin, strlen(begin)))
		snprintf(sentence, NF_VIP_ERROR_MAX, "%.*s",
			 (int)strcspn(answer->data + strlen(begin), "\n"),
			 answer->data + strlen(begin));
}

/* One write(2) is one transaction, so the rest after a short write must not be sent in another. */
static int write_once(int fd, const char *text, size_t len)
{
	ssize_t n = write(fd, text, len);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

static int write_file(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = write_once(fd, text, len);
	close(fd);
	return err;
}

/* Older modules have the sentence of the last refusal in one file for all writers. */
static void read_last_sentence(char sentence[NF_VIP_ERROR_MAX])
{
	struct text text = { 0 };

	if (!read_kernel(&text, PROC "/error") && text.data)
		snprintf(sentence, NF_VIP_ERROR_MAX, "%.*s",
			 (int)strcspn(text.data, "\n"), text.data);
	text_free(&text);
}

/* The sentence is read from the file that was written: `error` may have another writer's by now. */
int module_io_write_config(const char *text, size_t len,
			   char sentence[NF_VIP_ERROR_MAX])
{
	int fd = open(PROC "/config", O_RDWR | O_CLOEXEC), err;
	struct text answer = { 0 };

	sentence[0] = '\0';
	if (fd < 0)
		return -errno;
	err = write_once(fd, text, len);
	if (err && is_about_text(err) && !text_read_fd(&answer, fd, SIZE_MAX) && answer.data)
		take_sentence(&answer, sentence);
	if (err && is_about_text(err) && !sentence[0])
		read_last_sentence(sentence);
	text_free(&answer);
	close(fd);
	return err;
}

int module_io_explain(const char *question, struct text *answer, char sentence[NF_VIP_ERROR_MAX])
{
	int fd = open(PROC "/explain", O_RDWR | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, question, strlen(question)) < 0)
		err = -errno;
	if (!err || is_about_text(err)) {
		int failed = text_read_fd(answer, fd, SIZE_MAX);

		if (failed)
			err = failed;
		else
			take_sentence(answer, sentence);
	}
	close(fd);
	return err;
}

static void backend_path(char path[BACKEND_PATH], const char *service,
			 const char *backend, const char *file)
{
	snprintf(path, BACKEND_PATH, SYSFS "/%s/%s/%s", service, backend, file);
}

int module_io_open_live(const char *service, const char *backend)
{
	char path[BACKEND_PATH];
	int fd;

	backend_path(path, service, backend, "live");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void module_io_wait_live(int fd, bool arm)
{
	struct pollfd waiter = { .fd = fd, .events = POLLPRI };
	char unused[32];

	if (arm && pread(fd, unused, sizeof(unused), 0) >= 0)
		return;
	poll(&waiter, 1, 1000);
}

static int write_backend(const char *service, const char *backend,
			 const char *file, const char *word)
{
	char path[BACKEND_PATH];

	backend_path(path, service, backend, file);
	return write_file(path, word, strlen(word));
}

int module_io_write_state(const char *service, const char *backend,
			  enum nf_vip_state state)
{
	return write_backend(service, backend, "state",
			     nf_vip_state_name(state));
}

int module_io_write_drain(const char *service, const char *backend,
			  unsigned int seconds)
{
	char word[sizeof("4294967295")];

	snprintf(word, sizeof(word), "%u", seconds);
	return write_backend(service, backend, "drain", word);
}

int module_io_write_up(const char *service, const char *backend, const char *value)
{
	return write_backend(service, backend, "up", value);
}

/* Older modules have the files of a service beside its backends. */
static int write_service(const char *service, const char *file, const char *word)
{
	int err = write_backend(service, NF_VIP_SERVICE_FOLDER, file, word);
	char path[BACKEND_PATH];

	if (err != -ENOENT)
		return err;
	snprintf(path, sizeof(path), SYSFS "/%s/%s", service, file);
	return write_file(path, word, strlen(word));
}

int module_io_write_hold(const char *service, const char *value)
{
	return write_service(service, "hold", value);
}

int module_io_raise_flag(const char *condition)
{
	char path[sizeof(FLAGS) + NF_VIP_CONDITION_MAX + 1];

	snprintf(path, sizeof(path), FLAGS "/%s", condition);
	return write_file(path, "1", 1);
}

int module_io_forget_clients(const char *service)
{
	return write_service(service, "clients", "0");
}
