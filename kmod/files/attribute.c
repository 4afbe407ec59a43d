// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/sysfs.h>
#include "files/attribute.h"
#include "files/attribute_input.h"
#include "grammar/parse.h"
#include "objects/state.h"

/**
 * struct nf_vip_attribute - a file
 * @attr: the file as sysfs knows it
 * @name: room for a name with `_` for `-`
 * @kind: kind of the file's object
 * @row: row of the file, or NULL for an option or a counter
 * @option: option of the file, or NULL
 * @counter: index of the counter, if the file has neither a row nor an option
 */
struct nf_vip_attribute {
	struct kobj_attribute attr;
	char name[NF_VIP_NAME_MAX + 1];
	const struct nf_vip_attribute_kind *kind;
	const struct nf_vip_attribute_row *row;
	const struct nf_vip_option *option;
	unsigned int counter;
};

static const struct nf_vip_attribute *to_file(const struct kobj_attribute *attr)
{
	return container_of(attr, const struct nf_vip_attribute, attr);
}

/* Under the lock, so that no value is torn. */
static ssize_t print(const struct nf_vip_attribute *file, struct kobject *kobj, char *buf)
{
	char word[NF_VIP_OPTION_SIZE];

	if (file->row)
		return file->row->show(kobj, buf);
	if (file->option)
		return sysfs_emit(buf, "%s\n", nf_vip_option_print(file->option,
								  file->kind->spec(kobj), word));
	return sysfs_emit(buf, "%llu\n", file->kind->count(kobj, file->counter));
}

static ssize_t show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct nf_vip_attribute *file = to_file(attr);
	struct nf_vip_net *vn = file->kind->net(kobj);
	ssize_t len;

	if (file->row && file->row->unlocked)
		return file->row->show(kobj, buf);
	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	len = print(file, kobj, buf);
	mutex_unlock(&vn->lock);
	return len;
}

static int set_option(const struct nf_vip_attribute *file, struct kobject *kobj, const char *word)
{
	u32 value;
	int err = nf_vip_option_parse(file->option, word, &value);

	return err ?: file->kind->set(kobj, file->option, value);
}

static ssize_t store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t len)
{
	const struct nf_vip_attribute *file = to_file(attr);
	struct nf_vip_net *vn = file->kind->net(kobj);
	char word[NF_VIP_INPUT_WORD];
	bool allowed;
	int err;

	allowed = file->row && file->row->may_store ? file->row->may_store(vn) :
						      nf_vip_may_change(vn);
	err = nf_vip_input_begin(vn, allowed, buf, len, word);
	if (err)
		return err;
	err = file->row ? file->row->store(kobj, word) : set_option(file, kobj, word);
	mutex_unlock(&vn->lock);
	return err ?: len;
}

static struct nf_vip_attribute *add(struct nf_vip_attributes *attributes,
				    const struct nf_vip_attribute_kind *kind, unsigned int *nr,
				    const char *name, bool writable)
{
	struct nf_vip_attribute *file = &attributes->files[*nr];

	file->kind = kind;
	strscpy(file->name, name, sizeof(file->name));
	strreplace(file->name, '-', '_');
	file->attr.attr.name = file->name;
	file->attr.attr.mode = writable ? 0644 : 0444;
	file->attr.show = show;
	file->attr.store = writable ? store : NULL;
	sysfs_attr_init(&file->attr.attr);
	attributes->group.attrs[(*nr)++] = &file->attr.attr;
	return file;
}

static void add_all(struct nf_vip_attributes *attributes, const struct nf_vip_attribute_kind *kind)
{
	const struct nf_vip_option *option = NULL;
	unsigned int i, nr = 0;

	for (i = 0; i < kind->nr_rows; i++)
		add(attributes, kind, &nr, kind->rows[i].name, kind->rows[i].store)->row =
			&kind->rows[i];
	while ((option = nf_vip_option_next(kind->verb, option)))
		if (option->file != NF_VIP_OPTION_NO_FILE)
			add(attributes, kind, &nr, option->name,
			    option->file == NF_VIP_OPTION_WRITE)->option = option;
	for (i = 0; i < kind->nr_counters; i++)
		if (kind->counters[i].name)
			add(attributes, kind, &nr, kind->counters[i].name, false)->counter = i;
}

int nf_vip_attributes_make(struct nf_vip_attributes *attributes,
			   const struct nf_vip_attribute_kind *kind)
{
	unsigned int most = kind->nr_rows + nf_vip_options_of(kind->verb)->nr + kind->nr_counters;

	attributes->files = kcalloc(most, sizeof(*attributes->files), GFP_KERNEL);
	attributes->group.attrs = kcalloc(most + 1, sizeof(*attributes->group.attrs), GFP_KERNEL);
	if (!attributes->files || !attributes->group.attrs) {
		nf_vip_attributes_free(attributes);
		return -ENOMEM;
	}
	attributes->group.name = kind->folder;
	attributes->groups[0] = &attributes->group;
	add_all(attributes, kind);
	return 0;
}

void nf_vip_attributes_free(struct nf_vip_attributes *attributes)
{
	kfree(attributes->files);
	kfree(attributes->group.attrs);
}
