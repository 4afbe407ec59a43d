// SPDX-License-Identifier: GPL-2.0
/* The folder of a namespace in /proc, and its small files. */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <net/net_namespace.h>
#include "files/config.h"
#include "files/clients.h"
#include "files/explain.h"
#include "files/procfs.h"
#include "files/status_file.h"
#include "objects/file.h"
#include "objects/state.h"

/* These numbers are not in status, so that status stays the same while nothing happens. */
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

static int upkeep_open(struct inode *inode, struct file *file)
{
	return single_open(file, upkeep_show, pde_data(inode));
}

static int error_open(struct inode *inode, struct file *file)
{
	return single_open(file, error_show, pde_data(inode));
}

static const struct proc_ops upkeep_ops = {
	.proc_open	= upkeep_open,
	.proc_read	= nf_vip_seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

static const struct proc_ops error_ops = {
	.proc_open	= error_open,
	.proc_read	= nf_vip_seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= single_release,
};

int nf_vip_procfs_start(struct nf_vip_net *vn)
{
	struct proc_dir_entry *dir;

	dir = proc_net_mkdir(vn->net, NF_VIP_PROC_DIR, vn->net->proc_net);
	if (!dir)
		return -ENOMEM;

	if (!proc_create_data("config", 0644, dir, &nf_vip_config_ops, vn) ||
	    !proc_create_data("status", 0444, dir, &nf_vip_status_ops, vn) ||
	    !proc_create_data("upkeep", 0444, dir, &upkeep_ops, vn) ||
	    !proc_create_data("error", 0444, dir, &error_ops, vn) ||
	    !proc_create_data("clients", 0440, dir, &nf_vip_clients_ops, vn) ||
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
