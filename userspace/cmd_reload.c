// SPDX-License-Identifier: GPL-2.0
/* The command that replaces the module, and keeps the connections. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gate.h"
#include "keeper.h"
#include "loader.h"
#include "netns.h"
#include "saved.h"
#include "status.h"
#include "vipctl.h"

/* Where the configurations stay if all goes wrong. */
#define RESCUE	"/run/nf_vip.reload"

/**
 * struct place - a network namespace on the way through a reload
 * @netns: way into it
 * @saved: what the module had there
 * @kept: the keeper's table is in
 */
struct place {
	struct netns *netns;
	struct saved saved;
	bool kept;
};

/* All places; the first one is that of this process. */
struct places {
	struct netns *netns;
	struct place *list;
	size_t nr;
};

static bool complain(const char *what, int err, const char *sentence)
{
	if (*sentence)
		vipctl_complain("reload-module: %s: %s", what, sentence);
	else
		vipctl_complain_kernel(what, err);
	return false;
}

static bool save(struct places *places)
{
	size_t i;
	int err = netns_list(&places->netns, &places->nr);

	if (!err) {
		places->list = calloc(places->nr, sizeof(*places->list));
		err = places->list ? 0 : -ENOMEM;
	}
	for (i = 0; i < places->nr && !err; i++) {
		places->list[i].netns = &places->netns[i];
		err = netns_enter(&places->netns[i]);
		if (!err)
			err = saved_take(&places->list[i].saved);
	}
	return !err || complain("reload-module", err, "");
}

/* The new module would not know what to go back to. */
static bool nothing_waits(const struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		if (status_module_number(&places->list[i].saved.status, "confirm-left"))
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

		if (!saved_has_services(&place->saved))
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

/* Those without services, too: parameters of the module may have made some. */
static bool put_back(const struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	size_t i;
	int err = 0;

	for (i = 0; i < places->nr && !err; i++) {
		err = netns_enter(places->list[i].netns);
		if (!err)
			err = netns_mount_sys();
		if (!err)
			err = saved_put_back(&places->list[i].saved, sentence);
	}
	return !err || complain("the configuration cannot be put back", err, sentence);
}

static bool load(const struct places *places, const char *file)
{
	return loader_load(file, saved_mark_mask(&places->list[0].saved)) && put_back(places);
}

/* The tables stay: connections go on, and nobody else answers at the VIPs. */
static void rescue(const struct places *places)
{
	char path[sizeof(RESCUE) + 24];
	size_t i;
	int err;

	for (i = 0; i < places->nr; i++) {
		if (!places->list[i].kept)
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

static int replace(struct places *places, const char *file)
{
	bool good;
	int err = loader_unload();

	if (err) {
		let_go(places);
		vipctl_complain("reload-module: nf_vip: %s",
				err == -EAGAIN ? "in use" : strerror(-err));
		return VIPCTL_REFUSED;
	}
	good = load(places, file);
	if (!good) {
		vipctl_complain("reload-module: going back to the module that modprobe finds");
		loader_unload();
		if (!load(places, NULL)) {
			rescue(places);
			return VIPCTL_REFUSED;
		}
	}
	let_go(places);
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
}

static void free_places(struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr && places->list; i++)
		saved_free(&places->list[i].saved);
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
