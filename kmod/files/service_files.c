// SPDX-License-Identifier: GPL-2.0
/* What sysfs shows of a service, in SERVICE/service/. */
#include <linux/sysfs.h>
#include "files/attribute.h"
#include "grammar/parse.h"
#include "health/change.h"
#include "health/publish.h"
#include "objects/midstream.h"
#include "objects/service.h"
#include "objects/state.h"
#include "plan/format.h"
#include "select/persist.h"

static ssize_t show_vip(struct kobject *kobj, char *buf)
{
	const struct nf_vip_service_spec *spec = &nf_vip_to_service(kobj)->spec;
	struct nf_vip_endpoint_text room;
	const char *piece;
	unsigned int i;
	int len = 0;

	for (i = 0; (piece = nf_vip_vips_piece(&room, spec, i, ' ')); i++)
		len += sysfs_emit_at(buf, len, "%s", piece);
	return len + sysfs_emit_at(buf, len, "\n");
}

static ssize_t show_proto(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%s\n", nf_vip_proto_name(nf_vip_to_service(kobj)->spec.proto));
}

static ssize_t show_live(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%llu\n", nf_vip_service_live(nf_vip_to_service(kobj)));
}

static ssize_t show_few(struct kobject *kobj, char *buf)
{
	return sysfs_emit(buf, "%d\n", nf_vip_to_service(kobj)->panic.too_few);
}

/* How many clients are remembered: the table is looked through without the lock. */
static ssize_t show_clients(struct kobject *kobj, char *buf)
{
	struct nf_vip_service *service = nf_vip_to_service(kobj);
	struct nf_vip_clients *clients;
	u32 nr;

	if (mutex_lock_interruptible(&service->vn->lock))
		return -EINTR;
	clients = nf_vip_clients_get(nf_vip_service_clients(service));
	mutex_unlock(&service->vn->lock);
	nr = nf_vip_clients_count(clients);
	nf_vip_clients_put(clients);
	return sysfs_emit(buf, "%u\n", nr);
}

/* "0" forgets all clients. */
static int store_clients(struct kobject *kobj, const char *word)
{
	if (strcmp(word, "0"))
		return -EINVAL;
	nf_vip_clients_forget(nf_vip_service_clients(nf_vip_to_service(kobj)));
	return 0;
}

/* Seconds that are left of the hold. */
static ssize_t show_hold(struct kobject *kobj, char *buf)
{
	char left[NF_VIP_MIDSTREAM_SIZE];

	return sysfs_emit(buf, "%s\n", nf_vip_midstream_left(nf_vip_to_service(kobj), left));
}

/* A number or "on" begins another hold, 0 ends it. */
static int store_hold(struct kobject *kobj, const char *word)
{
	u32 seconds = NF_VIP_MIDSTREAM_ON;
	int err = 0;

	if (strcmp(word, "on"))
		err = nf_vip_option_parse(nf_vip_option_find(NF_VIP_SERVICE, "hold"), word,
					  &seconds);
	if (!err)
		nf_vip_midstream_begin(nf_vip_to_service(kobj), seconds);
	return err;
}

static ssize_t show_eject(struct kobject *kobj, char *buf)
{
	const struct nf_vip_eject_spec *eject = &nf_vip_to_service(kobj)->spec.eject;

	return sysfs_emit(buf, "%u %u %u\n", eject->fails, eject->window, eject->time);
}

/* Three numbers, or one 0. */
static int store_eject(struct kobject *kobj, const char *word)
{
	const struct nf_vip_option *option = nf_vip_option_find(NF_VIP_SERVICE, "eject");
	struct nf_vip_eject_spec eject;
	int err;

	err = nf_vip_option_parse_list(option, word, (u32 *)&eject);
	return err ?: nf_vip_service_set_eject(nf_vip_to_service(kobj), &eject);
}

static const struct nf_vip_attribute_row rows[] = {
	{ .name = "vip", .show = show_vip },
	{ .name = "proto", .show = show_proto },
	{ .name = "live", .show = show_live },
	{ .name = "few", .show = show_few },
	{ .name = "clients", .show = show_clients, .store = store_clients, .unlocked = true },
	{ .name = "hold", .show = show_hold, .store = store_hold },
	{ .name = "eject", .show = show_eject, .store = store_eject },
};

static struct nf_vip_net *service_net(struct kobject *kobj)
{
	return nf_vip_to_service(kobj)->vn;
}

static const void *service_spec(struct kobject *kobj)
{
	return &nf_vip_to_service(kobj)->spec;
}

static int service_set(struct kobject *kobj, const struct nf_vip_option *option, u32 value)
{
	return nf_vip_service_set(nf_vip_to_service(kobj), option, value);
}

static u64 service_count(struct kobject *kobj, unsigned int counter)
{
	return nf_vip_service_counts(nf_vip_to_service(kobj)).nr[counter];
}

const struct nf_vip_attribute_kind nf_vip_service_attributes = {
	.verb		= NF_VIP_SERVICE,
	.folder		= NF_VIP_SERVICE_FOLDER,
	.rows		= rows,
	.nr_rows	= ARRAY_SIZE(rows),
	.counters	= nf_vip_svc_counters,
	.nr_counters	= NF_VIP_SVC_COUNTERS,
	.net		= service_net,
	.spec		= service_spec,
	.set		= service_set,
	.count		= service_count,
};
