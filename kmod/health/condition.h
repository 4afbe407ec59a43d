/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Condition flags: the files of /proc/net/nf_condition, with the contract of
 * xtables-addons' condition match (0 is alive and the default, 1 is dead).
 */
#ifndef NF_VIP_CONDITION_H
#define NF_VIP_CONDITION_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include "nf_vip_limits.h"

struct nf_vip_backend;
struct nf_vip_net;
struct proc_dir_entry;

/**
 * struct nf_vip_condition - one flag, shared by the backends that name it
 * @vn: network namespace
 * @node: in nf_vip_net.conditions
 * @by_name: in nf_vip_net.conditions_by_name
 * @backends: the backends that name the flag
 * @users: how many references nf_vip_condition_get() gave out
 * @dead: the flag
 * @waiting: how many calls of the file wait for their caller's memory; see
 *	file.h
 * @file: the file of the flag
 * @name: the name of the flag, and of its file
 *
 * Protected by nf_vip_net.lock, but for @waiting. A flag that no backend names any
 * more is removed. While a call waits, the flag is kept without @users: removing a
 * file waits for all calls of that file, which could be for ever.
 */
struct nf_vip_condition {
	struct nf_vip_net *vn;
	struct list_head node;
	struct rb_node by_name;
	struct list_head backends;
	unsigned int users;
	bool dead;
	atomic_t waiting;
	struct proc_dir_entry *file;
	char name[NF_VIP_CONDITION_MAX + 1];
};

/**
 * nf_vip_condition_probe() - see at module load whether xt_condition is there
 *
 * Context: process; module init, before any namespace is set up.
 */
void nf_vip_condition_probe(void);

/**
 * nf_vip_condition_start() - make /proc/net/nf_condition of a namespace
 * @vn: namespace
 *
 * Leaves @vn->condition_dir NULL if xt_condition was found.
 *
 * Return: 0 or -ENOMEM.
 */
int nf_vip_condition_start(struct nf_vip_net *vn);

/**
 * nf_vip_condition_stop() - remove what nf_vip_condition_start() made
 * @vn: namespace without conditions
 */
void nf_vip_condition_stop(struct nf_vip_net *vn);

/**
 * nf_vip_condition_get() - get the flag of a name, made if it is new
 * @vn: namespace, @vn->lock held
 * @name: valid name
 *
 * Return: a counted reference, or ERR_PTR: -EOPNOTSUPP (xt_condition has the
 * directory), -ENOMEM.
 */
struct nf_vip_condition *nf_vip_condition_get(struct nf_vip_net *vn, const char *name);

/**
 * nf_vip_condition_put() - give a reference back
 * @condition: flag or NULL; the namespace's lock held
 * @unnamed: list that takes a flag which no backend names any more
 *
 * The last reference takes the flag off the namespace's list; its file stays
 * until nf_vip_condition_reap() is called.
 */
void nf_vip_condition_put(struct nf_vip_condition *condition, struct list_head *unnamed);

/**
 * nf_vip_condition_reap() - remove the files of flags that no backend names
 * @unnamed: list filled by nf_vip_condition_put()
 *
 * Context: process; waits for writers of the files, which want the namespace's
 * lock: hold nf_vip_net.writer only, so that no new flag of the same name comes
 * first.
 */
void nf_vip_condition_reap(struct list_head *unnamed);

/**
 * nf_vip_condition_is_dead() - does a flag keep its backends out?
 * @condition: flag, its namespace's lock held; or NULL, for a backend without
 */
static inline bool nf_vip_condition_is_dead(const struct nf_vip_condition *condition)
{
	return condition && condition->dead;
}

#endif /* NF_VIP_CONDITION_H */
