/* SPDX-License-Identifier: GPL-2.0 */
/*
 * While the module is away, the kernel's own NAT goes on with existing
 * connections, if something keeps the hooks of NAT and of conntrack. A table of
 * nftables does that, and lets nothing new get to a VIP meanwhile, where
 * somebody else would answer it.
 */
#ifndef RELOAD_GUARD_H
#define RELOAD_GUARD_H

#include <stdbool.h>
#include "lib/text.h"
#include "nf_vip_limits.h"

/* The table's name, for messages. */
#define RELOAD_GUARD_TABLE	"table inet nf_vip_keep"

/*
 * The file with the configuration of a namespace meanwhile, followed by a dot
 * and its inode number.
 */
#define RELOAD_GUARD_RESCUE	"/run/nf_vip.reload"
#define RELOAD_GUARD_RESCUE_MAX	(sizeof(RELOAD_GUARD_RESCUE) + 24)

/**
 * enum reload_guard_where - where the table stands
 * @RELOAD_GUARD_BEHIND: behind the module that is about to go: nothing that the module
 *	balances meets the table, so that it may stand there for as long as it takes
 * @RELOAD_GUARD_BEFORE: before the new module, which runs for a moment without all of its
 *	state
 */
enum reload_guard_where {
	RELOAD_GUARD_BEHIND,
	RELOAD_GUARD_BEFORE,
};

/**
 * reload_guard_make() - put the table into this namespace, in place of an older one
 * @config: configuration, as the kernel printed it
 * @where: where the table is to stand
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
 * reload_guard_lock() - be the only process that makes tables, until it ends
 *
 * Return: 0, -EWOULDBLOCK if another process is, or another negative errno.
 */
int reload_guard_lock(void);

/**
 * reload_guard_is_left() - is there a table that nobody would remove?
 *
 * In this network namespace. Also false if this process may not find out.
 */
bool reload_guard_is_left(void);

/**
 * reload_guard_remove_left() - remove a table that was left over
 *
 * Return: whether there was one.
 */
bool reload_guard_remove_left(void);

#endif /* RELOAD_GUARD_H */
