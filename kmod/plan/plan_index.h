/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An index finds objects by their keys. A treap (Seidel and Aragon, "Randomized
 * search trees", 1996): a search tree whose shape random numbers decide, so
 * whoever writes a text has no say in how deep the tree is.
 */
#ifndef NF_VIP_PLAN_INDEX_H
#define NF_VIP_PLAN_INDEX_H

#include "nf_vip_pure.h"

/**
 * struct nf_vip_index_node - the part of an object that is in an index
 * @child: the trees of what is before the node, and behind it
 * @priority: no smaller than that of its children
 */
struct nf_vip_index_node {
	struct nf_vip_index_node *child[2];
	__u32 priority;
};

/**
 * struct nf_vip_index - an index
 * @root: the topmost node, or NULL
 * @compare: compares a key with that of a node, like strcmp(3)
 */
struct nf_vip_index {
	struct nf_vip_index_node *root;
	int (*compare)(const void *key, const struct nf_vip_index_node *node);
};

/**
 * nf_vip_index_find() - look for a key
 * @index: index
 * @key: key
 *
 * Return: the node of the key, or NULL, after O(log n) comparisons, as
 * nf_vip_index_add() and nf_vip_index_remove() take.
 */
struct nf_vip_index_node *nf_vip_index_find(const struct nf_vip_index *index, const void *key);

/**
 * nf_vip_index_add() - put an object into an index
 * @index: index
 * @key: key of the object, which no object in @index has
 * @node: the object's node
 */
void nf_vip_index_add(struct nf_vip_index *index, const void *key,
		      struct nf_vip_index_node *node);

/**
 * nf_vip_index_remove() - take an object out of an index
 * @index: index
 * @key: key of an object in it
 */
void nf_vip_index_remove(struct nf_vip_index *index, const void *key);

#endif /* NF_VIP_PLAN_INDEX_H */
