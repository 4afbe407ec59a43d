// SPDX-License-Identifier: GPL-2.0
/* nf_vip: a layer-4 load balancer in netfilter. kmod/README.md says which file does what. */
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
