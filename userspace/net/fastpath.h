/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast path: the module remembers which interfaces it shall have, nftables
 * has those of them that exist, and what is here makes the two agree.
 */
#ifndef FASTPATH_H
#define FASTPATH_H

#include "net/below.h"
#include "net/links.h"
#include "nf_vip_grammar.h"

/**
 * struct fastpath - the fast path of this network namespace
 * @wish: the interfaces that it shall have
 * @link: for each of them the one that exists, or zeros; flows in the
 *	flowtable keep the MTU that they came with
 * @below: what lies below them, if this kernel wants that, too
 */
struct fastpath {
	struct nf_vip_fastpath_spec wish;
	struct link link[NF_VIP_FASTPATH_MAX];
	struct below below;
};

/**
 * fastpath_look() - see how the fast path should be now
 * @fastpath: filled in
 *
 * Return: 0 or an error of module_io_read_config(), links_find() or below_find().
 */
int fastpath_look(struct fastpath *fastpath);

/**
 * fastpath_is() - is that the same fast path?
 * @a: one
 * @b: another
 *
 * Return: true if wish, indexes and MTUs are equal, and what lies below.
 */
bool fastpath_is(const struct fastpath *a, const struct fastpath *b);

/**
 * fastpath_sync() - make nftables agree with the module and the interfaces
 * @what: what was asked for, for messages
 * @fastpath: how it is now, on success
 *
 * Prints why it did not work.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int fastpath_sync(const char *what, struct fastpath *fastpath);

/**
 * fastpath_apply() - the same after the kernel has taken a configuration
 * @what: what was asked for, for messages
 *
 * Names interfaces that are not there on standard error.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int fastpath_apply(const char *what);

/**
 * fastpath_print() - print one line: which interfaces it has, which it misses
 * @fastpath: fast path
 */
void fastpath_print(const struct fastpath *fastpath);

/**
 * fastpath_print_json() - the same as JSON
 * @what: name of the command, for messages
 * @fastpath: fast path
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int fastpath_print_json(const char *what, const struct fastpath *fastpath);

#endif /* FASTPATH_H */
