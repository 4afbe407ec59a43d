// SPDX-License-Identifier: GPL-2.0
/* The command line; commands.c says what it may contain. */
#include <getopt.h>
#include "cmd/commands.h"
#include "cmd/vipctl.h"
#include "lib/netns.h"
#include "nf_vip_limits.h"
#include "nf_vip_pure.h"

/*
 * Options of vipctl itself, which are before the command, and options of
 * commands; commands.c says which command has which. -j may be in both places.
 */
#define GLOBAL	"hVn:j"

static const struct option options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "netns", required_argument, NULL, 'n' },
	{ "json", no_argument, NULL, 'j' },
	{ "wait", no_argument, NULL, 'w' },
	{ "check", no_argument, NULL, 'k' },
	{ "force", no_argument, NULL, 'f' },
	{ "dry-run", no_argument, NULL, 'd' },
	{ "confirm", required_argument, NULL, 'c' },
	{ "openmetrics", no_argument, NULL, 'o' },
	{ 0 },
};

/* What a monitoring program is told by 1, it is not told where nothing can be said. */
static int failed(void)
{
	return vipctl_given('k') ? VIPCTL_UNKNOWN : VIPCTL_REFUSED;
}

static int enter_netns(void)
{
	const char *name = vipctl_value('n');
	int err = name ? netns_enter_named(name) : 0;

	if (!err)
		return VIPCTL_DONE;
	if (err == -ENOENT)
		vipctl_complain("-n \"%s\": there is no such network namespace (ip netns)",
				name);
	else
		vipctl_complain("-n \"%s\": %s", name, strerror(-err));
	return VIPCTL_REFUSED;
}

/*
 * Options of a command are before its arguments, so "weight -1" has no option.
 * Return: what getopt_long(3) gave last; -1 is the end of the options.
 */
static int read_options(const struct command *command, int argc, char **argv)
{
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "+hj", options, NULL)) != -1) {
		if (option == 'h' || !strchr(command->options, option))
			break;
		vipctl_give(option, optarg ? optarg : "");
	}
	return option;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	int option = read_options(command, argc, argv);

	if (option == 'h') {
		print_help(command);
		return VIPCTL_DONE;
	}
	argc -= optind;
	argv += optind;
	if (option != -1 || argc < command->min || argc > command->max) {
		print_synopsis(stderr, command);
		return VIPCTL_USAGE;
	}
	if (vipctl_given('j') && !strchr(command->options, 'j')) {
		vipctl_complain("%s: has no JSON", command->name);
		return VIPCTL_USAGE;
	}
	return enter_netns() ? failed() : command->run(argc, argv);
}

static int unknown_option(const char *option)
{
	vipctl_complain("unknown option \"%s\"", option);
	print_usage(stderr);
	return VIPCTL_USAGE;
}

static int run(int argc, char **argv)
{
	const struct command *command;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+" GLOBAL, options, NULL)) != -1) {
		if (!strchr(GLOBAL, option))
			return unknown_option(argv[optind - 1]);
		vipctl_give(option, optarg ? optarg : "");
	}
	if (vipctl_given('h')) {
		print_usage(stdout);
		return VIPCTL_DONE;
	}
	if (vipctl_given('V')) {
		printf("vipctl %s\n", NF_VIP_VERSION);
		return VIPCTL_DONE;
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
		return failed();
	}
	return ret;
}
