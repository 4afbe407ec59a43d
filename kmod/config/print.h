/* SPDX-License-Identifier: GPL-2.0 */
/* Objects as lines of text; kmod/abi says which. */
#ifndef NF_VIP_PRINT_H
#define NF_VIP_PRINT_H

#include <linux/types.h>

struct nf_vip_backend;
struct nf_vip_net;
struct nf_vip_service;
struct seq_file;

/**
 * nf_vip_print_config() - the whole configuration, as the file config has it
 * @m: where to
 * @vn: namespace, its lock held
 */
void nf_vip_print_config(struct seq_file *m, const struct nf_vip_net *vn);

/**
 * nf_vip_print_net() - the first line of status
 * @m: where to
 * @vn: namespace, its lock held
 */
void nf_vip_print_net(struct seq_file *m, const struct nf_vip_net *vn);

/**
 * nf_vip_print_service() - the line that status has for a service
 * @m: where to
 * @service: service, the namespace's lock held
 * @clients: how many clients it remembers; counting takes too long for that lock
 */
void nf_vip_print_service(struct seq_file *m, const struct nf_vip_service *service, u32 clients);

/**
 * nf_vip_print_backend() - the line that status has for a backend
 * @m: where to
 * @backend: backend, also one that is leaving; the namespace's lock held
 */
void nf_vip_print_backend(struct seq_file *m, const struct nf_vip_backend *backend);

#endif /* NF_VIP_PRINT_H */
