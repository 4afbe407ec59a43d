/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fast path's table in nftables, `inet nf_vip`: a flowtable, and a chain
 * that puts our established connections into it. Nothing else of nftables is
 * looked at or changed.
 */
#ifndef FLOWTABLE_H
#define FLOWTABLE_H

#include "net/below.h"
#include "nf_vip_grammar.h"

/**
 * flowtable_make() - make the table, in place of an existing one
 * @devs: interfaces of the table, at least one; all have to exist
 * @below: more interfaces that the table gets
 * @mark_mask: bits of the connection mark that are ours, not 0
 * @sentence: why nftables refused
 *
 * The new table replaces the old one at once. Connections in the old flowtable
 * meet the rules again, and their next packet enters the new one.
 *
 * Return: 0, -ENOMEM, or -EIO with a sentence; then nothing is changed.
 */
int flowtable_make(const struct nf_vip_fastpath_spec *devs,
		   const struct below *below, unsigned int mark_mask,
		   char sentence[NF_VIP_ERROR_MAX]);

/**
 * flowtable_remove() - remove the table, if there is one
 * @sentence: why nftables refused
 *
 * Where nftables is missing, so is the table.
 *
 * Return: 0, -ENOMEM, or -EIO with a sentence.
 */
int flowtable_remove(char sentence[NF_VIP_ERROR_MAX]);

/**
 * flowtable_left() - packets that should have brought connections into the table
 *
 * Return: how many since the table was made, if it has not taken any
 * connection; 0 if it has, or there is no table, or too few packets came to
 * tell.
 */
unsigned long long flowtable_left(void);

#endif /* FLOWTABLE_H */
