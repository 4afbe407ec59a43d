// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include "objects/queue.h"

static struct workqueue_struct *of_host, *of_users;

struct workqueue_struct *nf_vip_queue_of(bool user)
{
	return user ? of_users : of_host;
}

int nf_vip_queue_start(void)
{
	of_host = alloc_workqueue("nf_vip", WQ_UNBOUND, 0);
	if (!of_host)
		return -ENOMEM;
	of_users = alloc_workqueue("nf_vip_users", WQ_UNBOUND, 0);
	if (!of_users) {
		destroy_workqueue(of_host);
		return -ENOMEM;
	}
	return 0;
}

void nf_vip_queue_stop(void)
{
	destroy_workqueue(of_users);
	destroy_workqueue(of_host);
}
