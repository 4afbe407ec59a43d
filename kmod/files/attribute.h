/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of services and backends in sysfs, made of rows: rows for options, for
 * counters, and for the rest.
 */
#ifndef NF_VIP_ATTRIBUTE_H
#define NF_VIP_ATTRIBUTE_H

#include <linux/kobject.h>
#include "grammar/counter.h"
#include "nf_vip_option.h"

struct nf_vip_net;

/**
 * struct nf_vip_attribute_row - a file that is neither an option nor a counter
 * @name: name of the file
 * @show: prints the value into a page and returns the length. The namespace's lock is held,
 *	unless @unlocked says otherwise
 * @store: takes a word that was written, under the namespace's lock, and returns 0 or an
 *	errno; NULL for a file that is read only
 * @may_store: may this process write the file? NULL: if it may change the
 *	configuration
 * @unlocked: @show takes the lock itself, for as long as it needs it
 */
struct nf_vip_attribute_row {
	const char *name;
	ssize_t (*show)(struct kobject *kobj, char *buf);
	int (*store)(struct kobject *kobj, const char *word);
	bool (*may_store)(struct nf_vip_net *vn);
	bool unlocked;
};

/**
 * struct nf_vip_attribute_kind - services, or backends
 * @verb: the statement whose options these objects have
 * @folder: name of the folder within the object's, or NULL for the object's own
 * @rows: files that are neither options nor counters
 * @nr_rows: how many
 * @counters: counters; those without a name are no files
 * @nr_counters: how many
 * @net: the network namespace of an object
 * @spec: what the statement of an object says, under the namespace's lock
 * @set: gives an option another value, under the namespace's lock; 0 or an errno
 * @count: the value of one of @counters
 */
struct nf_vip_attribute_kind {
	enum nf_vip_verb verb;
	const char *folder;
	const struct nf_vip_attribute_row *rows;
	unsigned int nr_rows;
	const struct nf_vip_counter *counters;
	unsigned int nr_counters;
	struct nf_vip_net *(*net)(struct kobject *kobj);
	const void *(*spec)(struct kobject *kobj);
	int (*set)(struct kobject *kobj, const struct nf_vip_option *option, u32 value);
	u64 (*count)(struct kobject *kobj, unsigned int counter);
};

extern const struct nf_vip_attribute_kind nf_vip_service_attributes;
extern const struct nf_vip_attribute_kind nf_vip_backend_attributes;

/**
 * struct nf_vip_attributes - the files of one kind, as the kernel wants them
 * @groups: for struct kobj_type
 * @group: the only one of @groups
 * @files: the files of @group
 */
struct nf_vip_attributes {
	const struct attribute_group *groups[2];
	struct attribute_group group;
	struct nf_vip_attribute *files;
};

/**
 * nf_vip_attributes_make() - make the files of a kind
 * @attributes: filled in; stays where it is until nf_vip_attributes_free()
 * @kind: the kind
 *
 * Context: process; module init.
 * Return: 0 or -ENOMEM, with nothing left to free.
 */
int nf_vip_attributes_make(struct nf_vip_attributes *attributes,
			   const struct nf_vip_attribute_kind *kind);

/**
 * nf_vip_attributes_free() - the reverse of nf_vip_attributes_make()
 * @attributes: files of which no object is left
 */
void nf_vip_attributes_free(struct nf_vip_attributes *attributes);

#endif /* NF_VIP_ATTRIBUTE_H */
