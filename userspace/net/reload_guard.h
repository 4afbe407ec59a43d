/* SPDX-License-Identifier: GPL-2.0 */
/*
 * While the module is away, the kernel's own NAT goes on with the connections
 * that there are, if something keeps its hooks, and those of conntrack. A table
 * of nftables does that, and lets nothing new get to a VIP meanwhile, where it
 * would be answered by somebody else.
 */
#ifndef RELOAD_GUARD_H
#define RELOAD_GUARD_H

#include <stdbool.h>
#include "lib/text.h"
#include "nf_vip_limits.h"

/* The table's name, for messages. */
#define RELOAD_GUARD_TABLE	"table inet nf_vip_keep"

/* What the configuration of a namespace is kept in meanwhile, with a dot and its inode behind. */
#define RELOAD_GUARD_RESCUE	"/run/nf_vip.reload"
#define RELOAD_GUARD_RESCUE_MAX	(sizeof(RELOAD_GUARD_RESCUE) + 24)

/**
 * enum reload_guard_where - where the table stands
 * @RELOAD_GUARD_BEHIND: the module that is about to go: nothing that it balances meets the
 *	table, so that it may stand there for as long as it takes
 * @RELOAD_GUARD_BEFORE: the new one, which is there for a moment before all of its state is
 */
enum reload_guard_where {
	RELOAD_GUARD_BEHIND,
	RELOAD_GUARD_BEFORE,
};

/**
 * reload_guard_make() - put the table in, in this network namespace; the one before it goes
 * @config: configuration, as the kernel printed it
 * @where: where it is to stand
 * @sentence: what nftables says, with -EIO
 *
 * Return: 0, -ENOMEM or -EIO.
 */
int reload_guard_make(const struct text *config, enum reload_guard_where where,
		      char sentence[NF_VIP_ERROR_MAX]);

/**
 * reload_guard_remove() - take the table out
 * @sentence: what nftables says, with -EIO
 *
 * Return: 0, -ENOMEM or -EIO.
 */
int reload_guard_remove(char sentence[NF_VIP_ERROR_MAX]);

/**
 * reload_guard_rescue_path() - where the configuration of a namespace is meanwhile
 * @ino: inode of the namespace
 * @path: filled in
 *
 * Return: @path.
 */
const char *reload_guard_rescue_path(unsigned long long ino, char path[RELOAD_GUARD_RESCUE_MAX]);

/**
 * reload_guard_lock() - be the only one who makes tables, until this process ends
 *
 * Return: 0, -EWOULDBLOCK if there is one, or another negative errno.
 */
int reload_guard_lock(void);

/**
 * reload_guard_is_left() - is there a table, and nobody who would take it out?
 *
 * In this network namespace. False, too, for who may not know.
 */
bool reload_guard_is_left(void);

/**
 * reload_guard_remove_left() - take such a table out
 *
 * Return: whether there was one.
 */
bool reload_guard_remove_left(void);

#endif /* RELOAD_GUARD_H */
