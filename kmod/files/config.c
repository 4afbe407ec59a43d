// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/nf_vip/config: an open file keeps its text until it is read from
 * the beginning again.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include "config/text.h"
#include "config/transaction.h"
#include "files/config.h"
#include "objects/file.h"
#include "objects/quota.h"
#include "objects/state.h"

static bool is_privileged(struct file *file)
{
	const struct nf_vip_net *vn = pde_data(file_inode(file));

	return file_ns_capable(file, vn->net->user_ns, CAP_NET_ADMIN);
}

/**
 * struct reader - an open file
 * @vn: network namespace
 * @lock: one read at a time
 * @config: the text that is read, or NULL
 * @error: why the last write to this open file was refused, or ""; read in
 *	place of @config
 */
struct reader {
	struct nf_vip_net *vn;
	/* Taken before the namespace's lock. */
	struct mutex lock;
	struct nf_vip_config *config;
	char error[sizeof("error ") + NF_VIP_ERROR_MAX];
};

static int begin_anew(struct file *file)
{
	struct reader *reader = file->private_data;
	struct nf_vip_net *vn = reader->vn;
	struct nf_vip_config *config = NULL;
	int err = 0;

	if (mutex_lock_interruptible(&vn->lock))
		return -EINTR;
	/* Each open file may hold the text of another time, so the number of texts is limited. */
	if (!nf_vip_config_is_there(vn) &&
	    atomic_read(&vn->nr_configs) >= nf_vip_texts_max(vn, is_privileged(file)))
		err = -EBUSY;
	else
		config = nf_vip_config_get(vn);
	mutex_unlock(&vn->lock);
	if (!config)
		return err ?: -ENOMEM;
	nf_vip_config_put(reader->config);
	reader->config = config;
	return 0;
}

static ssize_t read_text(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct reader *reader = file->private_data;
	ssize_t n = 0;

	if (mutex_lock_interruptible(&reader->lock))
		return -EINTR;
	if (reader->error[0]) {
		n = simple_read_from_buffer(buf, len, pos, reader->error, strlen(reader->error));
		goto out;
	}
	if (!*pos || !reader->config)
		n = begin_anew(file);
	if (!n)
		n = simple_read_from_buffer(buf, len, pos, reader->config->text,
					    reader->config->len);
out:
	mutex_unlock(&reader->lock);
	return n;
}

static ssize_t config_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct nf_vip_net *vn = pde_data(file_inode(file));

	return nf_vip_file_read(read_text, file, buf, len, pos,
				&(const struct nf_vip_holder){ vn });
}

static int refuse_size(struct nf_vip_net *vn, char error[NF_VIP_ERROR_MAX])
{
	scnprintf(error, NF_VIP_ERROR_MAX, "expected at most %zu bytes in one write",
		  nf_vip_text_max(vn));
	mutex_lock(&vn->lock);
	strscpy(vn->error, error, sizeof(vn->error));
	mutex_unlock(&vn->lock);
	return -E2BIG;
}

static int change(struct nf_vip_net *vn, const char __user *buf, size_t len,
		  char error[NF_VIP_ERROR_MAX])
{
	char *text;
	int err;

	text = kvmalloc(len + 1, GFP_KERNEL_ACCOUNT);
	if (!text)
		return -ENOMEM;
	err = nf_vip_file_copy(text, buf, len, &(const struct nf_vip_holder){ vn });
	if (!err)
		err = nf_vip_transaction(vn, text, len, error);
	kvfree(text);
	return err;
}

/*
 * A writer holds a text while it waits for its turn, so a user's namespace has
 * few writers at a time.
 */
static int wait_in_queue(struct nf_vip_net *vn, const char __user *buf, size_t len,
			 char error[NF_VIP_ERROR_MAX])
{
	int nr = atomic_inc_return(&vn->nr_writers), err = -EBUSY;

	if (nr <= NF_VIP_USER_WRITERS || !nf_vip_is_of_user(vn))
		err = change(vn, buf, len, error);
	else
		scnprintf(error, NF_VIP_ERROR_MAX, "expected at most %d writers at a time",
			  NF_VIP_USER_WRITERS);
	atomic_dec(&vn->nr_writers);
	return err;
}

/* The sentence is for this open file: another writer's answer would be no help. */
static void answer(struct reader *reader, const char *error)
{
	mutex_lock(&reader->lock);
	reader->error[0] = '\0';
	if (*error)
		scnprintf(reader->error, sizeof(reader->error), "error %s\n", error);
	mutex_unlock(&reader->lock);
}

/*
 * One write is one transaction, whatever the offset: a shell that appends and
 * one that overwrites mean the same. The opener's capability counts, so that a
 * privileged process cannot be made to write for somebody else.
 */
static ssize_t config_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct nf_vip_net *vn = pde_data(file_inode(file));
	char error[NF_VIP_ERROR_MAX] = "";
	int err;

	if (!is_privileged(file))
		return -EPERM;
	err = len > nf_vip_text_max(vn) ? refuse_size(vn, error) :
					  wait_in_queue(vn, buf, len, error);
	answer(file->private_data, error);
	return err ?: len;
}

static int config_open(struct inode *inode, struct file *file)
{
	struct reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);

	if (!reader)
		return -ENOMEM;
	reader->vn = pde_data(inode);
	mutex_init(&reader->lock);
	file->private_data = reader;
	return 0;
}

static int config_release(struct inode *inode, struct file *file)
{
	struct reader *reader = file->private_data;

	nf_vip_config_put(reader->config);
	mutex_destroy(&reader->lock);
	kfree(reader);
	return 0;
}

const struct proc_ops nf_vip_config_ops = {
	.proc_open	= config_open,
	.proc_read	= config_read,
	.proc_write	= config_write,
	.proc_lseek	= default_llseek,
	.proc_release	= config_release,
};
