/* SPDX-License-Identifier: GPL-2.0 */
/*
 * While the module is away, the kernel's own NAT goes on with the connections
 * that there are, if something keeps its hooks, and those of conntrack. A table
 * of nftables does that, and lets nothing new get to a VIP meanwhile, where it
 * would be answered by somebody else.
 */
#ifndef KEEPER_H
#define KEEPER_H

#include "nf_vip_limits.h"
#include "text.h"

/* Its name, for messages. */
#define KEEPER_TABLE	"table inet nf_vip_keep"

/**
 * keeper_make() - put the table in, in this network namespace
 * @config: configuration, as the kernel printed it
 * @sentence: what nftables says, with -EIO
 *
 * Return: 0, -ENOMEM or -EIO.
 */
int keeper_make(const struct text *config, char sentence[NF_VIP_ERROR_MAX]);

/**
 * keeper_remove() - take the table out
 * @sentence: what nftables says, with -EIO
 *
 * Return: 0, -ENOMEM or -EIO.
 */
int keeper_remove(char sentence[NF_VIP_ERROR_MAX]);

#endif /* KEEPER_H */
