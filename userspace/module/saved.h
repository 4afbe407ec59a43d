/* SPDX-License-Identifier: GPL-2.0 */
/* What the module has of a network namespace, kept while it is away. */
#ifndef SAVED_H
#define SAVED_H

#include <stdbool.h>
#include "lib/text.h"
#include "nf_vip_limits.h"

/**
 * struct saved - the state of a network namespace
 * @config: its configuration
 * @status: health, flags and what else no configuration has
 */
struct saved {
	struct text config;
	struct text status;
};

/**
 * saved_take() - remember what the module has, in this network namespace
 * @saved: filled in; free with saved_free()
 *
 * Return: 0 or a negative errno of module_io.h.
 */
int saved_take(struct saved *saved);

/**
 * saved_has_services() - is there anything to lose?
 * @saved: state
 */
bool saved_has_services(const struct saved *saved);

/**
 * saved_mark_mask() - the bits of the mark that the module has
 * @saved: state
 *
 * Return: the parameter mark_mask.
 */
unsigned int saved_mark_mask(const struct saved *saved);

/**
 * saved_put_back() - give it to a module that has nothing yet
 * @saved: state
 * @sentence: why the kernel refused, "" if it does not say
 *
 * No backend is taken for dead on the way that was alive, or connections of it
 * would be reset or moved.
 *
 * Return: 0 or a negative errno.
 */
int saved_put_back(const struct saved *saved, char sentence[NF_VIP_ERROR_MAX]);

/**
 * saved_free() - free the memory
 * @saved: state
 */
void saved_free(struct saved *saved);

#endif /* SAVED_H */
