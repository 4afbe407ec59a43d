/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between two configurations. */
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include "config/model.h"

/* A service has its protocol and VIPs besides options, a backend its address. */
#define MODEL_FIELDS_MAX	34

enum model_change_kind { MODEL_ADD, MODEL_DELETE, MODEL_CHANGE };

/**
 * struct model_field - a property of an object
 * @name: word of the option; or proto, vip, address, interface
 * @from: its value in the first configuration, or NULL
 * @to: its value in the second one, or NULL
 */
struct model_field {
	const char *name;
	const char *from;
	const char *to;
};

/**
 * struct model_change - an object that is not the same in both
 * @kind: whether it is only in the second, only in the first, or different
 * @type: service, backend or fastpath
 * @name: name of the object; SERVICE/NAME for a backend; "" for the fast path
 * @nr: how many fields
 * @fields: for an added object, whatever is not the default; for a deleted one,
 *	none
 */
struct model_change {
	enum model_change_kind kind;
	const char *type;
	const char *name;
	unsigned int nr;
	struct model_field fields[MODEL_FIELDS_MAX];
};

/**
 * model_diff() - compare two configurations
 * @from: the first one
 * @to: the second one
 * @tell: called with @arg and each change, which may be used until @tell
 *	returns
 * @arg: for @tell
 *
 * The order of statements, of VIPs and of interfaces does not count, and a
 * mark only if @to states it.
 *
 * Return: how many changes there are.
 */
unsigned int model_diff(const struct model *from, const struct model *to,
			void (*tell)(void *arg, const struct model_change *change), void *arg);

#endif /* MODEL_DIFF_H */
