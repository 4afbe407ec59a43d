// SPDX-License-Identifier: GPL-2.0
/*
 * The index of a plan against an array of flags, and how deep it gets when names come
 * in the worst order for a search tree.
 */
#include "plan/plan_index.h"
#include "tap.h"

#define SMALL	300
#define LARGE	65536

static struct object {
	struct nf_vip_index_node node;
	unsigned int key;
} objects[LARGE];

static int compare(const void *key, const struct nf_vip_index_node *node)
{
	unsigned int a = *(const unsigned int *)key;
	unsigned int b = container_of(node, struct object, node)->key;

	return (a > b) - (a < b);
}

static void add(struct nf_vip_index *index, unsigned int key)
{
	objects[key].key = key;
	nf_vip_index_add(index, &key, &objects[key].node);
}

static bool agrees(const struct nf_vip_index *index, const bool *there)
{
	unsigned int key;

	for (key = 0; key < SMALL; key++) {
		struct nf_vip_index_node *node = nf_vip_index_find(index, &key);

		if (node != (there[key] ? &objects[key].node : NULL))
			return false;
	}
	return true;
}

static void random_changes(void)
{
	struct nf_vip_index index = { .compare = compare };
	bool there[SMALL] = { false }, good = true;
	__u64 state = 1;
	unsigned int i;

	for (i = 0; i < 20000 && good; i++) {
		unsigned int key = tap_random(&state) % SMALL;

		if (there[key])
			nf_vip_index_remove(&index, &key);
		else
			add(&index, key);
		there[key] = !there[key];
		good = i % 20 || agrees(&index, there);
	}
	tap_ok(good, "what is added and removed at random is found, and nothing else");
}

static unsigned int depth_of(const struct nf_vip_index_node *node)
{
	unsigned int left, right;

	if (!node)
		return 0;
	left = depth_of(node->child[0]);
	right = depth_of(node->child[1]);
	return 1 + (left > right ? left : right);
}

/* Some 40 is what random numbers give; a plain search tree is 65536 deep. */
static void sorted(void)
{
	struct nf_vip_index index = { .compare = compare };
	unsigned int key, depth;

	for (key = 0; key < LARGE; key++)
		add(&index, key);
	depth = depth_of(index.root);
	tap_ok(depth < 80, "65536 names in order do not make it deep");
	tap_note("depth %u", depth);
	for (key = 0; key < LARGE; key++)
		nf_vip_index_remove(&index, &key);
	tap_ok(!index.root, "and all of them go");
}

int main(void)
{
	random_changes();
	sorted();
	return tap_done();
}
