// SPDX-License-Identifier: GPL-2.0
#include "queue.h"

struct workqueue_struct *nf_vip_queue;

int nf_vip_queue_start(void)
{
	nf_vip_queue = alloc_workqueue("nf_vip", WQ_UNBOUND, 0);
	return nf_vip_queue ? 0 : -ENOMEM;
}

void nf_vip_queue_stop(void)
{
	destroy_workqueue(nf_vip_queue);
}
