// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <limits.h>
#include "nf_vip_limits.h"
#include "nf_vip_pure.h"
#include "vipctl.h"

static int cmd_help(int argc, char **argv);

/* The command's own option was there. */
static bool flagged;

bool vipctl_flagged(void)
{
	return flagged;
}

/**
 * struct command - an entry of the table that everything here is made from
 * @name: its word
 * @run: what it does
 * @min: least number of arguments
 * @max: largest number of arguments
 * @synopsis: its arguments
 * @summary: one line for the list of commands
 * @help: what else there is to know
 */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	int min;
	int max;
	const char *synopsis;
	const char *summary;
	const char *help;
};

static const struct command commands[] = {
	{
		"apply", cmd_apply, 1, 1, "FILE",
		"make the whole configuration as FILE says",
		"What FILE does not state is deleted; what stays the same keeps its connections,\n"
		"counters and health. All of it takes effect at once, or nothing does. FILE may\n"
		"be \"-\", the standard input. nf_vip.conf(5) describes what it contains.\n"
	}, {
		"check", cmd_check, 1, 1, "FILE",
		"check FILE without the kernel",
		"Whether marks are within the module's mark_mask is not known without the module.\n"
	}, {
		"save", cmd_save, 0, 1, "[FILE]",
		"print the configuration, or replace FILE by it",
		"\"vipctl apply\" reads it back to the same state. FILE is replaced at once: it is\n"
		"never half written.\n"
	}, {
		"show", cmd_show, 0, 0, "",
		"show services, backends and counters",
		"SHARE is the part of the next connections that a backend gets. Scripts read\n"
		"/proc/net/nf_vip/status instead.\n"
	}, {
		"add", cmd_add, 2, INT_MAX, "service|backend ...",
		"state a service or a backend",
		"vipctl add service NAME tcp|udp|sctp VIP:PORT... [OPTION VALUE]...\n"
		"vipctl add service NAME fwmark N [family ipv4|ipv6] [OPTION VALUE]...\n"
		"vipctl add backend SERVICE/NAME ADDR[:PORT] [OPTION VALUE]...\n"
		"nf_vip.conf(5) describes the options.\n"
		"One that exists becomes as stated: options that are not given have their\n"
		"defaults again.\n"
	}, {
		"del", cmd_del, 2, 2, "[--force] service NAME | backend SERVICE/NAME",
		"delete a service with its backends, or a backend",
		"A backend with connections drains first: for as long as its option drain says, or\n"
		"300 seconds. With --force, and of a service that is deleted, backends go at once,\n"
		"and connections stay as they are.\n"
	}, {
		"up", cmd_up, 1, INT_MAX, "SERVICE/BACKEND...",
		"let backends have new connections",
		"Says so if health, a flag or a weight of 0 still keeps one out.\n"
	}, {
		"down", cmd_down, 1, INT_MAX, "SERVICE/BACKEND...",
		"take backends out",
		"They get no new connections. Those that exist stay, are reset or move, as the\n"
		"service says (on-down-tcp, on-down-udp).\n"
	}, {
		"drain", cmd_drain, 1, INT_MAX, "[--wait] SERVICE/BACKEND... [SECONDS]",
		"give backends no new connections",
		"They shall run empty: connections that exist stay, at most for SECONDS, or for\n"
		"what the option drain says, and are reset then. 0 is no deadline. With --wait:\n"
		"until they have none; that fails if somebody sets one up again or deletes it.\n"
	}, {
		"clients", cmd_clients, 0, 1, "[SERVICE]",
		"list the clients that services with persist remember",
		"One a line: service, address, the backend that it had last, seconds that are left.\n"
	}, {
		"forget", cmd_forget, 1, 1, "SERVICE",
		"forget the clients of a service",
		"Connections that exist stay; the next one of each client is balanced anew.\n"
	}, {
		"flush", cmd_flush, 0, 0, "",
		"delete every service and the fast path",
		"Connections that exist stay on their backends.\n"
	}, {
		"fastpath", cmd_fastpath, 0, INT_MAX, "[IFACE... | off]",
		"take established connections past netfilter's rules",
		"Connections between backends and clients that go through these interfaces are\n"
		"put into a flowtable of nftables (table inet nf_vip) once they are established.\n"
		"\"off\" ends that; no connection breaks. Without an argument: make nftables agree\n"
		"with the configuration again, and say how it is.\n"
	}, {
		"follow", cmd_follow, 0, 0, "",
		"keep the fast path on interfaces that come back",
		"nftables forgets an interface that vanishes, even if it comes back, and goes by\n"
		"the MTU that an interface had: this makes the fast path anew then. Runs until it\n"
		"is ended by SIGTERM or SIGINT.\n"
	}, {
		"monitor", cmd_monitor, 0, 0, "",
		"tell what changes of backends, as it happens",
		"One line for each change of state, health, flag or weight: when, which backend,\n"
		"the new value, who changed it, and whether it may be chosen now. Runs until it is\n"
		"ended by SIGTERM or SIGINT.\n"
	}, {
		"reload-module", cmd_reload_module, 0, 1, "[FILE]",
		"replace the module, connections go on",
		"Unloads nf_vip and loads FILE, or what modprobe finds, then gives it the\n"
		"configuration, health and flags that there were, in every network namespace.\n"
		"New connections to the VIPs wait for so long. Counters begin at 0.\n"
	}, {
		"help", cmd_help, 0, 1, "[COMMAND]",
		"say what a command does",
		""
	},
};

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "wait", no_argument, NULL, 'w' },
	{ "force", no_argument, NULL, 'f' },
	{ 0 },
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void print_usage(FILE *to)
{
	size_t i;

	fprintf(to, "usage: vipctl COMMAND [ARGUMENT...]\n"
		    "       vipctl --help | --version\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %-8s %s\n", commands[i].name,
			commands[i].summary);
	fprintf(to, "\n\"vipctl help COMMAND\" says more; so do vipctl(8) and nf_vip.conf(5).\n");
}

static void print_synopsis(FILE *to, const struct command *command)
{
	fprintf(to, "usage: vipctl %s%s%s\n", command->name,
		*command->synopsis ? " " : "", command->synopsis);
}

static void print_help(const struct command *command)
{
	print_synopsis(stdout, command);
	printf("\n%s\n%s%s", command->summary, *command->help ? "\n" : "",
	       command->help);
}

static int unknown_command(const char *name)
{
	vipctl_complain("unknown command \"%s\": \"vipctl --help\" lists them",
			name);
	return VIPCTL_USAGE;
}

static int cmd_help(int argc, char **argv)
{
	const struct command *command;

	if (!argc) {
		print_usage(stdout);
		return VIPCTL_DONE;
	}
	command = find_command(argv[0]);
	if (!command)
		return unknown_command(argv[0]);
	print_help(command);
	return VIPCTL_DONE;
}

int vipctl_complain_kernel(const char *what, int err)
{
	switch (err) {
	case -ENOENT:
		vipctl_complain("%s: the module is not there: is nf_vip loaded? (modprobe nf_vip)",
				what);
		break;
	case -EPERM:
	case -EACCES:
		vipctl_complain("%s: not allowed: this needs CAP_NET_ADMIN, be root",
				what);
		break;
	default:
		vipctl_complain("%s: %s", what, strerror(-err));
	}
	return VIPCTL_REFUSED;
}

/* The option of its own that a command may have, as in options[]. */
static const struct {
	int (*run)(int argc, char **argv);
	int option;
} own_options[] = {
	{ cmd_drain, 'w' },
	{ cmd_del, 'f' },
};

static bool is_own(const struct command *command, int option)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(own_options); i++)
		if (own_options[i].run == command->run)
			return own_options[i].option == option;
	return false;
}

/* Options of a command stand before its arguments: "weight -1" is none. */
static int run_command(const struct command *command, int argc, char **argv)
{
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		if (option == 'h') {
			print_help(command);
			return VIPCTL_DONE;
		}
		if (!is_own(command, option))
			break;
		flagged = true;
	}
	argc -= optind;
	argv += optind;
	if (option != -1 || argc < command->min || argc > command->max) {
		print_synopsis(stderr, command);
		return VIPCTL_USAGE;
	}
	return command->run(argc, argv);
}

static int run(int argc, char **argv)
{
	const struct command *command;

	opterr = 0;
	switch (getopt_long(argc, argv, "+hV", options, NULL)) {
	case 'h':
		print_usage(stdout);
		return VIPCTL_DONE;
	case 'V':
		printf("vipctl %s\n", NF_VIP_VERSION);
		return VIPCTL_DONE;
	case -1:
		break;
	default:
		vipctl_complain("unknown option \"%s\"", argv[optind - 1]);
		print_usage(stderr);
		return VIPCTL_USAGE;
	}
	if (optind == argc) {
		print_usage(stderr);
		return VIPCTL_USAGE;
	}
	command = find_command(argv[optind]);
	if (!command)
		return unknown_command(argv[optind]);
	return run_command(command, argc - optind, argv + optind);
}

int main(int argc, char **argv)
{
	int ret = run(argc, argv);

	/* A full disk behind "vipctl save >file" must not pass for success. */
	if (fflush(stdout) || ferror(stdout)) {
		vipctl_complain("standard output: %s", strerror(errno));
		return VIPCTL_REFUSED;
	}
	return ret;
}
