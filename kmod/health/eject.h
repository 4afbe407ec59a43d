/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ejection: a backend that fails too many new connections gets none for a time, in
 * services with the option `eject`. Then it is on trial, with a sixteenth of its
 * weight for WINDOW seconds: failures of as many clients as `eject-clients` says
 * eject it again, for twice the time, and without such failures the ejections are
 * forgotten.
 */
#ifndef NF_VIP_EJECT_H
#define NF_VIP_EJECT_H

struct nf_vip_backend;
struct nf_vip_service;

/**
 * nf_vip_eject_note() - follow what was published
 * @service: service whose selection packets see, the namespace's lock held
 *
 * Ends the ejections of a service that has no `eject` any more.
 */
void nf_vip_eject_note(struct nf_vip_service *service);

/**
 * nf_vip_eject_drop() - forget a backend's ejections, and count no more failures
 * @backend: backend, its namespace's lock held; a selection without it, or one that
 *	knows of no ejection, is published
 */
void nf_vip_eject_drop(struct nf_vip_backend *backend);

/**
 * nf_vip_eject_forget() - a service goes away
 * @service: service, the namespace's lock held
 */
void nf_vip_eject_forget(struct nf_vip_service *service);

#endif /* NF_VIP_EJECT_H */
