/* SPDX-License-Identifier: GPL-2.0 */
/* An import as JSON. */
#ifndef IMPORT_JSON_H
#define IMPORT_JSON_H

#include "import/import.h"
#include "lib/json.h"

/**
 * import_json() - services, backends, and what was not taken
 * @im: import, complete
 *
 * Return: a new document, or NULL if there was no memory.
 */
json_t *import_json(const struct import *im);

#endif /* IMPORT_JSON_H */
