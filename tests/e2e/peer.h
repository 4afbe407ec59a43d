/* SPDX-License-Identifier: GPL-2.0 */
/* Both ends of the tests' connections, in one small program; peer.c tells how it is called. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/socket.h>
#include <sys/types.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A line of the servers: NAME LOCAL-ADDRESS LOCAL-PORT PEER-ADDRESS PEER-PORT. */
enum { LINE_MAX_BYTES = 256, ADDRESS_MAX = 64 };

int serve(int argc, char **argv);
int call(int argc, char **argv);
int hold(int argc, char **argv);
int write_file(int argc, char **argv);
int read_file(int argc, char **argv);
int put(int argc, char **argv);
int garbage(int argc, char **argv);
int watch(int argc, char **argv);

/* Prints `peer: what: reason` and exits with 2. */
noreturn void die(const char *what);

/* Name of an errno: ECONNREFUSED. ETIMEDOUT and EAGAIN are both "timeout": whoever gave up. */
const char *error_word(int err);

/* write(2) to the file of this path while allocations of the kernel fail; see peer_fail.c. */
ssize_t write_failing(const char *path, int fd, const char *text, size_t len);

/* Reads up to a newline; the line is without it and a carriage return. False at end or error. */
bool read_line(int fd, char *line, size_t size);
bool write_all(int fd, const void *data, size_t len);

/* Sends len bytes of filling, reads len bytes and throws them away. */
bool send_filling(int fd, size_t len);
bool skip_bytes(int fd, size_t len);

/* ADDRESS and PORT as text; IPv4 inside IPv6 is shown as IPv4. */
void endpoint_text(const struct sockaddr_storage *addr, char address[ADDRESS_MAX],
		   unsigned int *port);

#endif
