// SPDX-License-Identifier: GPL-2.0
/*
 * When a network namespace goes, its files go first and then its hooks, both in
 * pre_exit; the core waits a grace period before exit frees what the hooks
 * used.
 */
#include <linux/slab.h>
#include "config/confirm.h"
#include "config/text.h"
#include "config/transaction.h"
#include "files/procfs.h"
#include "health/condition.h"
#include "health/drain.h"
#include "health/eject_run.h"
#include "health/lease.h"
#include "health/removal.h"
#include "health/sweep.h"
#include "health/upkeep.h"
#include "net.h"
#include "objects/queue.h"
#include "objects/quota.h"
#include "objects/state.h"
#include "path/hooks.h"
#include "path/route.h"

static int __net_init init_one(struct net *net)
{
	struct nf_vip_net *vn = nf_vip_pernet(net);

	vn->net = net;
	vn->queue = nf_vip_queue_of(nf_vip_is_of_user(vn));
	mutex_init(&vn->writer);
	mutex_init(&vn->askers);
	mutex_init(&vn->lock);
	INIT_LIST_HEAD(&vn->services);
	vn->by_name = RB_ROOT;
	INIT_LIST_HEAD(&vn->conditions);
	vn->conditions_by_name = RB_ROOT;
	nf_vip_hooks_init(vn);
	nf_vip_quota_init(vn);
	nf_vip_sweep_init(vn);
	nf_vip_upkeep_init(vn);
	nf_vip_lease_init(vn);
	nf_vip_eject_init(vn);
	nf_vip_drain_init(vn);
	nf_vip_removal_init(vn);
	nf_vip_transaction_init(vn);

	return nf_vip_condition_start(vn);
}

static void __net_exit pre_exit_one(struct net *net)
{
	nf_vip_hooks_drop(nf_vip_pernet(net));
}

static void __net_exit exit_one(struct net *net)
{
	struct nf_vip_net *vn = nf_vip_pernet(net);

	nf_vip_transaction_clear(vn);
	nf_vip_upkeep_stop(vn);
	nf_vip_lease_stop(vn);
	nf_vip_eject_stop(vn);
	nf_vip_drain_stop(vn);
	nf_vip_removal_stop(vn);
	nf_vip_condition_stop(vn);
	nf_vip_sweep_cancel(vn);
	nf_vip_config_forget(vn);
	nf_vip_routes_free(vn->routes);
	kvfree(vn->recent);
	kvfree(vn->failed);
	kvfree(vn->asked);
}

static struct pernet_operations pernet_ops = {
	.init		= init_one,
	.pre_exit	= pre_exit_one,
	.exit		= exit_one,
	.id		= &nf_vip_pernet_id,
	.size		= sizeof(struct nf_vip_net),
};

static int __net_init open_files(struct net *net)
{
	return nf_vip_procfs_start(nf_vip_pernet(net));
}

/* From here on no transaction begins: a transaction could register the hooks again. */
static void __net_exit close_files(struct net *net)
{
	struct nf_vip_net *vn = nf_vip_pernet(net);

	WRITE_ONCE(vn->closing, true);
	nf_vip_procfs_stop(vn);
	nf_vip_confirm_stop(vn);
	if (nf_vip_is_of_user(vn))
		nf_vip_hooks_drop(vn);
}

static void __net_exit clear_users(struct net *net)
{
	struct nf_vip_net *vn = nf_vip_pernet(net);

	if (nf_vip_is_of_user(vn))
		nf_vip_transaction_clear(vn);
}

/*
 * Closing the files waits for whoever is in a call of one. On module unload
 * that is done in all namespaces before anything else, so that the host's
 * services run on while some namespace is waited for. Then everything that
 * users have is freed, which may be much; the host's services end last, and are
 * back the sooner after a reload.
 */
static struct pernet_operations files_ops = {
	.init		= open_files,
	.pre_exit	= close_files,
	.exit		= clear_users,
};

int nf_vip_net_start(void)
{
	int err = register_pernet_subsys(&pernet_ops);

	if (err)
		return err;
	err = register_pernet_subsys(&files_ops);
	if (err)
		unregister_pernet_subsys(&pernet_ops);
	return err;
}

void nf_vip_net_stop(void)
{
	WRITE_ONCE(nf_vip_unloading, true);
	unregister_pernet_subsys(&files_ops);
	unregister_pernet_subsys(&pernet_ops);
}
