// SPDX-License-Identifier: GPL-2.0
/*
 * config, status and error. single_open() keeps the whole text of a reader, so
 * a long configuration is of one moment however it is read.
 */
#include <linux/capability.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
#include "clients.h"
#include "condition.h"
#include "confirm.h"
#include "drain.h"
#include "eject.h"
#include "explain.h"
#include "format.h"
#include "lease.h"
#include "limits.h"
#include "liveness.h"
#include "mark.h"
#include "net.h"
#include "persist.h"
#include "procfs.h"
#include "service.h"
#include "transaction.h"

static void print_vips(struct seq_file *m, const struct nf_vip_service_spec *spec, char between)
{
	struct nf_vip_endpoint_text room;
	const char *piece;
	unsigned int i;

	for (i = 0; (piece = nf_vip_vips_piece(&room, spec, i, between)); i++)
		seq_puts(m, piece);
}

/* config: hardly more than what differs from the default, but always the mark. */

static void config_options(struct seq_file *m, enum nf_vip_verb verb, const void *spec)
{
	const struct nf_vip_option *option = NULL;
	char value[NF_VIP_OPTION_SIZE];

	while ((option = nf_vip_option_next(verb, option)))
		if (nf_vip_option_differs(option, spec))
			seq_printf(m, " %s %s", nf_vip_option_name(option),
				   nf_vip_option_print(option, spec, value));
	seq_putc(m, '\n');
}

static void config_service(struct seq_file *m, const struct nf_vip_service *service)
{
	const struct nf_vip_service_spec *spec = &service->spec;

	seq_printf(m, "service %s %s ", nf_vip_service_name(service),
		   nf_vip_proto_name(spec->proto));
	print_vips(m, spec, ' ');
	config_options(m, NF_VIP_SERVICE, spec);
}

/* A backend that gets each connection at its own port is written without one. */
static void config_backend(struct seq_file *m, const struct nf_vip_backend *backend)
{
	const struct nf_vip_backend_spec *spec = &backend->spec;

	seq_printf(m, "backend %s/%s ", nf_vip_service_name(backend->service),
		   nf_vip_backend_name(backend));
	if (spec->port)
		seq_puts(m, NF_VIP_ENDPOINT(spec->family, &spec->addr, spec->port));
	else if (spec->family == NFPROTO_IPV6)
		seq_printf(m, "%pI6c", &spec->addr);
	else
		seq_printf(m, "%pI4", &spec->addr);

	config_options(m, NF_VIP_BACKEND, spec);
}

static void config_fastpath(struct seq_file *m, const struct nf_vip_fastpath_spec *fastpath)
{
	unsigned int i;

	if (!fastpath->nr)
		return;
	seq_puts(m, "fastpath");
	for (i = 0; i < fastpath->nr; i++)
		seq_printf(m, " %s", fastpath->dev[i]);
	seq_putc(m, '\n');
}

void nf_vip_procfs_config(struct seq_file *m, const struct nf_vip_net *vn)
{
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;

	seq_puts(m, "replace\n");
	config_fastpath(m, &vn->fastpath);
	list_for_each_entry(service, &vn->services, node) {
		config_service(m, service);
		list_for_each_entry(backend, &service->backends, node)
			config_backend(m, backend);
	}
}

static int config_show(struct seq_file *m, void *v)
{
	struct nf_vip_net *vn = m->private;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	nf_vip_procfs_config(m, vn);
	mutex_unlock(&vn->lock);
	return 0;
}

/* status: fields have a fixed order; new ones come at the end. */

/* The options that came after those which have their places. */
static void status_options(struct seq_file *m, enum nf_vip_verb verb, const char *first,
			   const void *spec)
{
	const struct nf_vip_option *option = nf_vip_option_find(verb, first);
	char value[NF_VIP_OPTION_SIZE];

	for (; option; option = nf_vip_option_next(verb, option)) {
		nf_vip_option_print(option, spec, value);
		/* A blank ends a field: several numbers are joined like VIPs. */
		strreplace(value, ' ', '+');
		seq_printf(m, " %s=%s", nf_vip_option_name(option), value);
	}
}

static void status_traffic(struct seq_file *m, const struct nf_vip_traffic *traffic)
{
	seq_printf(m, " packets-in=%llu bytes-in=%llu packets-out=%llu bytes-out=%llu",
		   traffic->packets_in, traffic->bytes_in, traffic->packets_out,
		   traffic->bytes_out);
}

static void status_service(struct seq_file *m, const struct nf_vip_service *service)
{
	struct nf_vip_counts counts = nf_vip_service_counts(service);
	const struct nf_vip_service_spec *spec = &service->spec;
	char hold[NF_VIP_HOLD_SIZE];

	seq_printf(m, "service %s proto=%s vip=", nf_vip_service_name(service),
		   nf_vip_proto_name(spec->proto));
	print_vips(m, spec, '+');
	seq_printf(m, " dev=%s scheduler=%s on-empty=%s", spec->dev[0] ? spec->dev : "-",
		   nf_vip_scheduler_name(spec->scheduler),
		   nf_vip_on_empty_name(spec->on_empty));
	seq_printf(m, " backends=%u usable=%u chosen=%llu pinned=%llu empty=%llu clash=%llu",
		   service->nr_backends, service->nr_usable, counts.chosen, counts.pinned,
		   counts.empty, counts.clash);
	seq_printf(m, " full=%llu no-route=%llu no-memory=%llu live=%llu", counts.full,
		   counts.no_route, counts.no_memory, nf_vip_service_live(service));
	status_traffic(m, &counts.traffic);
	status_options(m, NF_VIP_SERVICE, "hash-key", spec);
	/* Behind the options: it came later. */
	seq_printf(m, " clients=%u clients-full=%llu few=%d",
		   nf_vip_clients_count(nf_vip_service_clients(service)), counts.clients_full,
		   service->few.too_few);
	seq_printf(m, " held=%llu hold-left=%s redispatched=%llu\n", counts.held,
		   nf_vip_hold_left(service, hold), counts.redispatched);
}

static void status_backend(struct seq_file *m, const struct nf_vip_backend *backend)
{
	struct nf_vip_counts counts = nf_vip_backend_counts(backend);
	const struct nf_vip_backend_spec *spec = &backend->spec;

	seq_printf(m, "backend %s/%s address=%s state=%s up=%s condition=",
		   nf_vip_service_name(backend->service), nf_vip_backend_name(backend),
		   NF_VIP_ENDPOINT(spec->family, &spec->addr, nf_vip_backend_port(backend)),
		   nf_vip_state_name(spec->state), nf_vip_health(backend));
	if (backend->condition)
		seq_printf(m, "%s:%d", spec->condition, backend->condition->dead);
	else
		seq_putc(m, '-');
	seq_printf(m, " usable=%d weight=%u mark=%#x chosen=%llu pinned=%llu",
		   nf_vip_backend_usable(backend), spec->weight,
		   spec->mark, counts.chosen, counts.pinned);
	seq_printf(m, " live=%u warm=%u", nf_vip_load_get(backend->load),
		   backend->warm * 100 / NF_VIP_WARM_FULL);
	status_traffic(m, &counts.traffic);
	status_options(m, NF_VIP_BACKEND, "tier", spec);
	seq_printf(m, " lease=%u ejected=%u failed=%llu drain-left=%u leaving=%d\n",
		   nf_vip_lease_left(backend), nf_vip_eject_left(backend), counts.failed,
		   nf_vip_drain_left(backend), backend->leaving);
}

static int status_show(struct seq_file *m, void *v)
{
	struct nf_vip_net *vn = m->private;
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	seq_printf(m, "nf_vip version=%s mark_mask=%#x generation=%llu services=%u confirm-left=%u\n",
		   NF_VIP_VERSION, nf_vip_mark_mask, vn->generation, vn->nr_services,
		   nf_vip_confirm_left(vn));
	list_for_each_entry(service, &vn->services, node) {
		status_service(m, service);
		list_for_each_entry(backend, &service->backends, node)
			status_backend(m, backend);
		list_for_each_entry(backend, &service->leaving, node)
			status_backend(m, backend);
	}
	mutex_unlock(&vn->lock);
	return 0;
}

/* What status leaves out, so that it is the same while nothing happens. */
static int upkeep_show(struct seq_file *m, void *v)
{
	struct nf_vip_net *vn = m->private;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	seq_printf(m, "walks=%llu walk-us=%u pause-ms=%u\n", vn->walk.nr, vn->walk.usecs,
		   vn->walk.pause_msecs);
	mutex_unlock(&vn->lock);
	return 0;
}

static int error_show(struct seq_file *m, void *v)
{
	struct nf_vip_net *vn = m->private;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	if (vn->error[0])
		seq_printf(m, "%s\n", vn->error);
	mutex_unlock(&vn->lock);
	return 0;
}

static int config_open(struct inode *inode, struct file *file)
{
	return single_open(file, config_show, pde_data(inode));
}

static int status_open(struct inode *inode, struct file *file)
{
	return single_open(file, status_show, pde_data(inode));
}

static int upkeep_open(struct inode *inode, struct file *file)
{
	return single_open(file, upkeep_show, pde_data(inode));
}

static int error_open(struct inode *inode, struct file *file)
{
	return single_open(file, error_show, pde_data(inode));
}

static int refuse_size(struct nf_vip_net *vn)
{
	mutex_lock(&vn->lock);
	scnprintf(vn->error, sizeof(vn->error), "expected at most %zu bytes in one write",
		  nf_vip_text_max(vn));
	mutex_unlock(&vn->lock);
	return -E2BIG;
}

/*
 * One write is one transaction, whatever the offset: a shell that appends and
 * one that overwrites mean the same. The opener's capability counts, so that a
 * privileged process cannot be made to write for somebody else.
 */
static ssize_t config_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct nf_vip_net *vn = pde_data(file_inode(file));
	char *text;
	int err;

	if (!file_ns_capable(file, vn->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (len > nf_vip_text_max(vn))
		return refuse_size(vn);

	text = kvmalloc(len + 1, GFP_KERNEL_ACCOUNT);
	if (!text)
		return -ENOMEM;
	if (copy_from_user(text, buf, len))
		err = -EFAULT;
	else
		err = nf_vip_transaction(vn, text, len);
	kvfree(text);
	return err ?: len;
}

static const struct proc_ops config_ops = {
	.proc_open	= config_open,
	.proc_read	= seq_read,
	.proc_write	= config_write,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static const struct proc_ops status_ops = {
	.proc_open	= status_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static const struct proc_ops upkeep_ops = {
	.proc_open	= upkeep_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static const struct proc_ops error_ops = {
	.proc_open	= error_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

int nf_vip_procfs_start(struct nf_vip_net *vn)
{
	struct proc_dir_entry *dir;

	dir = proc_net_mkdir(vn->net, NF_VIP_PROC_DIR, vn->net->proc_net);
	if (!dir)
		return -ENOMEM;

	if (!proc_create_data("config", 0644, dir, &config_ops, vn) ||
	    !proc_create_data("status", 0444, dir, &status_ops, vn) ||
	    !proc_create_data("upkeep", 0444, dir, &upkeep_ops, vn) ||
	    !proc_create_data("error", 0444, dir, &error_ops, vn) ||
	    !proc_create_data("clients", 0444, dir, &nf_vip_clients_ops, vn) ||
	    !proc_create_data("explain", NF_VIP_EXPLAIN_MODE, dir, &nf_vip_explain_ops, vn)) {
		proc_remove(dir);
		return -ENOMEM;
	}
	vn->proc_dir = dir;
	return 0;
}

void nf_vip_procfs_stop(struct nf_vip_net *vn)
{
	proc_remove(vn->proc_dir);
}
