/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast path: the module remembers the wished interfaces, nftables has those
 * that exist, and the functions here make the two agree.
 */
#ifndef FASTPATH_H
#define FASTPATH_H

#include "net/below.h"
#include "net/links.h"
#include "nf_vip_grammar.h"

/**
 * struct fastpath - the fast path of this network namespace
 * @wish: the interfaces that the fast path shall have
 * @link: the existing interface of each wish, or zeros; flows in the flowtable
 *	keep the MTU that they came with
 * @below: interfaces below these, if this kernel wants those, too
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
 * fastpath_is() - are two fast paths the same?
 * @a: one
 * @b: another
 *
 * Return: true if wish, indexes and MTUs are equal, and so are the interfaces
 * below.
 */
bool fastpath_is(const struct fastpath *a, const struct fastpath *b);

/**
 * fastpath_sync() - make nftables agree with the module and the interfaces
 * @what: what was asked for, for messages
 * @fastpath: how the fast path is now, on success
 *
 * Prints a message after an error.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int fastpath_sync(const char *what, struct fastpath *fastpath);

/**
 * fastpath_apply() - fastpath_sync() after the kernel has taken a configuration
 * @what: what was asked for, for messages
 *
 * Names interfaces that are not there on standard error.
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int fastpath_apply(const char *what);

/**
 * fastpath_print() - print one line: which interfaces the fast path has, and which it misses
 * @fastpath: fast path
 */
void fastpath_print(const struct fastpath *fastpath);

/**
 * fastpath_print_json() - print the fast path as JSON
 * @what: name of the command, for messages
 * @fastpath: fast path
 *
 * Return: VIPCTL_DONE or VIPCTL_REFUSED.
 */
int fastpath_print_json(const char *what, const struct fastpath *fastpath);

#endif /* FASTPATH_H */
