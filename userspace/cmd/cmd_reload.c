// SPDX-License-Identifier: GPL-2.0
/*
 * The command that replaces the module and keeps the connections of the host,
 * and of namespaces that are the host's. Namespaces of users have no say in a
 * reload: what takes long there, or fails, comes after the host is served
 * again, and for a few seconds only.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cmd/vipctl.h"
#include "config/model.h"
#include "lib/netns.h"
#include "module/holders.h"
#include "module/loader.h"
#include "module/module_io.h"
#include "module/places.h"
#include "module/status.h"
#include "net/reload_guard.h"

/* How often unloading is tried while somebody is in a call, 10 ms apart. */
#define TRIES		20

/* A change that waits would be lost: the new module would not know what to go back to. */
static bool nothing_waits(const struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		if (!places->list[i].of_user &&
		    status_module_number(&places->list[i].state.status, "confirm-left"))
			return places_complain("a change waits", -EBUSY,
					       "say confirm or revert first");
	return true;
}

static bool fits(const struct place *place)
{
	const struct text *config = &place->state.config;
	struct model model;
	int err;

	model_init(&model);
	err = model_read(&model, config->data, config->len);
	if (!err)
		err = model_check(&model);
	if (err)
		vipctl_complain("reload-module: net:[%llu]: the next module would refuse: %s",
				(unsigned long long)place->netns->ino,
				*model.plan.error ? model.plan.error : strerror(-err));
	model_free(&model);
	return !err;
}

/* The new module's refusal is found out while the old module still serves. */
static bool configurations_fit(const struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		if (!places->list[i].of_user && !fits(&places->list[i]))
			return false;
	return true;
}

static bool needs_guard(const struct place *place)
{
	return !place->of_user && reload_state_has_services(&place->state);
}

static void remove_guard_of(struct place *place)
{
	char sentence[NF_VIP_ERROR_MAX] = "";

	if (!place->guarded || netns_enter(place->netns))
		return;
	if (reload_guard_remove(sentence))
		places_complain("delete " RELOAD_GUARD_TABLE, -EIO, sentence);
	place->guarded = false;
}

static void remove_guards(struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		remove_guard_of(&places->list[i]);
}

/* From the moment that the module goes nothing new gets to a VIP, until remove_guards(). */
static bool put_guards(struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	size_t i;
	int err = 0;

	for (i = 0; i < places->nr && !err; i++) {
		struct place *place = &places->list[i];

		if (!needs_guard(place))
			continue;
		err = netns_enter(place->netns);
		if (!err)
			err = reload_guard_make(&place->state.config, RELOAD_GUARD_BEHIND,
						sentence);
		/* If the guard cannot be made anew, the one that stands stays as it was. */
		place->guarded |= !err;
	}
	if (!err)
		return true;
	places_complain(RELOAD_GUARD_TABLE, err, sentence);
	remove_guards(places);
	return false;
}

/* Should a guard before the new module fail, the one behind the old module still stands. */
static void put_guards_before(struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	size_t i;

	for (i = 0; i < places->nr; i++) {
		struct place *place = &places->list[i];

		if (place->guarded && !netns_enter(place->netns) &&
		    reload_guard_make(&place->state.config, RELOAD_GUARD_BEFORE, sentence))
			places_complain(RELOAD_GUARD_TABLE, -EIO, sentence);
	}
}

static bool load(struct places *places, const char *file)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		places->list[i].back = false;
	return loader_load(file, reload_state_mark_mask(&places->list[0].state)) &&
	       places_put_back(places);
}

/*
 * Keeps the configurations in files, whatever becomes of this process. rescue()
 * tries again what cannot be written here.
 */
static void write_rescue(const struct places *places)
{
	char path[RELOAD_GUARD_RESCUE_MAX];
	size_t i;

	for (i = 0; i < places->nr; i++) {
		const struct place *place = &places->list[i];

		if (needs_guard(place))
			text_write_file(&place->state.config,
					reload_guard_rescue_path(place->netns->ino, path));
	}
}

static void remove_rescue_of(const struct place *place)
{
	char path[RELOAD_GUARD_RESCUE_MAX];

	unlink(reload_guard_rescue_path(place->netns->ino, path));
}

static void remove_rescue(const struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		if (needs_guard(&places->list[i]))
			remove_rescue_of(&places->list[i]);
}

static void rescue_one(const struct place *place)
{
	char path[RELOAD_GUARD_RESCUE_MAX];
	int err;

	err = text_write_file(&place->state.config,
			      reload_guard_rescue_path(place->netns->ino, path));
	if (err)
		vipctl_complain("reload-module: %s: %s: it would have said:\n%s", path,
				strerror(-err), place->state.config.data);
}

/*
 * Where the services are not back the tables stay: connections go on, and nobody
 * else answers at the VIPs.
 */
static void rescue(struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++) {
		struct place *place = &places->list[i];

		if (place->back || (place->guarded && !needs_guard(place))) {
			remove_guard_of(place);
			remove_rescue_of(place);
		} else if (needs_guard(place)) {
			rescue_one(place);
		}
	}
	vipctl_complain("reload-module: no services there: their configurations are in "
			RELOAD_GUARD_RESCUE ".*: load a module, and apply them");
}

static void pause_for(long milliseconds)
{
	const struct timespec ts = { .tv_nsec = milliseconds * 1000000 };

	nanosleep(&ts, NULL);
}

/* Somebody may be in a call of a file of ours, mostly for no longer than these tries take. */
static int unload(void)
{
	unsigned int tries = TRIES;
	int err;

	while ((err = loader_unload()) == -EAGAIN && tries--)
		pause_for(10);
	return err;
}

/*
 * The module is unloaded in a process of its own, because nothing can interrupt
 * that. It waits for nobody's memory, but for all calls of its files, and
 * everything that users have is freed first: should that take long, the host's
 * services run meanwhile, and the table is not in their way.
 */
static int unload_watched(void)
{
	time_t end = places_now() + PLACES_PATIENCE;
	pid_t pid = fork(), done;
	int status = 0;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(-unload());
	while (!(done = waitpid(pid, &status, WNOHANG)) && places_now() < end)
		pause_for(2);
	if (!done) {
		vipctl_complain("reload-module: unloading takes long");
		done = waitpid(pid, &status, 0);
	}
	if (done == pid && WIFEXITED(status))
		return -WEXITSTATUS(status);
	/* Somebody has killed the child: see what became of the module. */
	return module_io_is_loaded() ? -EINTR : 0;
}

/* An old module that does not go gets back what it had. */
static bool go_back(struct places *places)
{
	vipctl_complain("reload-module: going back to the module that modprobe finds");
	unload();
	return load(places, NULL);
}

/* Reads what changed while the guards were made, and makes the guards anew for that. */
static int catch_up(struct places *places)
{
	bool changed = true;
	unsigned int tries;
	int err = 0;

	for (tries = 0; tries < 3 && changed && !err; tries++) {
		err = places_save_host(places, &changed);
		if (!err && changed && (!nothing_waits(places) || !configurations_fit(places) ||
					!put_guards(places)))
			err = -ECANCELED;
	}
	return err;
}

static int replace(struct places *places, const char *file)
{
	bool good;
	int err = catch_up(places);

	if (!err) {
		write_rescue(places);
		err = unload_watched();
	}
	if (err) {
		remove_guards(places);
		remove_rescue(places);
	}
	if (err == -ECANCELED)
		return VIPCTL_REFUSED;
	if (err) {
		vipctl_complain("reload-module: nf_vip: %s",
				err == -EAGAIN ? "in use" : strerror(-err));
		if (err == -EAGAIN)
			holders_complain();
		return VIPCTL_REFUSED;
	}
	put_guards_before(places);
	good = load(places, file);
	if (!good && !go_back(places)) {
		rescue(places);
		if (module_io_is_loaded())
			places_put_back_users(places);
		return VIPCTL_REFUSED;
	}
	remove_guards(places);
	remove_rescue(places);
	places_put_back_users(places);
	return good ? VIPCTL_DONE : VIPCTL_REFUSED;
}

/* A reload that is done by half is worse than one that is done. */
static void ignore_signals(void)
{
	sigset_t set;

	/* Neither ^Z nor ^\ in the middle; SIGALRM is this program's own. */
	sigfillset(&set);
	sigdelset(&set, SIGALRM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	/* The parent may have SIGCHLD ignored, but this program waits for its child. */
	signal(SIGCHLD, SIG_DFL);
}

int cmd_reload_module(int argc, char **argv)
{
	const char *file = argc ? argv[0] : NULL;
	struct places places = { 0 };
	int ret = VIPCTL_REFUSED;
	int err;

	if (!module_io_is_loaded())
		return vipctl_complain_kernel("reload-module", -ENOENT);
	err = reload_guard_lock();
	if (err == -EWOULDBLOCK) {
		vipctl_complain("reload-module: another one is on its way");
		return VIPCTL_REFUSED;
	}
	if (!err)
		err = netns_own_mounts();
	if (err)
		return vipctl_complain_kernel("reload-module", err);
	ignore_signals();
	if (loader_check(file) && places_save(&places) && nothing_waits(&places) &&
	    configurations_fit(&places) && put_guards(&places))
		ret = replace(&places, file);
	places_free(&places);
	return ret;
}
