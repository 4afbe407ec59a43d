// SPDX-License-Identifier: GPL-2.0
/*
 * The command that replaces the module, and keeps the connections: those of the
 * host, and of the namespaces that are the host's. Those of users have no say in
 * it: what takes long there, or fails, comes after the host is served again, and
 * for a few seconds only.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "gate.h"
#include "holders.h"
#include "keeper.h"
#include "loader.h"
#include "netns.h"
#include "saved.h"
#include "status.h"
#include "vipctl.h"

/* Where the configurations stay if all goes wrong. */
#define RESCUE	"/run/nf_vip.reload"

/* Seconds for unloading, and for what users' namespaces had. */
#define PATIENCE	5

/* How often unloading is tried while somebody is in a call, 10 ms apart. */
#define TRIES		20

/**
 * struct place - a network namespace on the way through a reload
 * @netns: way into it
 * @saved: what the module had there
 * @of_user: it belongs to somebody who need not have any right here
 * @lost: what the module had there cannot be told
 * @kept: the keeper's table is in
 */
struct place {
	struct netns *netns;
	struct saved saved;
	bool of_user;
	bool lost;
	bool kept;
};

/* What can be changed while the module runs; the new one begins with its defaults. */
static const char * const settings[] = {
	"user_services", "user_backends", "user_entries", "user_slots", "user_clients",
	"log_users",
};

enum { SETTINGS = sizeof(settings) / sizeof(*settings) };

/**
 * struct places - all network namespaces
 * @netns: ways into them; the first one is that of this process
 * @list: what they have
 * @nr: how many
 * @settings: values of parameters
 */
struct places {
	struct netns *netns;
	struct place *list;
	size_t nr;
	struct text settings[SETTINGS];
};

static bool complain(const char *what, int err, const char *sentence)
{
	if (*sentence)
		vipctl_complain("reload-module: %s: %s", what, sentence);
	else
		vipctl_complain_kernel(what, err);
	return false;
}

static void on_alarm(int sig)
{
	(void)sig;
	text_hurries = 1;
}

/* After SECONDS a call that waits is interrupted, and again each second from then on. */
static void set_alarm(unsigned int seconds)
{
	const struct itimerval timer = {
		.it_value = { .tv_sec = seconds },
		.it_interval = { .tv_sec = seconds ? 1 : 0 },
	};
	const struct sigaction action = { .sa_handler = on_alarm };

	text_hurries = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* The first place is this process's own: whoever runs this wants that one. */
static int find_owners(struct places *places)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < places->nr && ret >= 0; i++) {
		struct place *place = &places->list[i];

		place->netns = &places->netns[i];
		ret = i ? netns_is_of_user(place->netns) : 0;
		place->of_user = ret > 0;
	}
	return ret < 0 ? ret : 0;
}

static int save_one(struct place *place)
{
	int err = netns_enter(place->netns);

	return err ? err : saved_take(&place->saved);
}

static int save_host(struct places *places)
{
	size_t i;
	int err = 0;

	for (i = 0; i < places->nr && !err; i++)
		if (!places->list[i].of_user)
			err = save_one(&places->list[i]);
	/* Not one of ours: nothing would come back. */
	return err || saved_mark_mask(&places->list[0].saved) ? err : -EIO;
}

/* In a few seconds, whatever goes on there. */
static void save_users(struct places *places)
{
	time_t end = now() + PATIENCE;
	size_t i;

	set_alarm(PATIENCE);
	for (i = 0; i < places->nr; i++) {
		struct place *place = &places->list[i];

		if (place->of_user)
			place->lost = now() >= end || save_one(place);
	}
	set_alarm(0);
}

static const char *path_of(const char *setting, char path[64])
{
	snprintf(path, 64, "/sys/module/nf_vip/parameters/%s", setting);
	return path;
}

/* One that this module, or the next one, does not have is no loss. */
static void save_settings(struct places *places)
{
	char path[64];
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		text_read_file(&places->settings[i], path_of(settings[i], path), 64);
}

static void put_back_settings(const struct places *places)
{
	char path[64];
	size_t i;

	for (i = 0; i < SETTINGS; i++)
		if (places->settings[i].len && !access(path_of(settings[i], path), W_OK))
			text_write_file(&places->settings[i], path);
}

static bool save(struct places *places)
{
	int err = netns_list(&places->netns, &places->nr);

	if (!err) {
		places->list = calloc(places->nr, sizeof(*places->list));
		err = places->list ? find_owners(places) : -ENOMEM;
	}
	if (!err)
		err = save_host(places);
	if (err)
		return complain("reload-module", err, "");
	save_settings(places);
	save_users(places);
	return true;
}

/* The new module would not know what to go back to. */
static bool nothing_waits(const struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		if (!places->list[i].of_user &&
		    status_module_number(&places->list[i].saved.status, "confirm-left"))
			return complain("a change waits", -EBUSY, "say confirm or revert first");
	return true;
}

static void let_go(struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	size_t i;

	for (i = 0; i < places->nr; i++) {
		struct place *place = &places->list[i];

		if (!place->kept || netns_enter(place->netns))
			continue;
		if (keeper_remove(sentence))
			complain("delete " KEEPER_TABLE, -EIO, sentence);
		place->kept = false;
	}
}

/* From here on nothing new gets to a VIP, until let_go(). */
static bool keep(struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	size_t i;
	int err = 0;

	for (i = 0; i < places->nr && !err; i++) {
		struct place *place = &places->list[i];

		if (place->of_user || !saved_has_services(&place->saved))
			continue;
		err = netns_enter(place->netns);
		if (!err)
			err = keeper_make(&place->saved.config, sentence);
		place->kept = !err;
	}
	if (!err)
		return true;
	complain(KEEPER_TABLE, err, sentence);
	let_go(places);
	return false;
}

static int put_back_one(const struct place *place, char sentence[NF_VIP_ERROR_MAX])
{
	int err = netns_enter(place->netns);

	if (!err)
		err = netns_mount_sys();
	if (!err)
		err = saved_put_back(&place->saved, sentence);
	return err;
}

/* Those without services, too: parameters of the module may have made some. */
static bool put_back(const struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	size_t i;
	int err = 0;

	for (i = 0; i < places->nr && !err; i++)
		if (!places->list[i].of_user)
			err = put_back_one(&places->list[i], sentence);
	return !err || complain("the configuration cannot be put back", err, sentence);
}

/* The host is served again; users have what fits into a few seconds. */
static void put_back_users(const struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	time_t end = now() + PATIENCE;
	unsigned int nr = 0;
	size_t i;

	set_alarm(PATIENCE);
	for (i = 0; i < places->nr; i++) {
		const struct place *place = &places->list[i];

		if (!place->of_user || (!place->lost && !saved_has_services(&place->saved)))
			continue;
		if (place->lost || now() >= end || put_back_one(place, sentence)) {
			vipctl_complain("reload-module: no services in a user's namespace, %llu",
					(unsigned long long)place->netns->ino);
			nr++;
		}
	}
	set_alarm(0);
	if (nr)
		vipctl_complain("reload-module: all of the host's are there");
}

static bool load(const struct places *places, const char *file)
{
	if (!loader_load(file, saved_mark_mask(&places->list[0].saved)))
		return false;
	put_back_settings(places);
	return put_back(places);
}

/* The tables stay: connections go on, and nobody else answers at the VIPs. */
static void rescue(const struct places *places)
{
	char path[sizeof(RESCUE) + 24];
	size_t i;
	int err;

	for (i = 0; i < places->nr; i++) {
		if (places->list[i].of_user || !saved_has_services(&places->list[i].saved))
			continue;
		snprintf(path, sizeof(path), RESCUE ".%llu",
			 (unsigned long long)places->netns[i].ino);
		err = text_write_file(&places->list[i].saved.config, path);
		if (err)
			vipctl_complain("reload-module: %s: %s: it would have said:\n%s", path,
					strerror(-err), places->list[i].saved.config.data);
	}
	vipctl_complain("reload-module: no module, no services: their configurations are in " RESCUE
			".*; " KEEPER_TABLE " keeps the connections, delete it afterwards");
}

static void pause_for(long milliseconds)
{
	const struct timespec ts = { .tv_nsec = milliseconds * 1000000 };

	nanosleep(&ts, NULL);
}

/* Somebody is in a call of a file of ours: mostly for no longer than this takes. */
static int unload(void)
{
	unsigned int tries = TRIES;
	int err;

	while ((err = loader_unload()) == -EAGAIN && tries--)
		pause_for(10);
	return err;
}

/*
 * In a process of its own, because nothing can interrupt it. It waits for nobody's
 * memory, but for all who are in a call: should that take long, then the services
 * run meanwhile, and nothing is to be kept from them until it is done.
 */
static int unload_watched(struct places *places)
{
	time_t end = now() + PATIENCE;
	pid_t pid = fork(), done;
	int status = 0;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(-unload());
	while (!(done = waitpid(pid, &status, WNOHANG)) && now() < end)
		pause_for(2);
	if (!done) {
		vipctl_complain("reload-module: unloading takes long; the services run meanwhile");
		let_go(places);
		done = waitpid(pid, &status, 0);
		keep(places);
	}
	if (done == pid && WIFEXITED(status))
		return -WEXITSTATUS(status);
	/* Somebody has killed it; what became of the module is to be seen. */
	return gate_is_open() ? -EINTR : 0;
}

static bool go_back(const struct places *places)
{
	vipctl_complain("reload-module: going back to the module that modprobe finds");
	loader_unload();
	return load(places, NULL);
}

static int replace(struct places *places, const char *file)
{
	int err = unload_watched(places);
	bool good;

	if (err) {
		let_go(places);
		vipctl_complain("reload-module: nf_vip: %s",
				err == -EAGAIN ? "in use" : strerror(-err));
		if (err == -EAGAIN)
			holders_complain();
		return VIPCTL_REFUSED;
	}
	good = load(places, file);
	if (!good && !go_back(places)) {
		rescue(places);
		return VIPCTL_REFUSED;
	}
	let_go(places);
	put_back_users(places);
	return good ? VIPCTL_DONE : VIPCTL_REFUSED;
}

/* Half of it done is worse than all of it. */
static void ignore_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Whoever started this may not want to hear of its children; this does. */
	signal(SIGCHLD, SIG_DFL);
}

static void free_places(struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr && places->list; i++)
		saved_free(&places->list[i].saved);
	for (i = 0; i < SETTINGS; i++)
		text_free(&places->settings[i]);
	free(places->list);
	netns_free(places->netns, places->nr);
}

int cmd_reload_module(int argc, char **argv)
{
	const char *file = argc ? argv[0] : NULL;
	struct places places = { 0 };
	int ret = VIPCTL_REFUSED;
	int err;

	if (!gate_is_open())
		return vipctl_complain_kernel("reload-module", -ENOENT);
	err = netns_own_mounts();
	if (err)
		return vipctl_complain_kernel("reload-module", err);
	ignore_signals();
	if (loader_check(file) && save(&places) && nothing_waits(&places) && keep(&places))
		ret = replace(&places, file);
	free_places(&places);
	return ret;
}
