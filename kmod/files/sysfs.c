// SPDX-License-Identifier: GPL-2.0
/*
 * The sysfs tree. Services carry the tag of their network namespace, so that a
 * mount of sysfs shows those of its own namespace only; see class.c and
 * net-sysfs.c of the kernel for the same with /sys/class/net.
 */
#include <linux/completion.h>
#include <linux/sysfs.h>
#include <net/net_namespace.h>
#include "files/attribute.h"
#include "files/sysfs.h"
#include "objects/service.h"
#include "select/compat.h"

/* A kset, because the kernel sends no uevents for objects that are in none. */
static struct kset root;
static DECLARE_COMPLETION(root_released);
static struct nf_vip_attributes of_services, of_backends;

static const struct kobj_ns_type_operations *
root_child_ns_type(NF_VIP_KOBJ_CONST struct kobject *kobj)
{
	return &net_ns_type_operations;
}

static void root_release(struct kobject *kobj)
{
	complete(&root_released);
}

static const struct kobj_type root_type = {
	.release	= root_release,
	.sysfs_ops	= &kobj_sysfs_ops,
	.child_ns_type	= root_child_ns_type,
};

void nf_vip_sysfs_stop(void)
{
	kset_unregister(&root);
	wait_for_completion(&root_released);
	nf_vip_attributes_free(&of_backends);
	nf_vip_attributes_free(&of_services);
}

static int __init make_root(void)
{
	int err;

	root.kobj.parent = kernel_kobj;
	root.kobj.ktype = &root_type;
	err = kobject_set_name(&root.kobj, "nf_vip");
	return err ?: kset_register(&root);
}

int __init nf_vip_sysfs_start(void)
{
	int err;

	err = nf_vip_attributes_make(&of_services, &nf_vip_service_attributes);
	if (err)
		return err;
	err = nf_vip_attributes_make(&of_backends, &nf_vip_backend_attributes);
	if (err)
		goto free_services;
	nf_vip_service_set_folders(&root, of_services.groups, of_backends.groups);
	err = make_root();
	if (!err)
		return 0;

	nf_vip_attributes_free(&of_backends);
free_services:
	nf_vip_attributes_free(&of_services);
	return err;
}
