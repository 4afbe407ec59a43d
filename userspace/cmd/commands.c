// SPDX-License-Identifier: GPL-2.0
/* The table of commands: the command line, help and its tests are made from it. */
#include <limits.h>
#include <string.h>
#include "cmd/commands.h"
#include "cmd/vipctl.h"
#include "nf_vip_option.h"
#include "nf_vip_pure.h"

const struct command commands[] = {
	{
		"apply", cmd_apply, "cd", 1, 1, "[--confirm SECONDS] [--dry-run] FILE",
		"make the whole configuration as FILE says",
		"What FILE does not state is deleted; what stays the same keeps its connections,\n"
		"counters and health. All of it takes effect at once, or nothing does. FILE may\n"
		"be \"-\", the standard input. nf_vip.conf(5) describes what it contains.\n"
		"What was applied is kept for \"vipctl boot\".\n"
		"With --confirm the kernel undoes it by itself after SECONDS, 1 to 3600, unless\n"
		"\"vipctl confirm\" was said before. With --dry-run, only say what would change, as\n"
		"\"vipctl diff\" does.\n"
	}, {
		"confirm", cmd_confirm, "", 0, 0, "",
		"keep the change that waits to be confirmed",
		"\"vipctl apply --confirm\" makes one. It is kept for \"vipctl boot\" from now on.\n"
	}, {
		"revert", cmd_revert, "", 0, 0, "",
		"undo the change that waits to be confirmed",
		"The configuration is the one before it. What sysfs wrote meanwhile of options, such\n"
		"as state, is undone, too; health and flags stay.\n"
	}, {
		"check", cmd_check, "j", 1, 1, "FILE",
		"check FILE without the kernel",
		"Whether marks are within the module's mark_mask is not known without the module.\n"
	}, {
		"diff", cmd_diff, "j", 0, 1, "[FILE]",
		"say how FILE and the running configuration differ",
		"One line an object: what \"vipctl apply FILE\" would add (+), delete (-) or change (~).\n"
		"FILE is /etc/nf_vip.conf if none is given. The exit status is 1 if anything differs.\n"
	}, {
		"save", cmd_save, "j", 0, 1, "[FILE]",
		"print the configuration, or replace FILE by it",
		"\"vipctl apply\" reads it back to the same state. FILE is replaced at once: it is\n"
		"never half written.\n"
	}, {
		"show", cmd_show, "j", 0, INT_MAX, "[SERVICE...]",
		"show services, backends and counters",
		"SHARE is the part of the next connections that a backend gets. Scripts use -j, or\n"
		"read /proc/net/nf_vip/status.\n"
	}, {
		"status", cmd_status, "jk", 0, 1, "[--check] [SERVICE[/BACKEND]]",
		"say how services are, and what is wrong",
		"One line a service. Of a service or a backend that is named: all that the kernel\n"
		"says of it, and why it gets no new connections, or fewer. With --check the exit\n"
		"status is 0 if nothing is wrong, 1 if something is, and 2 if a service gets its\n"
		"clients no backend, or nobody knows.\n"
	}, {
		"watch", cmd_watch, "", 0, 1, "[SECONDS]",
		"show connections and rates, again and again",
		"Every 2 seconds, or as often as said, 1 to 3600. On a terminal it takes the whole\n"
		"screen: q ends it, arrows scroll. Elsewhere it prints the table each time, with\n"
		"the time above. Runs until it is ended by SIGTERM or SIGINT, or with q.\n"
	}, {
		"monitor", cmd_monitor, "j", 0, 0, "",
		"tell what changes of backends, as it happens",
		"One line for each change of state, health, flag or weight: when, which backend,\n"
		"the new value, who changed it, and whether it may be chosen now. Runs until it is\n"
		"ended by SIGTERM or SIGINT.\n"
	}, {
		"explain", cmd_explain, "j", 1, INT_MAX,
		"tcp|udp|sctp CLIENT:PORT VIP:PORT [dev IFACE] [mark N] [fwmark N]",
		"say what would become of a connection, and why",
		"Which service it would meet, which backend it would get and why, and why not the\n"
		"others. Nothing is sent, and nothing changes. IPv6 addresses stand in brackets;\n"
		"mark is the connection's, fwmark the packet's.\n"
	}, {
		"doctor", cmd_doctor, "j", 0, INT_MAX, "[SERVICE...]",
		"find what keeps services from working",
		"Looks at the configuration, interfaces, routes, sysctls and rules of the gateway,\n"
		"and prints for each finding what was seen, why it matters and a command that\n"
		"mends it. Changes nothing. Exits 1 if something was found. vipctl(8) lists what\n"
		"it looks for.\n"
	}, {
		"add", cmd_add, "", 2, INT_MAX, "service|backend ...",
		"state a service or a backend",
		"vipctl add service NAME tcp|udp|sctp VIP:PORT... [OPTION VALUE]...\n"
		"vipctl add service NAME fwmark N [family ipv4|ipv6] [OPTION VALUE]...\n"
		"vipctl add backend SERVICE/NAME ADDR[:PORT] [OPTION VALUE]...\n"
		"One that exists becomes as stated: options that are not given have their\n"
		"defaults again.\n"
	}, {
		"set", cmd_set, "", 3, INT_MAX,
		"service NAME | backend SERVICE/NAME OPTION VALUE...",
		"change options of a service or a backend",
		"Options that are not given stay as they are. \"-\" takes the value of dev and of\n"
		"condition away, \"eject 0\" ends ejections.\n"
	}, {
		"del", cmd_del, "f", 1, 2, "[--force] service NAME | backend SERVICE/NAME",
		"delete a service with its backends, or a backend",
		"A backend with connections drains first: for as long as its option drain says, or\n"
		"300 seconds. With --force, and of a service that is deleted, backends go at once,\n"
		"and connections stay as they are.\n"
	}, {
		"up", cmd_up, "", 1, INT_MAX, "SERVICE/BACKEND...",
		"let backends have new connections",
		"Says so if health, a flag or a weight of 0 still keeps one out.\n"
	}, {
		"down", cmd_down, "", 1, INT_MAX, "SERVICE/BACKEND...",
		"take backends out",
		"They get no new connections. Those that exist stay, are reset or move, as the\n"
		"service says (on-down-tcp, on-down-udp).\n"
	}, {
		"drain", cmd_drain, "w", 1, INT_MAX, "[--wait] SERVICE/BACKEND... [SECONDS]",
		"give backends no new connections",
		"They shall run empty: connections that exist stay, at most for SECONDS this time,\n"
		"or for what the option drain says, and are reset then. 0 is no deadline. With --wait:\n"
		"until they have none; that fails if somebody sets one up again or deletes it.\n"
	}, {
		"clients", cmd_clients, "j", 0, 1, "[SERVICE]",
		"list the clients that services with persist remember",
		"One a line: service, address, the backend that it had last, seconds that are left.\n"
	}, {
		"forget", cmd_forget, "", 1, 1, "SERVICE",
		"forget the clients of a service",
		"Connections that exist stay; the next one of each client is balanced anew.\n"
	}, {
		"flush", cmd_flush, "", 0, 0, "",
		"delete every service and the fast path",
		"Connections that exist stay on their backends.\n"
	}, {
		"fastpath", cmd_fastpath, "j", 0, INT_MAX, "[IFACE... | off]",
		"take established connections past netfilter's rules",
		"Connections between backends and clients that go through these interfaces are\n"
		"put into a flowtable of nftables (table inet nf_vip) once they are established.\n"
		"\"off\" ends that; no connection breaks. Without an argument: make nftables agree\n"
		"with the configuration again, and say how it is.\n"
	}, {
		"follow", cmd_follow, "", 0, 0, "",
		"keep the fast path on interfaces that come back",
		"nftables forgets an interface that vanishes, even if it comes back, and goes by\n"
		"the MTU that an interface had: this makes the fast path anew then. Runs until it\n"
		"is ended by SIGTERM or SIGINT.\n"
	}, {
		"metrics", cmd_metrics, "o", 0, 1, "[--openmetrics] [FILE]",
		"print metrics for Prometheus, or replace FILE by them",
		"In its text format, as the textfile collector of node_exporter reads it, or strictly\n"
		"as OpenMetrics has it. FILE is replaced at once: it is never half written.\n"
	}, {
		"import", cmd_import, "j", 1, 2, "iptables|ipvs [FILE]",
		"make a configuration of other balancers' rules",
		"Reads what iptables-save, ip6tables-save or \"ipvsadm -Sn\" printed, in FILE or on the\n"
		"standard input, and prints what nf_vip needs to do the same. What it cannot say is\n"
		"named, line by line, there and on standard error; the exit status is 1 then.\n"
	}, {
		"boot", cmd_boot, "", 0, 1, "[FILE]",
		"load the module and apply FILE, or the last good configuration",
		"For the boot of the machine; nf_vip.service runs it. FILE is /etc/nf_vip.conf if it\n"
		"is not given. If FILE is refused or missing, what the last \"vipctl apply\" made is\n"
		"applied instead, and the exit code is 1.\n"
	}, {
		"reload-module", cmd_reload_module, "", 0, 1, "[FILE]",
		"replace the module, connections go on",
		"Unloads nf_vip and loads FILE, or what modprobe finds, then gives it the\n"
		"configuration, health and flags that there were, in every network namespace.\n"
		"New connections to the VIPs wait for so long. Counters begin at 0.\n"
	}, {
		"help", cmd_help, "", 0, 1, "[COMMAND]",
		"say what a command does",
		""
	},
};

const unsigned int nr_commands = ARRAY_SIZE(commands);

const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* The heading in front of a command, or NULL. */
static const char *heading_of(const char *name)
{
	static const struct {
		const char *first;
		const char *heading;
	} groups[] = {
		{ "apply", "The whole configuration" },
		{ "show", "How things are, and why" },
		{ "add", "One service or backend" },
		{ "fastpath", "The gateway" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (!strcmp(groups[i].first, name))
			return groups[i].heading;
	return NULL;
}

void print_usage(FILE *to)
{
	const char *heading;
	size_t i;

	fprintf(to, "usage: vipctl [-n NETNS] [-j] COMMAND [ARGUMENT...]\n"
		    "       vipctl --help | --version\n");
	for (i = 0; i < nr_commands; i++) {
		heading = heading_of(commands[i].name);
		if (heading)
			fprintf(to, "\n%s:\n", heading);
		fprintf(to, "  %-13s %s\n", commands[i].name, commands[i].summary);
	}
	fprintf(to, "\n\"vipctl help COMMAND\" says more; so do vipctl(8) and nf_vip.conf(5).\n");
}

void print_synopsis(FILE *to, const struct command *command)
{
	fprintf(to, "usage: vipctl %s%s%s%s\n", command->name,
		strchr(command->options, 'j') ? " [-j]" : "",
		*command->synopsis ? " " : "", command->synopsis);
}

static void print_options(enum nf_vip_verb verb, const char *heading)
{
	const struct nf_vip_option *option = NULL;

	printf("\n%s:\n", heading);
	while ((option = nf_vip_option_next(verb, option)))
		printf("  %-13s %s\n", nf_vip_option_name(option),
		       nf_vip_option_expected(option));
}

void print_help(const struct command *command)
{
	print_synopsis(stdout, command);
	printf("\n%s\n%s%s", command->summary, *command->help ? "\n" : "",
	       command->help);
	if (command->run != cmd_add && command->run != cmd_set)
		return;
	print_options(NF_VIP_SERVICE, "Options of a service");
	print_options(NF_VIP_BACKEND, "Options of a backend");
	printf("\nnf_vip.conf(5) describes them.\n");
}

int unknown_command(const char *name)
{
	vipctl_complain("unknown command \"%s\": \"vipctl --help\" lists them",
			name);
	return VIPCTL_USAGE;
}

int cmd_help(int argc, char **argv)
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
