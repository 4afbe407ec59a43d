// SPDX-License-Identifier: GPL-2.0
/*
 * nf_vip: a layer-4 load balancer in netfilter.
 *
 * A new connection: hooks.c -> engine.c -> map.c, choose.c -> select.c -> bind.c
 * with snat.c, or reject.c; persist.c remembers clients; UDP: twin.c, repick.c;
 * TCP from the middle of a connection: hold.c.
 * Each packet: hooks.c -> engine.c -> translate.c; route.c, xfrm.c; before the
 * engine ondown.c, while a backend is down, and redispatch.c, where one may be
 * ejected.
 * A change of the configuration: config.c or params.c -> transaction.c ->
 * draft.c, the parser (parse*.c) -> prepare.c: draft_marks.c, mark.c,
 * liveness.c, draft_map.c, map.c -> commit.c; a selection is made by select.c,
 * or with scheduler hash maglev.c. confirm.c goes back to what there was, if
 * nobody confirms a change in time.
 * A change of a backend's state: sysfs.c or condition.c, or lease.c, which
 * takes health back that nobody renews, or eject.c, by what packets saw ->
 * liveness.c; how one runs empty: drain.c, and leave.c, if it was deleted.
 * Who wants to know of it is told by event.c.
 * What packets do not show: sweep.c, live.c.
 * What would become of a connection: explain.c -> explain_answer.c -> look.c,
 * which has choose.c choose without a trace.
 * What users read: config.c, status_file.c with print.c, clients.c; where a reader is,
 * place.c, and how none keeps the module from going, file.c. What a namespace of a
 * user may have: quota.c.
 * What lives how long: net.c (a namespace), service.c (services, backends);
 * what is done later: queue.c.
 */
#include <linux/module.h>
#include "files/sysfs.h"
#include "health/condition.h"
#include "net.h"
#include "nf_vip_limits.h"
#include "objects/queue.h"
#include "objects/service.h"
#include "params.h"

static void __exit nf_vip_exit(void)
{
	nf_vip_net_stop();
	nf_vip_service_wait_released();
	nf_vip_sysfs_stop();
	nf_vip_queue_stop();
}

static int __init nf_vip_init(void)
{
	int err;

	err = nf_vip_params_check();
	if (err)
		return err;
	nf_vip_condition_probe();

	err = nf_vip_queue_start();
	if (err)
		return err;
	err = nf_vip_sysfs_start();
	if (err)
		goto stop_queue;
	err = nf_vip_net_start();
	if (err)
		goto stop_sysfs;
	err = nf_vip_params_apply();
	if (err)
		goto stop_net;
	return 0;

stop_net:
	nf_vip_net_stop();
	nf_vip_service_wait_released();
stop_sysfs:
	nf_vip_sysfs_stop();
stop_queue:
	nf_vip_queue_stop();
	return err;
}

module_init(nf_vip_init);
module_exit(nf_vip_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Layer-4 load balancer in netfilter");
MODULE_AUTHOR("the nf_vip engineers");
MODULE_VERSION(NF_VIP_VERSION);
