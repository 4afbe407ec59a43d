// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "lib/app.h"
#include "module/places.h"
#include "module/status.h"

/* Parameters that can be changed while the module runs; a new module begins with defaults. */
static const char * const settings[] = {
	"user_services", "user_backends", "user_entries", "user_slots", "user_clients",
	"log_users",
};

static_assert(sizeof(settings) / sizeof(*settings) == PLACES_SETTINGS, "each has its text");

/* How many namespaces of users messages name by their number; there may be very many. */
#define NAMED	3

bool places_complain(const char *what, int err, const char *sentence)
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

/* Interrupts a call that waits after SECONDS, and again each second from then on. */
static void set_alarm(unsigned int seconds)
{
	const struct itimerval timer = {
		.it_value = { .tv_sec = seconds },
		.it_interval = { .tv_sec = seconds ? 1 : 0 },
	};
	const struct sigaction action = { .sa_handler = on_alarm };

	/* The alarm before may still set the flag, until it is switched off. */
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &(const struct itimerval){ 0 }, NULL);
	text_hurries = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
}

time_t places_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/* The first place is this process's own, in which the user wants to see errors first. */
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

	return err ? err : reload_state_take(&place->state);
}

static unsigned long long generation_of(const struct reload_state *state)
{
	return status_module_number(&state->status, "generation");
}

int places_save_host(struct places *places, bool *changed)
{
	size_t i;
	int err = 0;

	*changed = false;
	for (i = 0; i < places->nr && !err; i++) {
		struct place *place = &places->list[i];
		unsigned long long before = generation_of(&place->state);

		if (place->of_user)
			continue;
		reload_state_free(&place->state);
		err = save_one(place);
		*changed |= generation_of(&place->state) != before;
	}
	return err;
}

/* Once, and first: with very many files that takes a second, in which services run. */
static int save_owners(struct places *places)
{
	size_t i;
	int err = 0;

	for (i = 0; i < places->nr && !err; i++) {
		if (places->list[i].of_user)
			continue;
		err = netns_enter(places->list[i].netns);
		if (!err)
			err = netns_mount_sys();
		if (!err)
			err = owners_take(&places->list[i].owners);
	}
	return err;
}

/* Takes a few seconds at most, whatever goes on in users' namespaces. */
static void save_users(struct places *places)
{
	time_t end = places_now() + PLACES_PATIENCE;
	size_t i;

	set_alarm(PLACES_PATIENCE);
	for (i = 0; i < places->nr; i++) {
		struct place *place = &places->list[i];

		if (place->of_user)
			place->lost = places_now() >= end || save_one(place);
	}
	set_alarm(0);
}

static const char *path_of(const char *setting, char path[64])
{
	snprintf(path, 64, "/sys/module/nf_vip/parameters/%s", setting);
	return path;
}

/* It does no harm if this module, or the next one, does not have a parameter. */
static void save_settings(struct places *places)
{
	char path[64];
	size_t i;

	for (i = 0; i < PLACES_SETTINGS; i++)
		text_read_file(&places->settings[i], path_of(settings[i], path), 64);
}

static void put_back_settings(const struct places *places)
{
	char path[64];
	size_t i;

	for (i = 0; i < PLACES_SETTINGS; i++)
		if (places->settings[i].len && !access(path_of(settings[i], path), W_OK) &&
		    text_write_into(&places->settings[i], path))
			vipctl_complain("reload-module: %s cannot be set again", settings[i]);
}

bool places_save(struct places *places)
{
	int err = netns_list(&places->netns, &places->nr);
	bool changed;

	if (!err) {
		places->list = calloc(places->nr, sizeof(*places->list));
		err = places->list ? find_owners(places) : -ENOMEM;
	}
	if (!err)
		err = save_owners(places);
	if (!err)
		err = places_save_host(places, &changed);
	/* A status without mark_mask is not of our module: nothing could be put back. */
	if (!err && !reload_state_mark_mask(&places->list[0].state))
		err = -EIO;
	if (err)
		return places_complain("reload-module", err, "");
	save_settings(places);
	save_users(places);
	return true;
}

static int put_back_one(const struct place *place, char sentence[NF_VIP_ERROR_MAX])
{
	int err = netns_enter(place->netns);

	if (!err)
		err = netns_mount_sys();
	if (!err)
		err = reload_state_put_back(&place->state, sentence);
	return err;
}

static void put_back_owners(const struct place *place)
{
	int err = owners_put_back(&place->owners);

	if (err)
		places_complain("owners of files cannot be put back", err, "");
}

static bool all_are_back(const struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr; i++)
		if (!places->list[i].of_user && !places->list[i].back)
			return false;
	return true;
}

/* Namespaces without services are written, too: module parameters may have made services there. */
bool places_put_back(struct places *places)
{
	size_t i;

	put_back_settings(places);
	for (i = 0; i < places->nr; i++) {
		char sentence[NF_VIP_ERROR_MAX] = "";
		struct place *place = &places->list[i];
		int err;

		if (place->of_user)
			continue;
		err = put_back_one(place, sentence);
		place->back = !err;
		if (err)
			places_complain("the configuration cannot be put back", err, sentence);
		else
			put_back_owners(place);
	}
	return all_are_back(places);
}

/* Users were not asked whether a change waits: say that it stays unconfirmed. */
static void tell_what_stays(const struct place *place)
{
	if (status_module_number(&place->state.status, "confirm-left"))
		vipctl_complain("reload-module: unconfirmed and stays, in a user's namespace: %llu",
				(unsigned long long)place->netns->ino);
}

/* The host is served again; users' namespaces get what a few seconds allow. */
void places_put_back_users(const struct places *places)
{
	char sentence[NF_VIP_ERROR_MAX] = "";
	time_t end = places_now() + PLACES_PATIENCE;
	unsigned int nr = 0;
	size_t i;

	set_alarm(PLACES_PATIENCE);
	for (i = 0; i < places->nr; i++) {
		const struct place *place = &places->list[i];

		if (!place->of_user || (!place->lost && !reload_state_has_services(&place->state)))
			continue;
		if (!place->lost && places_now() < end && !put_back_one(place, sentence)) {
			tell_what_stays(place);
			continue;
		}
		if (nr++ < NAMED)
			vipctl_complain("reload-module: no services in a user's namespace, %llu%s",
					(unsigned long long)place->netns->ino,
					place->lost ? ", if it had any" : "");
	}
	set_alarm(0);
	if (nr > NAMED)
		vipctl_complain("reload-module: nor in %u more of users'", nr - NAMED);
	if (nr && all_are_back(places))
		vipctl_complain("reload-module: all of the host's are there");
}

void places_free(struct places *places)
{
	size_t i;

	for (i = 0; i < places->nr && places->list; i++) {
		reload_state_free(&places->list[i].state);
		owners_free(&places->list[i].owners);
	}
	for (i = 0; i < PLACES_SETTINGS; i++)
		text_free(&places->settings[i]);
	free(places->list);
	netns_free(places->netns, places->nr);
}
