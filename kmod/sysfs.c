// SPDX-License-Identifier: GPL-2.0
/*
 * The sysfs tree. Services carry the tag of their network namespace, so that a
 * mount of sysfs shows those of its own namespace only; see class.c and
 * net-sysfs.c of the kernel for the same with /sys/class/net.
 */
#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/sysfs.h>
#include <net/net_namespace.h>
#include "compat.h"
#include "condition.h"
#include "format.h"
#include "liveness.h"
#include "net.h"
#include "service.h"
#include "sysfs.h"

static struct kobject root;
static DECLARE_COMPLETION(root_released);

static struct nf_vip_net *vn_of_service(struct kobject *kobj)
{
	return nf_vip_to_service(kobj)->vn;
}

static struct nf_vip_net *vn_of_backend(struct kobject *kobj)
{
	return nf_vip_to_backend(kobj)->service->vn;
}

/* A writer's word without its newline, within a buffer for the longest one. */
static int read_word(const char *buf, size_t len, char *word, size_t size)
{
	if (len && buf[len - 1] == '\n')
		len--;
	if (!len || len >= size || memchr(buf, '\0', len))
		return -EINVAL;
	memcpy(word, buf, len);
	word[len] = '\0';
	return 0;
}

/* The beginning of every store: permission, the word, the lock. */
static int begin_store(struct nf_vip_net *vn, const char *buf, size_t len, char *word,
		       size_t size)
{
	int err;

	if (!ns_capable(vn->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	err = read_word(buf, len, word, size);
	if (err)
		return err;
	return mutex_lock_interruptible(&vn->lock);
}

/* Longer than any number that fits 64 bits: too large is not the same as wrong. */
#define STORE_WORD_SIZE 32

/*
 * A file that is written: parse a word into a value, then hand it to the
 * function that makes the change, under the lock.
 */
#define DEFINE_STORE(kind, name, type, parse, set)				\
static ssize_t kind##_##name##_store(struct kobject *kobj,			\
				     struct kobj_attribute *attr,		\
				     const char *buf, size_t len)		\
{										\
	struct nf_vip_net *vn = vn_of_##kind(kobj);				\
	char word[STORE_WORD_SIZE];						\
	type value;								\
	int err;								\
										\
	err = begin_store(vn, buf, len, word, sizeof(word));			\
	if (err)								\
		return err;							\
	err = parse(word, &value);						\
	if (!err)								\
		err = set(nf_vip_to_##kind(kobj), value);			\
	mutex_unlock(&vn->lock);						\
	return err ?: len;							\
}

/* A file that is read: print `obj` under the lock, so that no value is torn. */
#define DEFINE_SHOW(kind, name, ...)						\
static ssize_t kind##_##name##_show(struct kobject *kobj,			\
				    struct kobj_attribute *attr, char *buf)	\
{										\
	const struct nf_vip_##kind *obj = nf_vip_to_##kind(kobj);		\
	struct nf_vip_net *vn = vn_of_##kind(kobj);				\
	ssize_t len;								\
										\
	if (mutex_lock_interruptible(&vn->lock))				\
		return -EINTR;							\
	len = sysfs_emit(buf, __VA_ARGS__);					\
	mutex_unlock(&vn->lock);						\
	return len;								\
}

#define FILE_RO(kind, name)							\
static struct kobj_attribute kind##_##name =					\
	__ATTR(name, 0444, kind##_##name##_show, NULL)

#define FILE_RW(kind, name)							\
static struct kobj_attribute kind##_##name =					\
	__ATTR(name, 0644, kind##_##name##_show, kind##_##name##_store)

static int parse_flag(const char *word, bool *value)
{
	if ((word[0] != '0' && word[0] != '1') || word[1])
		return -EINVAL;
	*value = word[0] == '1';
	return 0;
}

static int parse_weight(const char *word, u32 *value)
{
	int err;

	if (!isdigit(word[0]))
		return -EINVAL;
	err = kstrtou32(word, 10, value);
	if (err)
		return err;
	return *value > NF_VIP_WEIGHT_MAX ? -ERANGE : 0;
}

/* Files of a service. */

DEFINE_SHOW(service, vip, "%s\n",
	    NF_VIP_ENDPOINT(obj->spec.family, &obj->spec.vip, obj->spec.port));
DEFINE_SHOW(service, proto, "%s\n", nf_vip_proto_name(obj->spec.proto));
DEFINE_SHOW(service, dev, "%s\n", obj->spec.dev);
DEFINE_SHOW(service, scheduler, "%s\n", nf_vip_scheduler_name(obj->spec.scheduler));
DEFINE_SHOW(service, on_empty, "%s\n", nf_vip_on_empty_name(obj->spec.on_empty));
DEFINE_SHOW(service, chosen, "%llu\n", nf_vip_service_counts(obj).chosen);
DEFINE_SHOW(service, pinned, "%llu\n", nf_vip_service_counts(obj).pinned);
DEFINE_SHOW(service, empty, "%llu\n", nf_vip_service_counts(obj).empty);
DEFINE_SHOW(service, clash, "%llu\n", nf_vip_service_counts(obj).clash);

DEFINE_STORE(service, scheduler, enum nf_vip_scheduler, nf_vip_scheduler_parse,
	     nf_vip_service_set_scheduler)
DEFINE_STORE(service, on_empty, enum nf_vip_on_empty, nf_vip_on_empty_parse,
	     nf_vip_service_set_on_empty)

FILE_RO(service, vip);
FILE_RO(service, proto);
FILE_RO(service, dev);
FILE_RW(service, scheduler);
FILE_RW(service, on_empty);
FILE_RO(service, chosen);
FILE_RO(service, pinned);
FILE_RO(service, empty);
FILE_RO(service, clash);

/* A backend may have none of these names: nf_vip_backend_name_reserved(). */
static struct attribute *service_attrs[] = {
	&service_vip.attr,
	&service_proto.attr,
	&service_dev.attr,
	&service_scheduler.attr,
	&service_on_empty.attr,
	&service_chosen.attr,
	&service_pinned.attr,
	&service_empty.attr,
	&service_clash.attr,
	NULL
};
ATTRIBUTE_GROUPS(service);

/* Files of a backend. */

DEFINE_SHOW(backend, address, "%s\n",
	    NF_VIP_ENDPOINT(obj->spec.family, &obj->spec.addr, nf_vip_backend_port(obj)));
DEFINE_SHOW(backend, mark, "%#x\n", obj->spec.mark);
DEFINE_SHOW(backend, condition, "%s\n", obj->spec.condition);
DEFINE_SHOW(backend, up, "%d\n", obj->up);
DEFINE_SHOW(backend, state, "%s\n", nf_vip_state_name(obj->spec.state));
DEFINE_SHOW(backend, weight, "%u\n", obj->spec.weight);
DEFINE_SHOW(backend, usable, "%d\n",
	    nf_vip_usable(&obj->spec, obj->up, obj->condition));
DEFINE_SHOW(backend, chosen, "%llu\n", nf_vip_backend_counts(obj).chosen);
DEFINE_SHOW(backend, pinned, "%llu\n", nf_vip_backend_counts(obj).pinned);

DEFINE_STORE(backend, up, bool, parse_flag, nf_vip_backend_set_up)
DEFINE_STORE(backend, state, enum nf_vip_state, nf_vip_state_parse, nf_vip_backend_set_state)
DEFINE_STORE(backend, weight, u32, parse_weight, nf_vip_backend_set_weight)

FILE_RO(backend, address);
FILE_RO(backend, mark);
FILE_RO(backend, condition);
FILE_RW(backend, up);
FILE_RW(backend, state);
FILE_RW(backend, weight);
FILE_RO(backend, usable);
FILE_RO(backend, chosen);
FILE_RO(backend, pinned);

static struct attribute *backend_attrs[] = {
	&backend_address.attr,
	&backend_mark.attr,
	&backend_condition.attr,
	&backend_up.attr,
	&backend_state.attr,
	&backend_weight.attr,
	&backend_usable.attr,
	&backend_chosen.attr,
	&backend_pinned.attr,
	NULL
};
ATTRIBUTE_GROUPS(backend);

/* Types. */

static const struct kobj_ns_type_operations *
root_child_ns_type(NF_VIP_KOBJ_CONST struct kobject *kobj)
{
	return &net_ns_type_operations;
}

static void root_release(struct kobject *kobj)
{
	complete(&root_released);
}

static nf_vip_kobj_tag service_namespace(NF_VIP_KOBJ_CONST struct kobject *kobj)
{
	return nf_vip_net_tag(container_of(kobj, struct nf_vip_service, kobj)->vn->net);
}

static void service_ownership(NF_VIP_KOBJ_CONST struct kobject *kobj, kuid_t *uid, kgid_t *gid)
{
	net_ns_get_ownership(container_of(kobj, struct nf_vip_service, kobj)->vn->net, uid, gid);
}

static void backend_ownership(NF_VIP_KOBJ_CONST struct kobject *kobj, kuid_t *uid, kgid_t *gid)
{
	service_ownership(kobj->parent, uid, gid);
}

static const struct kobj_type root_type = {
	.release	= root_release,
	.sysfs_ops	= &kobj_sysfs_ops,
	.child_ns_type	= root_child_ns_type,
};

static const struct kobj_type service_type = {
	.release	= nf_vip_service_released,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= service_groups,
	.namespace	= service_namespace,
	.get_ownership	= service_ownership,
};

static const struct kobj_type backend_type = {
	.release	= nf_vip_backend_released,
	.sysfs_ops	= &kobj_sysfs_ops,
	.default_groups	= backend_groups,
	.get_ownership	= backend_ownership,
};

int nf_vip_sysfs_add_service(struct nf_vip_service *service, const char *name)
{
	return kobject_init_and_add(&service->kobj, &service_type, &root, "%s", name);
}

int nf_vip_sysfs_add_backend(struct nf_vip_backend *backend, const char *name)
{
	return kobject_init_and_add(&backend->kobj, &backend_type, &backend->service->kobj,
				    "%s", name);
}

void nf_vip_sysfs_stop(void)
{
	kobject_del(&root);
	kobject_put(&root);
	wait_for_completion(&root_released);
}

int nf_vip_sysfs_start(void)
{
	int err;

	err = kobject_init_and_add(&root, &root_type, kernel_kobj, "nf_vip");
	if (err) {
		kobject_put(&root);
		wait_for_completion(&root_released);
	}
	return err;
}
