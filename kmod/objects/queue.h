/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The queues of the module, for all that the module does later or without a
 * caller. The queues are bound to no processor: a sweep or a walk takes long,
 * and must not keep the processor on which a packet asked for it. The system's
 * own queues do not serve, because their names change between kernels.
 *
 * Work waits for the locks of its namespace, and a queue runs some hundred items at a
 * time: so users' namespaces have a queue of their own, to fill as they like.
 */
#ifndef NF_VIP_QUEUE_H
#define NF_VIP_QUEUE_H

#include <linux/workqueue.h>

/**
 * nf_vip_queue_of() - where the work of a namespace goes
 * @user: true for a user's namespace, see nf_vip_is_of_user()
 *
 * Return: a queue that there is until nf_vip_queue_stop().
 */
struct workqueue_struct *nf_vip_queue_of(bool user);

/**
 * nf_vip_queue_start() - make the queues
 *
 * Return: 0 or -ENOMEM.
 */
int nf_vip_queue_start(void);

/**
 * nf_vip_queue_stop() - destroy the queues; every namespace has cancelled its work
 */
void nf_vip_queue_stop(void);

#endif /* NF_VIP_QUEUE_H */
