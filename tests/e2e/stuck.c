// SPDX-License-Identifier: GPL-2.0
/*
 * usage: stuck read|write|first FILE
 *
 * Reads FILE into, or writes it from, a page that is never there: whoever touches it waits until
 * this program is killed, as with a page of a file system in user space that does not answer. Says
 * "stuck" when the kernel waits for the page, or, if it does not get that far, what the call said.
 * With `first` it reads as soon as there is a FILE to read, and says nothing until then.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A question is no longer than this. */
enum { PAGE = 4096, WRITTEN = 100 };

static void die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

/* A page whose faults go to the descriptor that is returned in @fd. */
static void *make_page(int *fd)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		die("mmap");
	*fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (*fd < 0 || ioctl(*fd, UFFDIO_API, &api))
		die("userfaultfd");
	reg.range = (struct uffdio_range){ .start = (unsigned long)page, .len = PAGE };
	if (ioctl(*fd, UFFDIO_REGISTER, &reg))
		die("UFFDIO_REGISTER");
	return page;
}

static void *wait_for_fault(void *arg)
{
	struct uffd_msg msg;

	if (read(*(int *)arg, &msg, sizeof(msg)) == sizeof(msg))
		puts("stuck");
	return NULL;
}

int main(int argc, char **argv)
{
	int is_write, is_first, fd, faults;
	pthread_t waiter;
	void *page;
	ssize_t n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 3)
		return 2;
	is_write = !strcmp(argv[1], "write");
	is_first = !strcmp(argv[1], "first");
	page = make_page(&faults);
	if (pthread_create(&waiter, NULL, wait_for_fault, &faults))
		die("pthread_create");
	do {
		fd = open(argv[2], (is_write ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
		if (fd < 0 && !is_first)
			die(argv[2]);
		n = is_write ? write(fd, page, WRITTEN) : read(fd, page, PAGE);
		close(fd);
	} while (is_first && n < 0);
	printf("%zd %s\n", n, n < 0 ? strerror(errno) : "");
	return 0;
}
