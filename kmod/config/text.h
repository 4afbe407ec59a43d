/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration of one moment as text. The text is made when somebody wants
 * it, and at most once for each state of the namespace: all who read at that
 * time share it.
 */
#ifndef NF_VIP_TEXT_H
#define NF_VIP_TEXT_H

#include <linux/refcount.h>
#include <linux/types.h>

struct nf_vip_net;

/**
 * struct nf_vip_config - a configuration as text
 * @vn: namespace, which outlives the text
 * @users: how many hold the text
 * @generation: generation of the namespace when the text was made
 * @len: bytes
 * @text: statements that make the same configuration again
 */
struct nf_vip_config {
	struct nf_vip_net *vn;
	refcount_t users;
	u64 generation;
	size_t len;
	char text[];
};

/**
 * nf_vip_config_is_there() - is there a text of the present state already?
 * @vn: namespace, its lock held
 */
bool nf_vip_config_is_there(const struct nf_vip_net *vn);

/**
 * nf_vip_config_get() - the configuration as it is
 * @vn: namespace, its lock held
 *
 * Context: process, may sleep.
 * Return: a text that the caller gives back with nf_vip_config_put(), or NULL for
 * lack of memory.
 */
struct nf_vip_config *nf_vip_config_get(struct nf_vip_net *vn);

/**
 * nf_vip_config_put() - give a text back
 * @config: text, or NULL
 *
 * Context: process.
 */
void nf_vip_config_put(struct nf_vip_config *config);

/**
 * nf_vip_config_forget() - drop the namespace's own reference to a text
 * @vn: namespace, its lock held, or without files
 */
void nf_vip_config_forget(struct nf_vip_net *vn);

#endif /* NF_VIP_TEXT_H */
