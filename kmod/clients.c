// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/nf_vip/clients. There may be very many lines: the file is read piece
 * by piece, and each piece holds the lock only for itself. A position is the
 * number of a service and a place in its table.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include "clients.h"
#include "liveness.h"
#include "mark.h"
#include "net.h"
#include "persist.h"
#include "service.h"

/**
 * struct reader - an open file
 * @vn: network namespace
 * @service: of the line
 * @entry: what the line says
 * @behind: position behind it
 */
struct reader {
	struct nf_vip_net *vn;
	struct nf_vip_service *service;
	struct nf_vip_client_entry entry;
	loff_t behind;
};

enum { PLACE_BITS = 32 };

/* The first client from a position on. */
static void *find(struct reader *reader, loff_t pos)
{
	u32 nr = pos >> PLACE_BITS, at = pos, i = 0;
	struct nf_vip_service *service;

	list_for_each_entry(service, &reader->vn->services, node) {
		const struct nf_vip_clients *clients;

		if (i++ < nr)
			continue;
		clients = nf_vip_service_clients(service);
		if (clients && nf_vip_clients_next(clients, &at, &reader->entry)) {
			reader->service = service;
			reader->behind = (loff_t)(i - 1) << PLACE_BITS | at;
			return reader;
		}
		at = 0;
	}
	return NULL;
}

static void *clients_start(struct seq_file *m, loff_t *pos)
{
	struct reader *reader = m->private;

	mutex_lock(&reader->vn->lock);
	return find(reader, *pos);
}

static void *clients_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reader *reader = m->private;

	*pos = reader->behind;
	return find(reader, *pos);
}

static void clients_stop(struct seq_file *m, void *v)
{
	struct reader *reader = m->private;

	mutex_unlock(&reader->vn->lock);
}

static const char *name_of(const struct nf_vip_service *service, u32 mark)
{
	const struct nf_vip_net *vn = service->vn;
	const struct nf_vip_marks *marks;
	const struct nf_vip_backend *backend;

	marks = rcu_dereference_protected(vn->marks, lockdep_is_held(&vn->lock));
	backend = nf_vip_marks_find(marks, mark);
	return backend && backend->service == service ? nf_vip_backend_name(backend) : "-";
}

static int clients_show(struct seq_file *m, void *v)
{
	const struct reader *reader = v;
	const struct nf_vip_service *service = reader->service;
	const struct nf_vip_client_entry *entry = &reader->entry;

	seq_printf(m, "%s ", nf_vip_service_name(service));
	if (service->spec.family == NFPROTO_IPV4)
		seq_printf(m, "%pI4", &entry->addr);
	else
		seq_printf(m, "%pI6c", &entry->addr);
	seq_printf(m, " backend=%s expires=%u\n", name_of(service, entry->mark), entry->expires);
	return 0;
}

static const struct seq_operations clients_seq_ops = {
	.start	= clients_start,
	.next	= clients_next,
	.stop	= clients_stop,
	.show	= clients_show,
};

static int clients_open(struct inode *inode, struct file *file)
{
	struct reader *reader;

	reader = __seq_open_private(file, &clients_seq_ops, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->vn = pde_data(inode);
	return 0;
}

const struct proc_ops nf_vip_clients_ops = {
	.proc_open	= clients_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= seq_release_private,
};
