// SPDX-License-Identifier: GPL-2.0
/*
 * Life of services and backends: created with their folders, linked, unlinked,
 * destroyed. The last reference frees them after a grace period, because
 * packets count in them.
 */
#include <linux/slab.h>
#include <linux/wait.h>
#include "objects/service.h"
#include "objects/state.h"
#include "select/compat.h"
#include "select/load.h"

/* Objects whose memory is not given back yet; unload waits for zero. */
static atomic_t unreleased = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(all_released);

static void count_released(void)
{
	if (atomic_dec_and_test(&unreleased))
		wake_up(&all_released);
}

void nf_vip_service_wait_released(void)
{
	wait_event(all_released, !atomic_read(&unreleased));
	/* The last callback may still be on its way out of our text. */
	rcu_barrier();
}

static void service_free(struct rcu_head *rcu)
{
	struct nf_vip_service *service = container_of(rcu, struct nf_vip_service, rcu);

	free_percpu(service->stats);
	kfree(service->cursor);
	kfree(service);
	count_released();
}

static void backend_free(struct rcu_head *rcu)
{
	struct nf_vip_backend *backend = container_of(rcu, struct nf_vip_backend, rcu);

	free_percpu(backend->stats);
	kfree(backend->load);
	kfree(backend);
	count_released();
}

static void service_released(struct kobject *kobj)
{
	call_rcu(&nf_vip_to_service(kobj)->rcu, service_free);
}

static void backend_released(struct kobject *kobj)
{
	call_rcu(&nf_vip_to_backend(kobj)->rcu, backend_free);
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

/*
 * If a file of an object cannot be made, the files before it are removed under
 * the namespace's lock, which waits for calls of these files. So no call may
 * wait for the lock while its object is not whole yet.
 */
static bool is_whole(const struct kobject *kobj)
{
	/* Set once, after the object's last file was made; a call before that is sent away. */
	return data_race(!!kobj->state_in_sysfs);
}

static ssize_t show_whole(struct kobject *kobj, struct attribute *attr, char *buf)
{
	return is_whole(kobj) ? kobj_sysfs_ops.show(kobj, attr, buf) : -ENODEV;
}

static ssize_t store_whole(struct kobject *kobj, struct attribute *attr, const char *buf,
			   size_t len)
{
	return is_whole(kobj) ? kobj_sysfs_ops.store(kobj, attr, buf, len) : -ENODEV;
}

static const struct sysfs_ops object_ops = {
	.show	= show_whole,
	.store	= store_whole,
};

static struct kset *all_folders __ro_after_init;

static struct kobj_type service_type __ro_after_init = {
	.release	= service_released,
	.sysfs_ops	= &object_ops,
	.namespace	= service_namespace,
	.get_ownership	= service_ownership,
};

static struct kobj_type backend_type __ro_after_init = {
	.release	= backend_released,
	.sysfs_ops	= &object_ops,
	.get_ownership	= backend_ownership,
};

void __init nf_vip_service_set_folders(struct kset *folders,
				       const struct attribute_group **service_groups,
				       const struct attribute_group **backend_groups)
{
	all_folders = folders;
	service_type.default_groups = service_groups;
	backend_type.default_groups = backend_groups;
}

static struct nf_vip_service *service_alloc(struct nf_vip_net *vn)
{
	struct nf_vip_service *service;

	service = kzalloc(sizeof(*service), GFP_KERNEL_ACCOUNT);
	if (!service)
		return NULL;

	service->cursor = kzalloc(sizeof(*service->cursor), GFP_KERNEL_ACCOUNT);
	service->stats = alloc_percpu_gfp(struct nf_vip_svc_stats, GFP_KERNEL_ACCOUNT);
	if (!service->cursor || !service->stats) {
		free_percpu(service->stats);
		kfree(service->cursor);
		kfree(service);
		return NULL;
	}

	service->vn = vn;
	INIT_LIST_HEAD(&service->node);
	RB_CLEAR_NODE(&service->by_name);
	INIT_LIST_HEAD(&service->backends);
	service->backends_by_name = RB_ROOT;
	INIT_LIST_HEAD(&service->leaving);
	return service;
}

struct nf_vip_service *nf_vip_service_create(struct nf_vip_net *vn, const char *name)
{
	struct nf_vip_service *service = service_alloc(vn);
	int err;

	if (!service)
		return ERR_PTR(-ENOMEM);

	atomic_inc(&unreleased);
	service->kobj.kset = all_folders;
	err = kobject_init_and_add(&service->kobj, &service_type, NULL, "%s", name);
	if (err) {
		kobject_put(&service->kobj);
		return ERR_PTR(err);
	}
	return service;
}

static struct nf_vip_backend *backend_alloc(struct nf_vip_service *service)
{
	struct nf_vip_backend *backend;

	backend = kzalloc(sizeof(*backend), GFP_KERNEL_ACCOUNT);
	if (!backend)
		return NULL;

	backend->load = kzalloc(sizeof(*backend->load), GFP_KERNEL_ACCOUNT);
	backend->stats = alloc_percpu_gfp(struct nf_vip_be_stats, GFP_KERNEL_ACCOUNT);
	if (!backend->load || !backend->stats) {
		free_percpu(backend->stats);
		kfree(backend->load);
		kfree(backend);
		return NULL;
	}

	backend->service = service;
	backend->up = true;
	INIT_LIST_HEAD(&backend->node);
	RB_CLEAR_NODE(&backend->by_name);
	INIT_LIST_HEAD(&backend->flagged);
	INIT_LIST_HEAD(&backend->leased);
	INIT_LIST_HEAD(&backend->drain.node);
	backend->drain.asked.seconds = NF_VIP_DRAIN_BY_OPTION;
	backend->drain.kept = backend->drain.asked;
	return backend;
}

struct nf_vip_backend *nf_vip_backend_create(struct nf_vip_service *service, const char *name)
{
	struct nf_vip_backend *backend = backend_alloc(service);
	int err;

	if (!backend)
		return ERR_PTR(-ENOMEM);

	atomic_inc(&unreleased);
	err = kobject_init_and_add(&backend->kobj, &backend_type, &service->kobj, "%s", name);
	if (err) {
		kobject_put(&backend->kobj);
		return ERR_PTR(err);
	}
	return backend;
}

static struct nf_vip_service *service_of(const struct rb_node *node)
{
	return rb_entry(node, struct nf_vip_service, by_name);
}

static struct nf_vip_backend *backend_of(const struct rb_node *node)
{
	return rb_entry(node, struct nf_vip_backend, by_name);
}

static bool service_less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(nf_vip_service_name(service_of(a)), nf_vip_service_name(service_of(b))) < 0;
}

static bool backend_less(struct rb_node *a, const struct rb_node *b)
{
	return strcmp(nf_vip_backend_name(backend_of(a)), nf_vip_backend_name(backend_of(b))) < 0;
}

static int service_cmp(const void *name, const struct rb_node *node)
{
	return strcmp(name, nf_vip_service_name(service_of(node)));
}

static int backend_cmp(const void *name, const struct rb_node *node)
{
	return strcmp(name, nf_vip_backend_name(backend_of(node)));
}

void nf_vip_service_link(struct nf_vip_service *service)
{
	struct nf_vip_net *vn = service->vn;

	lockdep_assert_held(&vn->lock);
	list_add_tail(&service->node, &vn->services);
	rb_add(&service->by_name, &vn->by_name, service_less);
	vn->nr_services++;
}

void nf_vip_backend_link(struct nf_vip_backend *backend)
{
	struct nf_vip_service *service = backend->service;

	lockdep_assert_held(&service->vn->lock);
	list_add_tail(&backend->node, &service->backends);
	rb_add(&backend->by_name, &service->backends_by_name, backend_less);
	service->nr_backends++;
}

void nf_vip_service_unlink(struct nf_vip_service *service)
{
	struct nf_vip_net *vn = service->vn;

	lockdep_assert_held(&vn->lock);
	list_del_init(&service->node);
	rb_erase(&service->by_name, &vn->by_name);
	RB_CLEAR_NODE(&service->by_name);
	service->entry = NULL;
	vn->nr_services--;
}

void nf_vip_backend_unlink(struct nf_vip_backend *backend)
{
	struct nf_vip_service *service = backend->service;

	lockdep_assert_held(&service->vn->lock);
	list_del_init(&backend->node);
	rb_erase(&backend->by_name, &service->backends_by_name);
	RB_CLEAR_NODE(&backend->by_name);
	service->nr_backends--;
}

void nf_vip_service_destroy(struct nf_vip_service *service)
{
	lockdep_assert_not_held(&service->vn->lock);
	kobject_del(&service->kobj);
	kobject_put(&service->kobj);
}

void nf_vip_backend_destroy(struct nf_vip_backend *backend)
{
	lockdep_assert_not_held(&backend->service->vn->lock);
	kobject_del(&backend->kobj);
	kobject_put(&backend->kobj);
}

struct nf_vip_service *nf_vip_service_find(struct nf_vip_net *vn, const char *name)
{
	struct rb_node *node;

	lockdep_assert_held(&vn->lock);
	node = rb_find(name, &vn->by_name, service_cmp);
	return node ? service_of(node) : NULL;
}

struct nf_vip_backend *nf_vip_backend_find(struct nf_vip_service *service, const char *name)
{
	struct rb_node *node;

	lockdep_assert_held(&service->vn->lock);
	node = rb_find(name, &service->backends_by_name, backend_cmp);
	return node ? backend_of(node) : NULL;
}

struct nf_vip_backend *nf_vip_backend_find_leaving(struct nf_vip_service *service,
						   const char *name)
{
	struct nf_vip_backend *backend;

	lockdep_assert_held(&service->vn->lock);
	list_for_each_entry(backend, &service->leaving, node)
		if (!strcmp(nf_vip_backend_name(backend), name))
			return backend;
	return NULL;
}

struct nf_vip_be_stats nf_vip_backend_counts(const struct nf_vip_backend *backend)
{
	struct nf_vip_be_stats sum = {};
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu)
		for (i = 0; i < NF_VIP_BE_COUNTERS; i++)
			sum.nr[i] += READ_ONCE(per_cpu_ptr(backend->stats, cpu)->nr[i]);
	return sum;
}

struct nf_vip_svc_stats nf_vip_service_counts(const struct nf_vip_service *service)
{
	struct nf_vip_svc_stats sum = {};
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu)
		for (i = 0; i < NF_VIP_SVC_COUNTERS; i++)
			sum.nr[i] += READ_ONCE(per_cpu_ptr(service->stats, cpu)->nr[i]);
	return sum;
}

u64 nf_vip_service_live(const struct nf_vip_service *service)
{
	const struct nf_vip_backend *backend;
	u64 live = 0;

	list_for_each_entry(backend, &service->backends, node)
		live += nf_vip_load_get(backend->load);
	list_for_each_entry(backend, &service->leaving, node)
		live += nf_vip_load_get(backend->load);
	return live;
}
