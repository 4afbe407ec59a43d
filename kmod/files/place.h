/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far a reader of all services has come. Between two reads the lock is
 * free, and services come and go: a reader keeps a reference to its service,
 * and goes on behind that service or, if the service was deleted, with what
 * stands in its place.
 */
#ifndef NF_VIP_PLACE_H
#define NF_VIP_PLACE_H

#include <linux/types.h>

struct nf_vip_net;
struct nf_vip_service;

/**
 * struct nf_vip_place - one service after the other
 * @vn: network namespace
 * @service: the reader's service, a reference; or NULL, at the beginning and at
 *	the end
 * @nth: how many services stand before @service
 * @begun: the reader has begun
 */
struct nf_vip_place {
	struct nf_vip_net *vn;
	struct nf_vip_service *service;
	u32 nth;
	bool begun;
};

/**
 * nf_vip_place_next() - go on to the next service
 * @place: where the reader is; the namespace's lock is held
 *
 * Return: whether there is a next service.
 */
bool nf_vip_place_next(struct nf_vip_place *place);

/**
 * nf_vip_place_rewind() - back to the beginning, without a reference
 * @place: where the reader is
 *
 * Context: process.
 */
void nf_vip_place_rewind(struct nf_vip_place *place);

#endif /* NF_VIP_PLACE_H */
