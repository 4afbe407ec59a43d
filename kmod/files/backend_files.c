// SPDX-License-Identifier: GPL-2.0
/* What sysfs shows of a backend, in SERVICE/BACKEND/. */
#include <linux/sysfs.h>
#include "files/attribute.h"
#include "files/attribute_input.h"
#include "grammar/parse.h"
#include "health/change.h"
#include "health/drain.h"
#include "health/eject_run.h"
#include "health/lease.h"
#include "health/usable.h"
#include "objects/ejection.h"
#include "objects/service.h"
#include "plan/format.h"
#include "select/load.h"

static ssize_t show_address(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%s\n", NF_VIP_ENDPOINT(backend->spec.family, &backend->spec.addr,
						  nf_vip_backend_port(backend)));
}

static ssize_t show_up(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%s\n", nf_vip_health(backend));
}

static ssize_t show_lease(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%u\n", nf_vip_lease_left(backend));
}

static ssize_t show_drain(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%u\n", backend->spec.drain);
}

static ssize_t show_drain_left(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%u\n", nf_vip_drain_left(backend));
}

static ssize_t show_leaving(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%d\n", backend->leaving);
}

static ssize_t show_usable(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%d\n", nf_vip_backend_usable(backend));
}

static ssize_t show_live(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%u\n", nf_vip_load_get(backend->load));
}

static ssize_t show_ejected(struct kobject *kobj, char *buf)
{
	const struct nf_vip_backend *backend = nf_vip_to_backend(kobj);

	return sysfs_emit(buf, "%u\n", nf_vip_ejection_left(backend));
}

/* "0" ends an ejection. */
static int store_ejected(struct kobject *kobj, const char *word)
{
	return strcmp(word, "0") ? -EINVAL : nf_vip_eject_end(nf_vip_to_backend(kobj));
}

/* Reads 0 or 1, and for how many seconds that health holds, if not for ever. */
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

static int store_up(struct kobject *kobj, const char *word)
{
	u32 seconds;
	bool up;
	int err;

	err = read_health(word, &up, &seconds);
	return err ?: nf_vip_health_report(nf_vip_to_backend(kobj), up, seconds);
}

/* Writing a deadline begins a drain, the only one that has it. */
static int store_drain(struct kobject *kobj, const char *word)
{
	u32 seconds;
	int err;

	err = nf_vip_option_parse(nf_vip_option_find(NF_VIP_BACKEND, "drain"), word, &seconds);
	return err ?: nf_vip_backend_set_drain(nf_vip_to_backend(kobj), seconds);
}

static const struct nf_vip_attribute_row rows[] = {
	{ .name = "address", .show = show_address },
	{ .name = "up", .show = show_up, .store = store_up, .may_store = nf_vip_may_report },
	{ .name = "lease", .show = show_lease },
	{ .name = "drain", .show = show_drain, .store = store_drain },
	{ .name = "drain_left", .show = show_drain_left },
	{ .name = "leaving", .show = show_leaving },
	{ .name = "usable", .show = show_usable },
	{ .name = "live", .show = show_live },
	{ .name = "ejected", .show = show_ejected, .store = store_ejected },
};

static struct nf_vip_net *backend_net(struct kobject *kobj)
{
	return nf_vip_to_backend(kobj)->service->vn;
}

static const void *backend_spec(struct kobject *kobj)
{
	return &nf_vip_to_backend(kobj)->spec;
}

static int backend_set(struct kobject *kobj, const struct nf_vip_option *option, u32 value)
{
	return nf_vip_backend_set(nf_vip_to_backend(kobj), option, value);
}

static u64 backend_count(struct kobject *kobj, unsigned int counter)
{
	return nf_vip_backend_counts(nf_vip_to_backend(kobj)).nr[counter];
}

const struct nf_vip_attribute_kind nf_vip_backend_attributes = {
	.verb		= NF_VIP_BACKEND,
	.rows		= rows,
	.nr_rows	= ARRAY_SIZE(rows),
	.counters	= nf_vip_be_counters,
	.nr_counters	= NF_VIP_BE_COUNTERS,
	.net		= backend_net,
	.spec		= backend_spec,
	.set		= backend_set,
	.count		= backend_count,
};
