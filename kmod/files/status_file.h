/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file status: a line for each object, each of its own moment. Whoever reads
 * holds the namespace's lock for a few lines at a time, so that no reader keeps
 * writers waiting.
 */
#ifndef NF_VIP_STATUS_FILE_H
#define NF_VIP_STATUS_FILE_H

#include <linux/proc_fs.h>

/* Of /proc/net/nf_vip/status; the file's data is its struct nf_vip_net. */
extern const struct proc_ops nf_vip_status_ops;

#endif /* NF_VIP_STATUS_FILE_H */
