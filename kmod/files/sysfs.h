/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /sys/kernel/nf_vip: one folder a service, one a backend, one value a file.
 */
#ifndef NF_VIP_SYSFS_H
#define NF_VIP_SYSFS_H

/**
 * nf_vip_sysfs_start() - make /sys/kernel/nf_vip
 *
 * Context: process; module init.
 * Return: 0 or an errno of kobject_init_and_add().
 */
int nf_vip_sysfs_start(void);

/**
 * nf_vip_sysfs_stop() - remove /sys/kernel/nf_vip
 *
 * Context: process; no service is left.
 */
void nf_vip_sysfs_stop(void);

#endif /* NF_VIP_SYSFS_H */
