/* SPDX-License-Identifier: GPL-2.0 */
/* Which backends are down, and what their connections are to do, for packets to see. */
#ifndef NF_VIP_DOWN_ACTION_SYNC_H
#define NF_VIP_DOWN_ACTION_SYNC_H

struct nf_vip_backend;
struct nf_vip_service;

/**
 * nf_vip_down_action_note() - keep in mind which backends of a service are down
 * @service: service whose selection packets see, the namespace's lock held
 *
 * Comes after the selection without them was published: a packet that learns
 * of it here does not choose them again.
 */
void nf_vip_down_action_note(struct nf_vip_service *service);

/**
 * nf_vip_down_action_forget() - a backend goes away
 * @backend: backend, the namespace's lock held
 *
 * Its connections stay as they are.
 */
void nf_vip_down_action_forget(struct nf_vip_backend *backend);

#endif /* NF_VIP_DOWN_ACTION_SYNC_H */
