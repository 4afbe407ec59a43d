/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Persistence: which backend a client had last. A table of one service, made on
 * the control path, read and written by packets without a lock. Selections
 * share the table; the last selection that goes takes the table along.
 */
#ifndef NF_VIP_PERSIST_H
#define NF_VIP_PERSIST_H

#include <linux/types.h>
#include "nf_vip_grammar.h"

struct nf_vip_clients;
struct nf_vip_clients_set;

/**
 * struct nf_vip_client - where a client has its place in a table
 * @clients: the table
 * @set: the places that the client may have
 * @addr: the client's address, masked, network byte order
 * @print: part of the hash that tells the client from others in @set
 * @seen: the word that was found for the client, or 0
 * @way: index of that word in @set
 */
struct nf_vip_client {
	struct nf_vip_clients *clients;
	struct nf_vip_clients_set *set;
	union nf_inet_addr addr;
	u32 print;
	u64 seen;
	unsigned int way;
};

/**
 * struct nf_vip_client_entry - a client as users see it
 * @addr: the client's address, masked, network byte order
 * @mark: mark of the client's backend, which may be deleted meanwhile
 * @expires: seconds for which the client is remembered at least
 */
struct nf_vip_client_entry {
	union nf_inet_addr addr;
	u32 mark;
	u32 expires;
};

/**
 * nf_vip_clients_for() - the table for a service
 * @old: the table that the service has, or NULL
 * @svc: what the service shall be
 * @name: name of the service, for the log
 *
 * Context: process, may sleep.
 * Return: NULL without persistence; @old if it fits, with one user more; else
 * an empty table with one user; ERR_PTR(-ENOMEM).
 */
struct nf_vip_clients *nf_vip_clients_for(struct nf_vip_clients *old,
					  const struct nf_vip_service_spec *svc,
					  const char *name);

/**
 * nf_vip_clients_copy_for() - a table to try something out with
 * @clients: table
 * @addr: a client
 *
 * Context: process, may sleep; @clients stays meanwhile.
 * Return: a table with one user, in which this client has the place that it has
 * in @clients, and the same neighbours; or NULL.
 */
struct nf_vip_clients *nf_vip_clients_copy_for(struct nf_vip_clients *clients,
					       const union nf_inet_addr *addr);

/**
 * nf_vip_clients_get() - add a user to a table
 * @clients: table that is in use, or NULL
 *
 * Return: @clients.
 */
struct nf_vip_clients *nf_vip_clients_get(struct nf_vip_clients *clients);

/**
 * nf_vip_clients_put() - remove a user from a table; the last one frees it
 * @clients: table or NULL; packets may use it until a grace period has passed
 */
void nf_vip_clients_put(struct nf_vip_clients *clients);

/**
 * nf_vip_client_find() - the backend that a client had
 * @clients: table
 * @addr: address of the client, network byte order, unused bytes zero
 * @client: filled in
 *
 * One client is taken for another once in 2^29 times, and gets a backend that
 * may be chosen as well.
 *
 * Context: any, under rcu_read_lock(). Wait-free.
 * Return: the mark of the backend, or 0.
 */
u32 nf_vip_client_find(struct nf_vip_clients *clients, const union nf_inet_addr *addr,
		       struct nf_vip_client *client);

/**
 * nf_vip_client_left() - for how long is a client remembered?
 * @client: filled in by nf_vip_client_find(), which has found the client
 *
 * Return: seconds, as struct nf_vip_client_entry has them.
 */
u32 nf_vip_client_left(const struct nf_vip_client *client);

/**
 * nf_vip_client_renew() - remember a client that was found from now on
 * @client: what nf_vip_client_find() filled in
 * @seconds: for how long
 */
void nf_vip_client_renew(const struct nf_vip_client *client, u32 seconds);

/**
 * nf_vip_client_keep() - remember the backend of a client
 * @client: what nf_vip_client_find() filled in; changed, to be used again
 * @mark: mark of the backend, not 0
 * @seconds: for how long
 *
 * Context: any, under rcu_read_lock(). Bounded, without waiting.
 * Return: @mark; or the mark that another CPU wrote for this client meanwhile;
 * or 0 if there is no place for the client.
 */
u32 nf_vip_client_keep(struct nf_vip_client *client, u32 mark, u32 seconds);

/**
 * nf_vip_clients_said_full() - does the log say already that there is no place?
 * @clients: table
 */
bool nf_vip_clients_said_full(const struct nf_vip_clients *clients);

/**
 * nf_vip_clients_say_full() - say in the log that there is no place, once a table
 * @clients: table in which nf_vip_client_keep() found no place
 *
 * The caller asks nf_vip_clients_said_full() and nf_vip_may_log() first.
 *
 * Context: any, RCU lock held.
 */
void nf_vip_clients_say_full(struct nf_vip_clients *clients);

/**
 * nf_vip_clients_next() - get the next remembered client
 * @clients: table
 * @at: place to begin with; set to the place behind the client that was found
 * @entry: filled in
 *
 * Context: process, may sleep; the table stays the caller's meanwhile.
 * Return: false if there is no client from @at on.
 */
bool nf_vip_clients_next(const struct nf_vip_clients *clients, u32 *at,
			 struct nf_vip_client_entry *entry);

/**
 * nf_vip_clients_count() - how many clients are remembered now
 * @clients: table or NULL
 */
u32 nf_vip_clients_count(const struct nf_vip_clients *clients);

/**
 * nf_vip_clients_forget() - empty a table
 * @clients: table or NULL
 */
void nf_vip_clients_forget(struct nf_vip_clients *clients);

#endif /* NF_VIP_PERSIST_H */
