/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NF_VIP_CONFIG_H
#define NF_VIP_CONFIG_H

#include <linux/proc_fs.h>

/* Of /proc/net/nf_vip/config; the file's data is its struct nf_vip_net. */
extern const struct proc_ops nf_vip_config_ops;

#endif /* NF_VIP_CONFIG_H */
