/* SPDX-License-Identifier: GPL-2.0 */
/* The lines of status. Their fields have a fixed order; new ones come at the end. */
#ifndef NF_VIP_STATUS_LINE_H
#define NF_VIP_STATUS_LINE_H

#include <linux/types.h>

struct nf_vip_backend;
struct nf_vip_net;
struct nf_vip_service;
struct seq_file;

/**
 * nf_vip_status_net() - the first line of status
 * @m: where to
 * @vn: namespace, its lock held
 */
void nf_vip_status_net(struct seq_file *m, const struct nf_vip_net *vn);

/**
 * nf_vip_status_service() - the line that status has for a service
 * @m: where to
 * @service: service, the namespace's lock held
 * @clients: how many clients the service remembers; counting takes too long for
 *	that lock
 */
void nf_vip_status_service(struct seq_file *m, const struct nf_vip_service *service, u32 clients);

/**
 * nf_vip_status_backend() - the line that status has for a backend
 * @m: where to
 * @backend: backend, also one that is leaving; the namespace's lock held
 */
void nf_vip_status_backend(struct seq_file *m, const struct nf_vip_backend *backend);

#endif /* NF_VIP_STATUS_LINE_H */
