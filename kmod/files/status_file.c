// SPDX-License-Identifier: GPL-2.0
/* A reader goes through services as place.h has it, and in the same way through their backends. */
#include <linux/err.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include "files/place.h"
#include "files/status_file.h"
#include "files/status_line.h"
#include "health/publish.h"
#include "objects/file.h"
#include "objects/service.h"
#include "objects/state.h"
#include "select/persist.h"

/*
 * A read far into the file prints all lines before that place in one call:
 * after so many lines others get the lock, and the reader may be killed.
 */
#define LINES_LOCKED	64

/**
 * struct reader - an open file
 * @locked: the namespace's lock is held
 * @lines: how many lines were printed since the lock was taken
 * @pos: number of the line that is next; 0 is the first, of the namespace
 * @place: the service of that line
 * @backend: backend of that line, a reference; or NULL, if the line is the
 *	service's own
 * @nth: how many backends of the service stand before @backend
 */
struct reader {
	bool locked;
	u32 lines;
	loff_t pos;
	struct nf_vip_place place;
	struct nf_vip_backend *backend;
	u32 nth;
};

static void set_backend(struct reader *reader, struct nf_vip_backend *backend)
{
	if (backend)
		kobject_get(&backend->kobj);
	if (reader->backend)
		kobject_put(&reader->backend->kobj);
	reader->backend = backend;
}

static void rewind(struct reader *reader)
{
	set_backend(reader, NULL);
	nf_vip_place_rewind(&reader->place);
	reader->pos = 0;
}

/* Backends that are leaving come last. */
static struct nf_vip_backend *backend_at(struct nf_vip_service *service, u32 nth)
{
	struct nf_vip_backend *backend;

	list_for_each_entry(backend, &service->backends, node)
		if (!nth--)
			return backend;
	list_for_each_entry(backend, &service->leaving, node)
		if (!nth--)
			return backend;
	return NULL;
}

static bool is_there(const struct nf_vip_backend *backend)
{
	return backend->leaving || nf_vip_backend_is_linked(backend);
}

/* The backend behind one that is still there, or NULL. */
static struct nf_vip_backend *backend_after(struct nf_vip_service *service,
					    struct nf_vip_backend *backend)
{
	struct list_head *list = backend->leaving ? &service->leaving : &service->backends;

	if (!list_is_last(&backend->node, list))
		return list_next_entry(backend, node);
	if (backend->leaving)
		return NULL;
	return list_first_entry_or_null(&service->leaving, struct nf_vip_backend, node);
}

static void next_service(struct reader *reader)
{
	set_backend(reader, NULL);
	nf_vip_place_next(&reader->place);
}

static void next_backend(struct reader *reader)
{
	struct nf_vip_service *service = reader->place.service;
	struct nf_vip_backend *backend;

	if (!reader->backend) {
		reader->nth = 0;
		backend = backend_at(service, 0);
	} else if (is_there(reader->backend)) {
		reader->nth++;
		backend = backend_after(service, reader->backend);
	} else {
		backend = backend_at(service, reader->nth);
	}
	if (backend)
		set_backend(reader, backend);
	else
		next_service(reader);
}

/* If the object of the next line is gone, goes on to what stands in its place. */
static void settle(struct reader *reader)
{
	const struct nf_vip_service *service = reader->place.service;

	if (!service)
		return;
	if (!nf_vip_service_is_linked(service))
		next_service(reader);
	else if (reader->backend && !is_there(reader->backend))
		next_backend(reader);
}

static void step(struct reader *reader)
{
	if (!reader->pos)
		next_service(reader);
	else if (reader->place.service)
		next_backend(reader);
	reader->pos++;
}

static void *line_of(struct reader *reader)
{
	return !reader->pos || reader->place.service ? reader : NULL;
}

static int lock_for(struct reader *reader)
{
	if (mutex_lock_interruptible(&reader->place.vn->lock))
		return -EINTR;
	reader->locked = true;
	reader->lines = 0;
	return 0;
}

static void unlock(struct reader *reader)
{
	mutex_unlock(&reader->place.vn->lock);
	reader->locked = false;
}

static void *status_start(struct seq_file *m, loff_t *pos)
{
	struct reader *reader = m->private;

	if (lock_for(reader))
		return ERR_PTR(-EINTR);
	if (*pos && *pos == reader->pos)
		settle(reader);
	else
		rewind(reader);
	return *pos == reader->pos ? line_of(reader) : NULL;
}

/* Gives others the lock, and goes on as another call would. */
static int let_others(struct reader *reader)
{
	unlock(reader);
	cond_resched();
	if (fatal_signal_pending(current) || lock_for(reader))
		return -EINTR;
	settle(reader);
	return 0;
}

/* A signal may cut an answer short: whoever reads on gets the rest. */
static void *status_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct reader *reader = m->private;

	step(reader);
	++*pos;
	if (++reader->lines == LINES_LOCKED && let_others(reader))
		return ERR_PTR(-EINTR);
	return line_of(reader);
}

static void status_stop(struct seq_file *m, void *v)
{
	struct reader *reader = m->private;

	if (reader->locked)
		unlock(reader);
}

/* Counts without the lock, because the table may have a million places. */
static int count_clients(struct reader *reader, u32 *nr)
{
	struct nf_vip_clients *clients;

	*nr = 0;
	clients = nf_vip_clients_get(nf_vip_service_clients(reader->place.service));
	if (!clients)
		return 0;
	unlock(reader);
	*nr = nf_vip_clients_count(clients);
	nf_vip_clients_put(clients);
	return lock_for(reader);
}

static int status_show(struct seq_file *m, void *v)
{
	struct reader *reader = v;
	u32 nr;

	if (!reader->pos) {
		nf_vip_status_net(m, reader->place.vn);
	} else if (reader->backend) {
		nf_vip_status_backend(m, reader->backend);
	} else {
		if (count_clients(reader, &nr))
			return -EINTR;
		nf_vip_status_service(m, reader->place.service, nr);
	}
	return 0;
}

static const struct seq_operations status_seq_ops = {
	.start	= status_start,
	.next	= status_next,
	.stop	= status_stop,
	.show	= status_show,
};

static int status_open(struct inode *inode, struct file *file)
{
	struct reader *reader;

	reader = __seq_open_private(file, &status_seq_ops, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	reader->place.vn = pde_data(inode);
	return 0;
}

static int status_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	rewind(m->private);
	return seq_release_private(inode, file);
}

const struct proc_ops nf_vip_status_ops = {
	.proc_open	= status_open,
	.proc_read	= nf_vip_seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= status_release,
};
