// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>
#include "lib/endpoint.h"
#include "net/nft.h"
#include "net/reload_guard.h"
#include "nf_vip_grammar.h"

#define LOCK_FILE	"/run/nf_vip.reload.lock"

/*
 * The chain nat has the kernel translate, and the rule of the chain track has
 * it track connections. The other chains come after conntrack, and either
 * behind the module, where packets that the module balances have another
 * address already, or before it.
 */
static const char head[] =
	"add " RELOAD_GUARD_TABLE "\n"
	"delete " RELOAD_GUARD_TABLE "\n"
	RELOAD_GUARD_TABLE " {\n"
	"	chain nat { type nat hook postrouting priority srcnat; }\n"
	"	chain track {\n"
	"		type filter hook forward priority filter;\n"
	"		ct state established accept\n"
	"	}\n"
	"	chain in {\n"
	"		type filter hook prerouting priority %d;\n"
	"		jump gap\n"
	"	}\n"
	"	chain out {\n"
	"		type filter hook output priority %d;\n"
	"		jump gap\n"
	"	}\n"
	"	chain gap {\n"
	"		ct state untracked return\n"
	"		ct status dnat return\n"
	"		ct state established,related return\n";
static const char tail[] =
	"	}\n"
	"}\n";

static void write_ports(FILE *to, const struct nf_vip_service_spec *svc,
			const struct nf_vip_match *match)
{
	char addr[INET6_ADDRSTRLEN];
	bool ipv6 = svc->family == NFPROTO_IPV6;

	endpoint_address(svc->family, &match->addr, addr);
	fprintf(to, "\t\t%s daddr %s %s dport %u", ipv6 ? "ip6" : "ip", addr,
		nf_vip_proto_name(svc->proto), match->first);
	if (match->last != match->first)
		fprintf(to, "-%u", match->last);
	fputs(" drop\n", to);
}

static void write_fwmark(FILE *to, const struct nf_vip_service_spec *svc)
{
	fprintf(to, "\t\tmeta mark %#x meta nfproto ipv%d meta l4proto { tcp, udp, sctp } drop\n",
		svc->fwmark, svc->family == NFPROTO_IPV6 ? 6 : 4);
}

/*
 * Packets are stopped whatever their interface: even those that are not the
 * service's wait for a moment.
 */
static void write_service(FILE *to, const struct nf_vip_service_spec *svc)
{
	unsigned int i;

	if (svc->proto == NF_VIP_PROTO_FWMARK)
		write_fwmark(to, svc);
	for (i = 0; i < svc->nr_matches; i++)
		write_ports(to, svc, &svc->matches[i]);
}

static char *write_commands(const struct text *config, enum reload_guard_where where)
{
	int priority = where == RELOAD_GUARD_BEHIND ? -99 : -105;
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return NULL;
	fprintf(to, head, priority, priority);
	nf_vip_parse_start(&p, config->data, config->len);
	while (nf_vip_parse_next(&p, &st) > 0)
		if (st.verb == NF_VIP_SERVICE)
			write_service(to, &st.svc);
	fputs(tail, to);
	if (!fclose(to))
		return text;
	free(text);
	return NULL;
}

int reload_guard_make(const struct text *config, enum reload_guard_where where,
		      char sentence[NF_VIP_ERROR_MAX])
{
	char *commands = write_commands(config, where);
	int err = commands ? nft_run(commands, sentence) : -ENOMEM;

	free(commands);
	return err;
}

int reload_guard_remove(char sentence[NF_VIP_ERROR_MAX])
{
	return nft_run("delete " RELOAD_GUARD_TABLE, sentence);
}

const char *reload_guard_rescue_path(unsigned long long ino, char path[RELOAD_GUARD_RESCUE_MAX])
{
	snprintf(path, RELOAD_GUARD_RESCUE_MAX, RELOAD_GUARD_RESCUE ".%llu", ino);
	return path;
}

/* A descriptor that has the lock as long as it is open, or -errno. */
static int take_lock(int flags)
{
	int fd = open(LOCK_FILE, flags | O_CLOEXEC | O_NOFOLLOW, 0600), err;

	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* The process keeps the lock until it ends, because only then is the descriptor closed. */
int reload_guard_lock(void)
{
	int fd = take_lock(O_RDWR | O_CREAT);

	return fd < 0 ? fd : 0;
}

/* Without the lock's file there was no reload-module since the machine was started. */
static bool is_there(void)
{
	char sentence[NF_VIP_ERROR_MAX], *json = NULL;
	bool there = !access(LOCK_FILE, F_OK) &&
		     !nft_read("list " RELOAD_GUARD_TABLE, &json, sentence);

	free(json);
	return there;
}

/*
 * The lock of a table that was left over, or a negative number. A reload-module
 * that begins meanwhile is kept out only if there is such a table. The file is
 * opened for reading, which is all that a unit with a read-only /run may do.
 */
static int take_what_is_left(void)
{
	int fd = is_there() ? take_lock(O_RDONLY) : -ENOENT;

	if (fd < 0 || is_there())
		return fd;
	close(fd);
	return -ENOENT;
}

bool reload_guard_is_left(void)
{
	int fd = take_what_is_left();

	return fd >= 0 && !close(fd);
}

bool reload_guard_remove_left(void)
{
	char sentence[NF_VIP_ERROR_MAX];
	int fd = take_what_is_left();
	bool left = fd >= 0 && !reload_guard_remove(sentence);

	if (fd >= 0)
		close(fd);
	return left;
}
