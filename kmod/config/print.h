/* SPDX-License-Identifier: GPL-2.0 */
/* The configuration as statements; kmod/abi/procfs-nf_vip says which. */
#ifndef NF_VIP_PRINT_H
#define NF_VIP_PRINT_H

struct nf_vip_net;
struct nf_vip_service_spec;
struct seq_file;

/**
 * nf_vip_print_config() - the whole configuration, as the file config has it
 * @m: where to
 * @vn: namespace, its lock held
 */
void nf_vip_print_config(struct seq_file *m, const struct nf_vip_net *vn);

/**
 * nf_vip_print_vips() - addresses and ports of a service, as statements have them
 * @m: where to
 * @spec: what the service is
 * @between: what is between two addresses
 */
void nf_vip_print_vips(struct seq_file *m, const struct nf_vip_service_spec *spec, char between);

#endif /* NF_VIP_PRINT_H */
