/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables in which each backend has as many slots as its weight says, evenly spread.
 */
#ifndef NF_VIP_INTERLEAVE_H
#define NF_VIP_INTERLEAVE_H

#include "select/scheduler.h"

/**
 * nf_vip_interleave_fill() - give each backend its slots
 * @sel: table, whose targets are there, with nf_vip_shares_slots() slots
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nf_vip_interleave_fill(struct nf_vip_selection *sel);

#endif /* NF_VIP_INTERLEAVE_H */
