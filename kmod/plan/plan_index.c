// SPDX-License-Identifier: GPL-2.0
#include "plan/plan_index.h"

struct nf_vip_index_node *nf_vip_index_find(const struct nf_vip_index *index, const void *key)
{
	struct nf_vip_index_node *node = index->root;

	while (node) {
		int order = index->compare(key, node);

		if (!order)
			break;
		node = node->child[order > 0];
	}
	return node;
}

/* Splits the nodes from @node down into those before a key and those behind it. */
static void split(const struct nf_vip_index *index, const void *key,
		  struct nf_vip_index_node *node, struct nf_vip_index_node *into[2])
{
	struct nf_vip_index_node **at[2] = { &into[0], &into[1] };

	while (node) {
		bool before = index->compare(key, node) > 0;

		*at[!before] = node;
		at[!before] = &node->child[before];
		node = node->child[before];
	}
	*at[0] = NULL;
	*at[1] = NULL;
}

void nf_vip_index_add(struct nf_vip_index *index, const void *key,
		      struct nf_vip_index_node *node)
{
	struct nf_vip_index_node **at = &index->root;

	node->priority = NF_VIP_PURE_RANDOM();
	while (*at && (*at)->priority >= node->priority)
		at = &(*at)->child[index->compare(key, *at) > 0];
	split(index, key, *at, node->child);
	*at = node;
}

void nf_vip_index_remove(struct nf_vip_index *index, const void *key)
{
	struct nf_vip_index_node **at = &index->root, *left, *right;
	int order;

	while ((order = index->compare(key, *at)))
		at = &(*at)->child[order > 0];
	left = (*at)->child[0];
	right = (*at)->child[1];
	while (left && right) {
		bool from_left = left->priority > right->priority;
		struct nf_vip_index_node *top = from_left ? left : right;

		*at = top;
		at = &top->child[from_left];
		if (from_left)
			left = *at;
		else
			right = *at;
	}
	*at = left ?: right;
}
