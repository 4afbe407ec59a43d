/* SPDX-License-Identifier: GPL-2.0 */
/* For packets to see: which backends are down, and what becomes of their connections. */
#ifndef NF_VIP_DOWN_ACTION_SYNC_H
#define NF_VIP_DOWN_ACTION_SYNC_H

struct nf_vip_backend;
struct nf_vip_service;

/**
 * nf_vip_down_action_note() - keep in mind which backends of a service are down
 * @service: service whose selection packets see, the namespace's lock held
 *
 * Called after a selection without these backends was published: a packet that
 * learns here that its backend is down does not choose that backend again.
 */
void nf_vip_down_action_note(struct nf_vip_service *service);

/**
 * nf_vip_down_action_forget() - a backend goes away
 * @backend: backend, the namespace's lock held
 *
 * The backend's connections stay as they are.
 */
void nf_vip_down_action_forget(struct nf_vip_backend *backend);

#endif /* NF_VIP_DOWN_ACTION_SYNC_H */
