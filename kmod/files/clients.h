/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file that lists the clients of services with persistence.
 */
#ifndef NF_VIP_CLIENTS_H
#define NF_VIP_CLIENTS_H

#include <linux/proc_fs.h>

/* Of /proc/net/nf_vip/clients; the file's data is its struct nf_vip_net. */
extern const struct proc_ops nf_vip_clients_ops;

#endif /* NF_VIP_CLIENTS_H */
