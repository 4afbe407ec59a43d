/* SPDX-License-Identifier: GPL-2.0 */
/* Commands for nftables, in the network namespace of this process. */
#ifndef NFT_H
#define NFT_H

#include "nf_vip_limits.h"

/**
 * nft_run() - have nftables do something
 * @commands: as for `nft -f`; all of them take effect, or none
 * @sentence: what nftables says, with -EIO and -EPERM
 *
 * Return: 0, -ENOMEM, -EPERM without CAP_NET_ADMIN, or -EIO.
 */
int nft_run(const char *commands, char sentence[NF_VIP_ERROR_MAX]);

/**
 * nft_read() - ask nftables for something
 * @command: a command that lists
 * @json: nftables' answer as JSON, with numbers for all names; to be freed
 * @sentence: as nft_run()
 *
 * Return: as nft_run().
 */
int nft_read(const char *command, char **json, char sentence[NF_VIP_ERROR_MAX]);

#endif /* NFT_H */
