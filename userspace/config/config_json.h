/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration as JSON. */
#ifndef CONFIG_JSON_H
#define CONFIG_JSON_H

#include "lib/json.h"
#include "lib/text.h"

/**
 * config_json() - a configuration as JSON
 * @config: configuration, as the kernel printed it
 *
 * Every service and backend has every option, even if the option has its
 * default.
 *
 * Return: the document, or NULL if there was no memory for it.
 */
json_t *config_json(const struct text *config);

#endif /* CONFIG_JSON_H */
