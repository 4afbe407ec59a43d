// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/nf_vip/clients. There may be very many lines, and even more places
 * to look at: so a reader holds a reference to a table rather than the lock,
 * which is taken for one line, or to go on to the next service.
 */
#include <linux/err.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include "files/clients.h"
#include "files/place.h"
#include "health/publish.h"
#include "objects/file.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/persist.h"

/**
 * struct reader - an open file
 * @place: place of the service that the next line is of
 * @clients: table of that service, a reference during a call, or NULL
 * @at: position in the table behind that line
 * @found: there is a next line
 * @entry: the client of that line
 * @pos: number of that line
 */
struct reader {
	struct nf_vip_place place;
	struct nf_vip_clients *clients;
	u32 at;
	bool found;
	struct nf_vip_client_entry entry;
	loff_t pos;
};

/* Takes the present table of the reader's service, if the service is still there. */
static void take_table(struct reader *reader)
{
	struct nf_vip_service *service = reader->place.service;

	if (service && nf_vip_service_is_linked(service))
		reader->clients = nf_vip_clients_get(nf_vip_service_clients(service));
}

static void drop_table(struct reader *reader)
{
	nf_vip_clients_put(reader->clients);
	reader->clients = NULL;
}

static int next_service(struct reader *reader)
{
	struct nf_vip_net *vn = reader->place.vn;

	/* A reader that is interrupted here goes on from here. */
	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	drop_table(reader);
	reader->at = 0;
	if (nf_vip_place_next(&reader->place))
		take_table(reader);
	mutex_unlock(&vn->lock);
	return 0;
}

static void *find(struct reader *reader)
{
	do {
		if (fatal_signal_pending(current))
			return ERR_PTR(-EINTR);
		reader->found = reader->clients &&
				nf_vip_clients_next(reader->clients, &reader->at, &reader->entry);
		if (reader->found)
			return reader;
		if (next_service(reader))
			return ERR_PTR(-EINTR);
	} while (reader->place.service);
	return NULL;
}

static void rewind(struct reader *reader)
{
	drop_table(reader);
	nf_vip_place_rewind(&reader->place);
	reader->at = 0;
	reader->pos = 0;
}

/* No table is kept from one call to the next: it may be large, and may be replaced meanwhile. */
static int go_on(struct reader *reader)
{
	struct nf_vip_net *vn = reader->place.vn;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	take_table(reader);
	mutex_unlock(&vn->lock);
	return 0;
}

/* clients_next() has found the next line already, unless a signal came. */
static void *clients_start(struct seq_file *m, loff_t *pos)
{
	struct reader *reader = m->private;

	if (*pos && *pos == reader->pos) {
		if (go_on(reader))
			return ERR_PTR(-EINTR);
		return reader->found ? reader : find(reader);
	}
	rewind(reader);
	return *pos ? NULL : find(reader);
}

static void *clients_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reader *reader = m->private;

	reader->pos = ++*pos;
	reader->found = false;
	return find(reader);
}

static void clients_stop(struct seq_file *m, void *v)
{
	drop_table(m->private);
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
	const struct nf_vip_service *service = reader->place.service;
	const struct nf_vip_client_entry *entry = &reader->entry;
	struct nf_vip_net *vn = reader->place.vn;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	seq_printf(m, "%s ", nf_vip_service_name(service));
	if (service->spec.family == NFPROTO_IPV4)
		seq_printf(m, "%pI4", &entry->addr);
	else
		seq_printf(m, "%pI6c", &entry->addr);
	seq_printf(m, " backend=%s expires=%u\n", name_of(service, entry->mark), entry->expires);
	mutex_unlock(&vn->lock);
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
	reader->place.vn = pde_data(inode);
	return 0;
}

static int clients_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	rewind(m->private);
	return seq_release_private(inode, file);
}

const struct proc_ops nf_vip_clients_ops = {
	.proc_open	= clients_open,
	.proc_read	= nf_vip_seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= clients_release,
};
