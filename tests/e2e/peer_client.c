// SPDX-License-Identifier: GPL-2.0
/*
 * peer call and peer hold: the clients.
 *
 *   -u       UDP                    -S       SCTP
 *   -c N     connections (or datagrams, each of its own socket), 1
 *   -s ADDR  source address         -p PORT  source port; with -i the next one for each connection
 *   -f N     field of answers, 0    -w MS    how long to wait for one; else as lib.sh
 *   -b N     bytes of a datagram    -t TTL   time to live
 *   -e       ask for the ICMP error: errors are ERRNO@OFFENDER then
 *   -d N     each datagram so often, one right after the other
 *   -a N     so many answers to each datagram and its copies; else one for each
 *   -g       a datagram may go in fragments; without it one that is too big is an error
 * call only:
 *   -j N     threads, each with all of the connections
 *   -o       print the answers in the order they came, not counts
 *
 * call prints one line: "b1=5 b2=5", or with -o "b1 b2 b1 b2"; a connection that fails counts as
 * its error's name. hold prints the answers of its connections in one line; then, for each line
 * from stdin, it sends that line on each connection ("get N" and "put N" with their bytes) and
 * prints the answers again. "close N" and "reset N" end the N-th connection, counted from 0, by
 * FIN or by RST; its answer is that word then. "open N" opens N more, up to 1000.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "peer.h"

enum { WORD_MAX = 96, HELD_MAX = 1000 };

static struct options {
	bool udp, sctp, ordered, offender, count_ports, fragments;
	int count, threads, field, wait_ms, bytes, ttl, source_port, copies,
	    answers;
	const char *source;
	struct sockaddr_storage to;
	socklen_t to_len;
} opt;

static void resolve(const char *address, const char *port)
{
	struct sockaddr_in *in = (void *)&opt.to;
	struct sockaddr_in6 *in6 = (void *)&opt.to;

	in->sin_port = htons(atoi(port));
	opt.to_len = sizeof(*in);
	opt.to.ss_family = AF_INET;
	if (inet_pton(AF_INET, address, &in->sin_addr) == 1)
		return;
	opt.to_len = sizeof(*in6);
	opt.to.ss_family = AF_INET6;
	if (inet_pton(AF_INET6, address, &in6->sin6_addr) == 1)
		return;
	fprintf(stderr, "peer: %s: not an address\n", address);
	exit(2);
}

static const struct {
	char letter;
	int *value;
} numbers[] = {
	{ 'c', &opt.count }, { 'j', &opt.threads }, { 'f', &opt.field }, { 'w', &opt.wait_ms },
	{ 'b', &opt.bytes }, { 't', &opt.ttl }, { 'p', &opt.source_port }, { 'd', &opt.copies },
	{ 'a', &opt.answers },
};

static const struct {
	char letter;
	bool *value;
} flags[] = {
	{ 'u', &opt.udp }, { 'S', &opt.sctp }, { 'o', &opt.ordered }, { 'e', &opt.offender },
	{ 'i', &opt.count_ports }, { 'g', &opt.fragments },
};

static void set_option(int letter)
{
	size_t i;

	if (letter == 's')
		opt.source = optarg;
	else if (letter == '?')
		exit(2);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].letter == letter)
			*numbers[i].value = atoi(optarg);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].letter == letter)
			*flags[i].value = true;
}

static void parse_options(int argc, char **argv)
{
	const char *slow = getenv("NF_VIP_SLOW");
	int letter;

	memset(&opt, 0, sizeof(opt));
	opt.count = 1;
	opt.threads = 1;
	opt.copies = 1;
	opt.wait_ms = 60000 + 10000 * (slow && atoi(slow) > 0 ? atoi(slow) : 1);
	optind = 0;
	while ((letter = getopt(argc, argv, "+uSoeigc:j:f:w:b:t:p:s:d:a:")) != -1)
		set_option(letter);
	if (argc - optind != 2) {
		fputs("peer: expected ADDRESS PORT\n", stderr);
		exit(2);
	}
	resolve(argv[optind], argv[optind + 1]);
}

/*
 * Conntrack remembers a UDP flow after its socket was closed: from a port that
 * comes again a datagram would belong to the old flow, and be no new choice.
 * So no port comes twice: each process counts through a thousand of its own.
 */
static int fresh_port(void)
{
	static atomic_int used;

	return 10000 + getpid() % 50 * 1000 + used++ % 1000;
}

static int source_port(int nth)
{
	if (opt.source_port)
		return opt.source_port + (opt.count_ports ? nth : 0);
	return opt.udp ? fresh_port() : 0;
}

static void bind_source(int fd, int nth)
{
	struct sockaddr_storage from = { .ss_family = opt.to.ss_family };
	struct sockaddr_in *in = (void *)&from;
	struct sockaddr_in6 *in6 = (void *)&from;
	int port = source_port(nth), one = 1;

	if (!opt.source && !port)
		return;
	if (from.ss_family == AF_INET) {
		in->sin_port = htons(port);
		if (opt.source && inet_pton(AF_INET, opt.source, &in->sin_addr) != 1)
			die(opt.source);
	} else {
		in6->sin6_port = htons(port);
		if (opt.source && inet_pton(AF_INET6, opt.source, &in6->sin6_addr) != 1)
			die(opt.source);
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (void *)&from, opt.to_len))
		die("bind");
}

/* A socket that is set up and connected, or -1 with errno. */
static int connected(int nth)
{
	struct timeval tv = { opt.wait_ms / 1000, opt.wait_ms % 1000 * 1000 };
	bool v6 = opt.to.ss_family == AF_INET6;
	int one = 1, err, discover = v6 ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO;
	int fd = socket(opt.to.ss_family, (opt.udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC,
			opt.sctp ? IPPROTO_SCTP : 0);

	if (fd < 0)
		die("socket");
	/* The send timeout is also connect()'s. */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (opt.ttl)
		setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL,
			   &opt.ttl, sizeof(opt.ttl));
	if (opt.offender)
		setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR,
			   &one, sizeof(one));
	if (opt.bytes && !opt.fragments)
		setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
			   v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &discover, sizeof(discover));
	bind_source(fd, nth);
	if (!connect(fd, (void *)&opt.to, opt.to_len))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/* The error's name and, if it was asked for, who sent the ICMP message. */
static void error_text(int fd, int err, char word[WORD_MAX])
{
	char data[2048], control[512], address[ADDRESS_MAX];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	unsigned int port;

	snprintf(word, WORD_MAX, "%s", error_word(err));
	if (!opt.offender || fd < 0 || recvmsg(fd, &msg, MSG_ERRQUEUE) < 0)
		return;
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
			struct sock_extended_err *ee = (void *)CMSG_DATA(c);

			endpoint_text((void *)SO_EE_OFFENDER(ee), address, &port);
			snprintf(word, WORD_MAX, "%s@%s", error_word(ee->ee_errno), address);
		}
}

static void pick_field(const char *line, char word[WORD_MAX])
{
	char copy[LINE_MAX_BYTES], *at = copy, *token = NULL;
	int i;

	snprintf(copy, sizeof(copy), "%s", line);
	for (i = 0; i <= opt.field; i++)
		token = strsep(&at, " ");
	snprintf(word, WORD_MAX, "%s", token ? token : "-");
}

static bool send_question(int fd, const char *text)
{
	char line[LINE_MAX_BYTES + 2];
	size_t n;

	snprintf(line, sizeof(line), "%s\r\n", text);
	if (!write_all(fd, line, strlen(line)))
		return false;
	return sscanf(text, "put %zu", &n) == 1 ? send_filling(fd, n) : true;
}

static void read_answer(int fd, const char *question, char word[WORD_MAX])
{
	char line[LINE_MAX_BYTES];
	size_t n;

	if (question && sscanf(question, "get %zu", &n) == 1) {
		if (skip_bytes(fd, n) && read_line(fd, line, sizeof(line)))
			snprintf(word, WORD_MAX, "%zu", n);
		else
			error_text(fd, errno, word);
	} else if (read_line(fd, line, sizeof(line))) {
		pick_field(line, word);
	} else {
		error_text(fd, errno, word);
	}
}

static void read_datagram(int fd, char word[WORD_MAX])
{
	char line[LINE_MAX_BYTES] = "";

	if (recv(fd, line, sizeof(line) - 1, 0) < 0) {
		error_text(fd, errno, word);
		return;
	}
	line[strcspn(line, "\n")] = '\0';
	pick_field(line, word);
}

/* The word of each copy's answer, with a `+` between them. */
static void ask_datagram(int fd, char word[WORD_MAX])
{
	static const char zeros[65536];
	char answer[WORD_MAX];
	int i, expected = opt.answers ? opt.answers : opt.copies;
	size_t used = 0;

	for (i = 0; i < opt.copies; i++)
		if (send(fd, zeros, opt.bytes ? opt.bytes : 8, 0) < 0) {
			error_text(fd, errno, word);
			return;
		}
	for (i = 0; i < expected && used < WORD_MAX; i++) {
		read_datagram(fd, answer);
		used += snprintf(word + used, WORD_MAX - used, "%s%s", i ? "+" : "", answer);
	}
}

static void one_call(int nth, char word[WORD_MAX])
{
	int fd = connected(nth);

	if (fd < 0) {
		error_text(fd, errno, word);
		return;
	}
	if (opt.udp)
		ask_datagram(fd, word);
	else
		read_answer(fd, NULL, word);
	close(fd);
}

static char (*answers)[WORD_MAX];
static int nr_answers;
static pthread_mutex_t answers_lock = PTHREAD_MUTEX_INITIALIZER;

static void *caller(void *arg)
{
	char word[WORD_MAX] = "";
	int i;

	(void)arg;
	for (i = 0; i < opt.count; i++) {
		one_call(i, word);
		pthread_mutex_lock(&answers_lock);
		memcpy(answers[nr_answers++], word, WORD_MAX);
		pthread_mutex_unlock(&answers_lock);
	}
	return NULL;
}

static int by_word(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void print_counts(void)
{
	int i, from;

	qsort(answers, nr_answers, WORD_MAX, by_word);
	for (from = 0; from < nr_answers; from = i) {
		for (i = from; i < nr_answers && !strcmp(answers[i], answers[from]); i++)
			;
		printf("%s%s=%d", from ? " " : "", answers[from], i - from);
	}
	putchar('\n');
}

static void print_answers(void)
{
	int i;

	for (i = 0; i < nr_answers; i++)
		printf("%s%s", i ? " " : "", answers[i]);
	putchar('\n');
	fflush(stdout);
}

int call(int argc, char **argv)
{
	pthread_t *threads;
	int i;

	parse_options(argc, argv);
	nr_answers = 0;
	answers = calloc((size_t)opt.threads * opt.count, WORD_MAX);
	threads = calloc(opt.threads, sizeof(*threads));
	if (!answers || !threads)
		die("memory");
	for (i = 1; i < opt.threads; i++)
		if (pthread_create(&threads[i], NULL, caller, NULL))
			die("thread");
	caller(NULL);
	for (i = 1; i < opt.threads; i++)
		pthread_join(threads[i], NULL);
	if (opt.ordered)
		print_answers();
	else
		print_counts();
	free(answers);
	free(threads);
	return 0;
}

static void ask_all(const int *fds, const char *question)
{
	int i;

	for (i = 0; i < nr_answers; i++) {
		if (fds[i] < 0)
			continue;
		if (opt.udp)
			ask_datagram(fds[i], answers[i]);
		else if (question && !send_question(fds[i], question))
			error_text(fds[i], errno, answers[i]);
		else
			read_answer(fds[i], question, answers[i]);
	}
	print_answers();
}

/* Is this about one connection? Then it is done. */
static bool hang_up(int *fds, const char *command)
{
	const struct linger at_once = { .l_onoff = 1 };
	char word[8];
	int i;

	if (sscanf(command, "%7s %d", word, &i) != 2 || i < 0 || i >= nr_answers || fds[i] < 0 ||
	    (strcmp(word, "close") && strcmp(word, "reset")))
		return false;
	if (!strcmp(word, "reset"))
		setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fds[i]);
	fds[i] = -1;
	snprintf(answers[i], WORD_MAX, "%s", word);
	print_answers();
	return true;
}

static void open_more(int *fds, int nr)
{
	int i;

	for (; nr > 0 && nr_answers < HELD_MAX; nr--) {
		i = nr_answers++;
		fds[i] = connected(i);
		if (fds[i] < 0)
			error_text(-1, errno, answers[i]);
		else if (opt.udp)
			ask_datagram(fds[i], answers[i]);
		else
			read_answer(fds[i], NULL, answers[i]);
	}
	print_answers();
}

int hold(int argc, char **argv)
{
	char question[LINE_MAX_BYTES];
	int *fds;

	parse_options(argc, argv);
	answers = calloc(HELD_MAX, WORD_MAX);
	fds = calloc(HELD_MAX, sizeof(*fds));
	if (!answers || !fds)
		die("memory");
	nr_answers = 0;
	open_more(fds, opt.count);
	while (fgets(question, sizeof(question), stdin)) {
		question[strcspn(question, "\n")] = '\0';
		if (!strncmp(question, "open ", 5))
			open_more(fds, atoi(question + 5));
		else if (!hang_up(fds, question))
			ask_all(fds, question);
	}
	return 0;
}
