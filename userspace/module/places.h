/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All network namespaces, and what the module has in each of them, on the way through
 * a reload of the module. Those of users come second everywhere, and have little time.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stdbool.h>
#include <time.h>
#include "lib/netns.h"
#include "module/reload_state.h"

/* Seconds for unloading, and for what users' namespaces had. */
#define PLACES_PATIENCE	5

/* Parameters that can be changed while the module runs; the new one begins with its defaults. */
enum { PLACES_SETTINGS = 6 };

/**
 * struct place - a network namespace on the way through a reload
 * @netns: way into it
 * @state: what the module had there
 * @of_user: it belongs to somebody who need not have any right here
 * @lost: what the module had there cannot be told
 * @guarded: the reload guard's table is in
 * @back: the module that runs now has it
 */
struct place {
	struct netns *netns;
	struct reload_state state;
	bool of_user;
	bool lost;
	bool guarded;
	bool back;
};

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
	struct text settings[PLACES_SETTINGS];
};

/**
 * places_save() - take down what there is
 * @places: all zero; places_free() is due in any case
 *
 * Return: true, or false after it has said why not.
 */
bool places_save(struct places *places);

/**
 * places_save_host() - take down what the host has, once more if that was done before
 * @places: namespaces that were found
 * @changed: whether it is another configuration, or state, than it was
 *
 * Somebody may change something between this and the moment the module goes.
 *
 * Return: 0 or a negative errno.
 */
int places_save_host(struct places *places, bool *changed);

/**
 * places_put_back() - give it to a module that was just loaded, the host's only
 * @places: what was saved
 *
 * A namespace that cannot have it does not keep the others from it.
 *
 * Return: true if each has it, see &struct place; false after it has said which has
 * not, and why.
 */
bool places_put_back(struct places *places);

/**
 * places_put_back_users() - the same of users, as far as it gets in PLACES_PATIENCE
 * @places: what was saved
 *
 * Says what it could not.
 */
void places_put_back_users(const struct places *places);

/**
 * places_complain() - say why something failed
 * @what: what
 * @err: negative errno
 * @sentence: what the kernel or nftables says of it, or ""
 *
 * Return: false.
 */
bool places_complain(const char *what, int err, const char *sentence);

/**
 * places_now() - seconds of a clock that nobody sets
 */
time_t places_now(void);

/**
 * places_free() - forget it
 * @places: what was saved
 */
void places_free(struct places *places);

#endif /* PLACES_H */
