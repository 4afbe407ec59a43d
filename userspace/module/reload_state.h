/* SPDX-License-Identifier: GPL-2.0 */
/* The state that the module has of a network namespace, kept while the module is away. */
#ifndef RELOAD_STATE_H
#define RELOAD_STATE_H

#include <stdbool.h>
#include "lib/text.h"
#include "nf_vip_limits.h"

/**
 * struct reload_state - the state of a network namespace
 * @config: configuration of the namespace
 * @status: health, flags and whatever else is not in the configuration
 */
struct reload_state {
	struct text config;
	struct text status;
};

/**
 * reload_state_take() - remember what the module has, in this network namespace
 * @state: filled in; free with reload_state_free()
 *
 * Return: 0 or a negative errno of module_io.h.
 */
int reload_state_take(struct reload_state *state);

/**
 * reload_state_has_services() - has a saved state any service?
 * @state: state
 */
bool reload_state_has_services(const struct reload_state *state);

/**
 * reload_state_mark_mask() - the bits of the mark that the module has
 * @state: state
 *
 * Return: the parameter mark_mask.
 */
unsigned int reload_state_mark_mask(const struct reload_state *state);

/**
 * reload_state_put_back() - give the state to a module that has nothing yet
 * @state: state
 * @sentence: why the kernel refused the state, "" if it does not say
 *
 * A backend that was alive is not taken for dead meanwhile, or its connections
 * would be reset or moved.
 *
 * Return: 0 or a negative errno.
 */
int reload_state_put_back(const struct reload_state *state, char sentence[NF_VIP_ERROR_MAX]);

/**
 * reload_state_free() - free the memory
 * @state: state
 */
void reload_state_free(struct reload_state *state);

#endif /* RELOAD_STATE_H */
