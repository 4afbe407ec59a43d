/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The queue of the module, for all that it does later or without a caller. It
 * is bound to no processor: a sweep or a walk takes long, and must not keep the
 * processor on which a packet asked for it. The system's own queues change
 * their names between kernels; this one is ours.
 */
#ifndef NF_VIP_QUEUE_H
#define NF_VIP_QUEUE_H

#include <linux/workqueue.h>

/** @nf_vip_queue: from nf_vip_queue_start() on */
extern struct workqueue_struct *nf_vip_queue;

/**
 * nf_vip_queue_start() - make the queue
 *
 * Return: 0 or -ENOMEM.
 */
int nf_vip_queue_start(void);

/**
 * nf_vip_queue_stop() - destroy the queue; every namespace has cancelled its work
 */
void nf_vip_queue_stop(void);

#endif /* NF_VIP_QUEUE_H */
