/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /sys/kernel/nf_vip: one folder a service, one a backend, one value a file.
 */
#ifndef NF_VIP_SYSFS_H
#define NF_VIP_SYSFS_H

struct kobject;
struct nf_vip_backend;
struct nf_vip_service;

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

/**
 * nf_vip_sysfs_add_service() - folder of a service
 * @service: service whose kobject is not initialised yet
 * @name: its name
 *
 * Context: process. After success and failure alike the kobject holds a
 * reference, to be dropped with kobject_put().
 * Return: 0 or an errno of kobject_init_and_add().
 */
int nf_vip_sysfs_add_service(struct nf_vip_service *service, const char *name);

/**
 * nf_vip_sysfs_add_backend() - folder of a backend
 * @backend: backend whose kobject is not initialised yet; its service is set
 * @name: its name
 *
 * Context and return as nf_vip_sysfs_add_service().
 */
int nf_vip_sysfs_add_backend(struct nf_vip_backend *backend, const char *name);

/* Called by sysfs.c when the last reference is gone; in service.c. */
void nf_vip_service_released(struct kobject *kobj);
void nf_vip_backend_released(struct kobject *kobj);

#endif /* NF_VIP_SYSFS_H */
