// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include "config/print.h"
#include "config/text.h"
#include "objects/state.h"

static struct nf_vip_config *make(struct nf_vip_net *vn)
{
	struct nf_vip_config *config;
	struct seq_file m = {};

	for (m.size = SZ_4K; m.size <= SZ_1G; m.size *= 2) {
		config = kvmalloc(sizeof(*config) + m.size, GFP_KERNEL_ACCOUNT);
		if (!config)
			return NULL;
		m.buf = config->text;
		m.count = 0;
		nf_vip_print_config(&m, vn);
		if (!seq_has_overflowed(&m)) {
			atomic_inc(&vn->nr_configs);
			config->vn = vn;
			refcount_set(&config->users, 1);
			config->generation = vn->generation;
			config->len = m.count;
			return config;
		}
		kvfree(config);
		cond_resched();
	}
	return NULL;
}

void nf_vip_config_put(struct nf_vip_config *config)
{
	if (!config || !refcount_dec_and_test(&config->users))
		return;
	atomic_dec(&config->vn->nr_configs);
	kvfree(config);
}

void nf_vip_config_forget(struct nf_vip_net *vn)
{
	nf_vip_config_put(vn->config);
	vn->config = NULL;
}

bool nf_vip_config_is_there(const struct nf_vip_net *vn)
{
	return vn->config && vn->config->generation == vn->generation;
}

struct nf_vip_config *nf_vip_config_get(struct nf_vip_net *vn)
{
	lockdep_assert_held(&vn->lock);
	if (!nf_vip_config_is_there(vn)) {
		nf_vip_config_forget(vn);
		vn->config = make(vn);
	}
	if (vn->config)
		refcount_inc(&vn->config->users);
	return vn->config;
}
