// SPDX-License-Identifier: GPL-2.0
/*
 * The sysfs tree. Services carry the tag of their network namespace, so that a
 * mount of sysfs shows those of its own namespace only; see class.c and
 * net-sysfs.c of the kernel for the same with /sys/class/net.
 */
#include <linux/completion.h>
#include <linux/sysfs.h>
#include <net/net_namespace.h>
#include "files/store.h"
#include "files/sysfs.h"
#include "grammar/parse.h"
#include "health/change.h"
#include "health/condition.h"
#include "health/drain.h"
#include "health/eject_run.h"
#include "health/lease.h"
#include "health/publish.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/hold.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/compat.h"
#include "select/format.h"
#include "select/load.h"
#include "select/persist.h"

/* A set, or the kernel would send no uevents of what is in it. */
static struct kset root;
static DECLARE_COMPLETION(root_released);

static struct nf_vip_net *vn_of_service(struct kobject *kobj)
{
	return nf_vip_to_service(kobj)->vn;
}

static struct nf_vip_net *vn_of_backend(struct kobject *kobj)
{
	return nf_vip_to_backend(kobj)->service->vn;
}

/*
 * A file that is an option of the object's statement: its name says which, the
 * parser of statements reads and prints it.
 */
#define DEFINE_OPTION(kind, verb)						\
static const struct nf_vip_option *kind##_option(const struct kobj_attribute *attr)	\
{										\
	return nf_vip_option_find(verb, attr->attr.name);			\
}										\
										\
static ssize_t kind##_option_show(struct kobject *kobj, struct kobj_attribute *attr,	\
				  char *buf)					\
{										\
	const struct nf_vip_option *option = kind##_option(attr);			\
	struct nf_vip_net *vn = vn_of_##kind(kobj);				\
	char word[NF_VIP_OPTION_SIZE];						\
										\
	if (mutex_lock_interruptible(&vn->lock))				\
		return -EINTR;							\
	nf_vip_option_print(option, &nf_vip_to_##kind(kobj)->spec, word);	\
	mutex_unlock(&vn->lock);						\
	return sysfs_emit(buf, "%s\n", word);					\
}										\
										\
static ssize_t kind##_option_store(struct kobject *kobj, struct kobj_attribute *attr,	\
				   const char *buf, size_t len)			\
{										\
	const struct nf_vip_option *option = kind##_option(attr);			\
	struct nf_vip_net *vn = vn_of_##kind(kobj);				\
	char word[NF_VIP_STORE_WORD];						\
	u32 value;								\
	int err;								\
										\
	err = nf_vip_store_begin(vn, nf_vip_may_change(vn), buf, len, word);	\
	if (err)								\
		return err;							\
	err = nf_vip_option_parse(option, word, &value);			\
	if (!err)								\
		err = nf_vip_##kind##_set(nf_vip_to_##kind(kobj), option, value);	\
	mutex_unlock(&vn->lock);						\
	return err ?: len;							\
}

DEFINE_OPTION(service, NF_VIP_SERVICE)
DEFINE_OPTION(backend, NF_VIP_BACKEND)

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

/*
 * A file that is written and is no option: kind_name_write() gets the object,
 * under the lock, and the word.
 */
#define DEFINE_STORE(kind, name)						\
	DEFINE_STORE_IF(kind, name, nf_vip_may_change)

/* The same for those whom allowed() lets. */
#define DEFINE_STORE_IF(kind, name, allowed)					\
static ssize_t kind##_##name##_store(struct kobject *kobj,			\
				     struct kobj_attribute *attr,		\
				     const char *buf, size_t len)		\
{										\
	struct nf_vip_net *vn = vn_of_##kind(kobj);				\
	char word[NF_VIP_STORE_WORD];						\
	int err;								\
										\
	err = nf_vip_store_begin(vn, allowed(vn), buf, len, word);		\
	if (err)								\
		return err;							\
	err = kind##_##name##_write(nf_vip_to_##kind(kobj), word);		\
	mutex_unlock(&vn->lock);						\
	return err ?: len;							\
}

#define FILE_RO(kind, name)							\
static struct kobj_attribute kind##_##name =					\
	__ATTR(name, 0444, kind##_##name##_show, NULL)

#define FILE_RW(kind, name)							\
static struct kobj_attribute kind##_##name =					\
	__ATTR(name, 0644, kind##_##name##_show, kind##_##name##_store)

#define OPTION_RO(kind, name)							\
static struct kobj_attribute kind##_##name =					\
	__ATTR(name, 0444, kind##_option_show, NULL)

#define OPTION_RW(kind, name)							\
static struct kobj_attribute kind##_##name =					\
	__ATTR(name, 0644, kind##_option_show, kind##_option_store)

/* Files of a service. */

static ssize_t service_vip_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	struct nf_vip_net *vn = vn_of_service(kobj);
	struct nf_vip_endpoint_text room;
	const char *piece;
	unsigned int i;
	int len = 0;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	for (i = 0; (piece = nf_vip_vips_piece(&room, &nf_vip_to_service(kobj)->spec, i, ' ')); i++)
		len += sysfs_emit_at(buf, len, "%s", piece);
	mutex_unlock(&vn->lock);
	return len + sysfs_emit_at(buf, len, "\n");
}

DEFINE_SHOW(service, proto, "%s\n", nf_vip_proto_name(obj->spec.proto));
DEFINE_SHOW(service, chosen, "%llu\n", nf_vip_service_counts(obj).chosen);
DEFINE_SHOW(service, pinned, "%llu\n", nf_vip_service_counts(obj).pinned);
DEFINE_SHOW(service, empty, "%llu\n", nf_vip_service_counts(obj).empty);
DEFINE_SHOW(service, full, "%llu\n", nf_vip_service_counts(obj).full);
DEFINE_SHOW(service, live, "%llu\n", nf_vip_service_live(obj));
DEFINE_SHOW(service, few, "%d\n", obj->few.too_few);
DEFINE_SHOW(service, redispatched, "%llu\n", nf_vip_service_counts(obj).redispatched);
DEFINE_SHOW(service, clash, "%llu\n", nf_vip_service_counts(obj).clash);

/* Its table, a reference, to be looked through without the lock. */
static struct nf_vip_clients *get_clients(struct nf_vip_service *service)
{
	return nf_vip_clients_get(nf_vip_service_clients(service));
}

/* How many clients are remembered; "0" forgets them. */
static ssize_t service_clients_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	struct nf_vip_net *vn = vn_of_service(kobj);
	struct nf_vip_clients *clients;
	u32 nr;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	clients = get_clients(nf_vip_to_service(kobj));
	mutex_unlock(&vn->lock);
	nr = nf_vip_clients_count(clients);
	nf_vip_clients_put(clients);
	return sysfs_emit(buf, "%u\n", nr);
}

static int service_clients_write(struct nf_vip_service *service, const char *word)
{
	if (strcmp(word, "0"))
		return -EINVAL;
	nf_vip_clients_forget(nf_vip_service_clients(service));
	return 0;
}

DEFINE_STORE(service, clients)

/* Seconds that are left of the hold; a number or "on" begins another one, 0 ends it. */
DEFINE_SHOW(service, hold, "%s\n", nf_vip_hold_left(obj, (char[NF_VIP_HOLD_SIZE]) {}));
DEFINE_SHOW(service, held, "%llu\n", nf_vip_service_counts(obj).held);

static int service_hold_write(struct nf_vip_service *service, const char *word)
{
	u32 seconds = NF_VIP_HOLD_ON;
	int err = 0;

	if (strcmp(word, "on"))
		err = nf_vip_option_parse(nf_vip_option_find(NF_VIP_SERVICE, "hold"), word,
					  &seconds);
	if (!err)
		nf_vip_hold_begin(service, seconds);
	return err;
}

DEFINE_STORE(service, hold)

DEFINE_SHOW(service, eject, "%u %u %u\n", obj->spec.eject.fails, obj->spec.eject.window,
	    obj->spec.eject.time);

/* Three numbers, or one 0. */
static int service_eject_write(struct nf_vip_service *service, const char *word)
{
	const struct nf_vip_option *option = nf_vip_option_find(NF_VIP_SERVICE, "eject");
	struct nf_vip_eject_spec eject;
	int err;

	err = nf_vip_option_parse_list(option, word, (u32 *)&eject);
	return err ?: nf_vip_service_set_eject(service, &eject);
}

DEFINE_STORE(service, eject)

FILE_RO(service, vip);
FILE_RO(service, proto);
OPTION_RO(service, dev);
OPTION_RW(service, scheduler);
OPTION_RW(service, on_empty);
OPTION_RW(service, persist);
OPTION_RW(service, snat);
OPTION_RW(service, accounting);
OPTION_RW(service, on_down_tcp);
OPTION_RW(service, on_down_udp);
OPTION_RW(service, min_live);
OPTION_RW(service, on_few);
FILE_RO(service, few);
FILE_RW(service, eject);
FILE_RO(service, chosen);
FILE_RO(service, pinned);
FILE_RO(service, empty);
FILE_RO(service, clash);
FILE_RO(service, full);
FILE_RO(service, redispatched);
FILE_RO(service, live);
FILE_RW(service, clients);
FILE_RW(service, hold);
FILE_RO(service, held);

/* A backend may have none of these names: nf_vip_backend_name_reserved(). */
static struct attribute *service_attrs[] = {
	&service_vip.attr,
	&service_proto.attr,
	&service_dev.attr,
	&service_scheduler.attr,
	&service_on_empty.attr,
	&service_persist.attr,
	&service_snat.attr,
	&service_accounting.attr,
	&service_on_down_tcp.attr,
	&service_on_down_udp.attr,
	&service_min_live.attr,
	&service_on_few.attr,
	&service_few.attr,
	&service_eject.attr,
	&service_chosen.attr,
	&service_pinned.attr,
	&service_empty.attr,
	&service_clash.attr,
	&service_full.attr,
	&service_redispatched.attr,
	&service_live.attr,
	&service_clients.attr,
	&service_hold.attr,
	&service_held.attr,
	NULL
};
ATTRIBUTE_GROUPS(service);

/* Files of a backend. */

DEFINE_SHOW(backend, address, "%s\n",
	    NF_VIP_ENDPOINT(obj->spec.family, &obj->spec.addr, nf_vip_backend_port(obj)));
DEFINE_SHOW(backend, up, "%s\n", nf_vip_health(obj));
DEFINE_SHOW(backend, lease, "%u\n", nf_vip_lease_left(obj));
DEFINE_SHOW(backend, drain, "%u\n", obj->spec.drain);
DEFINE_SHOW(backend, drain_left, "%u\n", nf_vip_drain_left(obj));
DEFINE_SHOW(backend, leaving, "%d\n", obj->leaving);
DEFINE_SHOW(backend, usable, "%d\n", nf_vip_backend_usable(obj));
DEFINE_SHOW(backend, chosen, "%llu\n", nf_vip_backend_counts(obj).chosen);
DEFINE_SHOW(backend, live, "%u\n", nf_vip_load_get(obj->load));
DEFINE_SHOW(backend, pinned, "%llu\n", nf_vip_backend_counts(obj).pinned);

DEFINE_SHOW(backend, ejected, "%u\n", nf_vip_ejection_left(obj));
DEFINE_SHOW(backend, failed, "%llu\n", nf_vip_backend_counts(obj).failed);

/* "0" ends an ejection. */
static int backend_ejected_write(struct nf_vip_backend *backend, const char *word)
{
	return strcmp(word, "0") ? -EINVAL : nf_vip_eject_end(backend);
}

DEFINE_STORE(backend, ejected)

/* 0 or 1, and for how many seconds that holds, if not for ever. */
static int read_health(const char *word, bool *up, u32 *seconds)
{
	int err;

	*up = word[0] == '1';
	*seconds = 0;
	if (word[0] != '0' && word[0] != '1')
		return -EINVAL;
	if (!word[1])
		return 0;
	if (word[1] != ' ')
		return -EINVAL;
	err = nf_vip_parse_number((struct nf_vip_word){ word + 2, strlen(word + 2) }, false,
				  seconds);
	if (err)
		return err;
	return *seconds && *seconds <= NF_VIP_LEASE_MAX ? 0 : -ERANGE;
}

static int backend_up_write(struct nf_vip_backend *backend, const char *word)
{
	u32 seconds;
	bool up;
	int err;

	err = read_health(word, &up, &seconds);
	return err ?: nf_vip_lease_report(backend, up, seconds);
}

DEFINE_STORE_IF(backend, up, nf_vip_may_report)

/* The deadline; whoever writes it begins a drain. */
static int backend_drain_write(struct nf_vip_backend *backend, const char *word)
{
	u32 seconds;
	int err;

	err = nf_vip_option_parse(nf_vip_option_find(NF_VIP_BACKEND, "drain"), word, &seconds);
	return err ?: nf_vip_backend_set_drain(backend, seconds);
}

DEFINE_STORE(backend, drain)

FILE_RO(backend, address);
OPTION_RO(backend, mark);
OPTION_RO(backend, condition);
FILE_RW(backend, up);
OPTION_RW(backend, state);
OPTION_RW(backend, weight);
OPTION_RW(backend, tier);
OPTION_RW(backend, max_conns);
OPTION_RW(backend, warmup);
FILE_RO(backend, lease);
OPTION_RW(backend, initial);
OPTION_RW(backend, lease_end);
FILE_RW(backend, ejected);
FILE_RO(backend, failed);
FILE_RW(backend, drain);
FILE_RO(backend, drain_left);
FILE_RO(backend, leaving);
FILE_RO(backend, usable);
FILE_RO(backend, chosen);
FILE_RO(backend, pinned);
FILE_RO(backend, live);

static struct attribute *backend_attrs[] = {
	&backend_address.attr,
	&backend_mark.attr,
	&backend_condition.attr,
	&backend_up.attr,
	&backend_state.attr,
	&backend_weight.attr,
	&backend_tier.attr,
	&backend_max_conns.attr,
	&backend_warmup.attr,
	&backend_lease.attr,
	&backend_initial.attr,
	&backend_lease_end.attr,
	&backend_ejected.attr,
	&backend_failed.attr,
	&backend_drain.attr,
	&backend_drain_left.attr,
	&backend_leaving.attr,
	&backend_usable.attr,
	&backend_chosen.attr,
	&backend_pinned.attr,
	&backend_live.attr,
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

static const struct kobj_type root_type = {
	.release	= root_release,
	.sysfs_ops	= &kobj_sysfs_ops,
	.child_ns_type	= root_child_ns_type,
};

void nf_vip_sysfs_stop(void)
{
	kset_unregister(&root);
	wait_for_completion(&root_released);
}

int __init nf_vip_sysfs_start(void)
{
	int err;

	nf_vip_service_set_folders(&root, service_groups, backend_groups);
	root.kobj.parent = kernel_kobj;
	root.kobj.ktype = &root_type;
	err = kobject_set_name(&root.kobj, "nf_vip");
	return err ?: kset_register(&root);
}
