/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All network namespaces, and what the module has in each of them, on the way through
 * a reload of the module. Namespaces of users come second everywhere, and have little
 * time.
 */
#ifndef PLACES_H
#define PLACES_H

#include <stdbool.h>
#include <time.h>
#include "lib/netns.h"
#include "module/owners.h"
#include "module/reload_state.h"

/* Seconds for unloading, and for putting back the state of users' namespaces. */
#define PLACES_PATIENCE	5

/* Parameters that can be changed while the module runs; the new one begins with its defaults. */
enum { PLACES_SETTINGS = 6 };

/**
 * struct place - a network namespace on the way through a reload
 * @netns: way into the namespace
 * @state: what the module had there
 * @owners: whose its files were, of the host's only
 * @of_user: the namespace belongs to somebody who need not have any right here
 * @lost: what the module had there cannot be told
 * @guarded: the reload guard's table is in place
 * @back: the module that runs now has that state
 */
struct place {
	struct netns *netns;
	struct reload_state state;
	struct owners owners;
	bool of_user;
	bool lost;
	bool guarded;
	bool back;
};

/**
 * struct places - all network namespaces
 * @netns: ways into the namespaces; the first is this process's own
 * @list: what each namespace has
 * @nr: how many namespaces
 * @settings: values of parameters
 */
struct places {
	struct netns *netns;
	struct place *list;
	size_t nr;
	struct text settings[PLACES_SETTINGS];
};

/**
 * places_save() - save the state of all namespaces
 * @places: all zero; places_free() is due in any case
 *
 * Return: true, or false after a message that says why not.
 */
bool places_save(struct places *places);

/**
 * places_save_host() - save the state of the host's namespaces, again if need be
 * @places: namespaces that were found
 * @changed: whether configuration or state is another one than before
 *
 * Somebody may change something between this and the moment the module goes.
 *
 * Return: 0 or a negative errno.
 */
int places_save_host(struct places *places, bool *changed);

/**
 * places_put_back() - give a new module the state of the host's namespaces
 * @places: what was saved
 *
 * A namespace whose state is refused does not keep the others from theirs.
 *
 * Return: true if each has its state, see &struct place; false after messages that
 * say which has not, and why.
 */
bool places_put_back(struct places *places);

/**
 * places_put_back_users() - give back users' states, for PLACES_PATIENCE seconds
 * @places: what was saved
 *
 * Prints what could not be given back.
 */
void places_put_back_users(const struct places *places);

/**
 * places_complain() - say why something failed
 * @what: what
 * @err: negative errno
 * @sentence: what the kernel or nftables says of the failure, or ""
 *
 * Return: false.
 */
bool places_complain(const char *what, int err, const char *sentence);

/**
 * places_now() - seconds of a clock that nobody sets
 */
time_t places_now(void);

/**
 * places_free() - free what was saved
 * @places: what was saved
 */
void places_free(struct places *places);

#endif /* PLACES_H */
