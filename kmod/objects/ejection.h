/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the failures of a backend. Packets count them, see
 * redispatch.c; eject_run.c does the rest under the namespace's lock.
 *
 * A client can make a healthy backend fail the client's own connections, with
 * packets that the backend drops or that never get there. So failures alone do not
 * eject: they have to be of several clients. A client is an IPv4 address or 64
 * bits of an IPv6 one, which is what a host has for itself. Clients are told apart
 * by a keyed hash, so that nobody can choose addresses that look like one another,
 * and no more of them are kept than have to be counted.
 */
#ifndef NF_VIP_EJECTION_H
#define NF_VIP_EJECTION_H

#include <linux/atomic.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include "nf_vip_limits.h"

struct nf_conntrack_tuple;
struct nf_vip_backend;

enum nf_vip_eject_state {
	NF_VIP_EJECT_IN,
	NF_VIP_EJECT_OUT,
	NF_VIP_EJECT_TRIAL,
};

/**
 * struct nf_vip_eject_phase - where a backend stands
 * @state: whether it may have connections
 * @times: ejections in a row; 0 only in NF_VIP_EJECT_IN
 * @until: end of the ejection or of the trial, in jiffies
 */
struct nf_vip_eject_phase {
	enum nf_vip_eject_state state;
	unsigned int times;
	unsigned long until;
};

/**
 * struct nf_vip_ejection - what ejection knows of a backend
 * @limit: failures that eject it; 0 while its service has no `eject`
 * @window: within so many jiffies
 * @clients: of so many different clients, 1 to NF_VIP_EJECT_CLIENTS_MAX
 * @others: another backend of the service may be chosen
 * @due: there were so many failures; set by packets
 * @failures: when the first of a window was, in jiffies, and below how many
 * @met: clients that met them; nf_vip_eject_meet()
 * @phase: where it stands
 * @next: where it stands after the work that is running
 *
 * Packets read the first five, and write @due, @failures and @met.
 */
struct nf_vip_ejection {
	u32 limit;
	u32 window;
	u32 clients;
	bool others;
	bool due;
	atomic64_t failures;
	atomic64_t met[NF_VIP_EJECT_CLIENTS_MAX];
	struct nf_vip_eject_phase phase;
	struct nf_vip_eject_phase next;
};

/**
 * nf_vip_eject_count() - one failure more
 * @word: failures so far: above the time of the window's first one, below how many
 * @now: time
 * @window: length of a window, in the same unit
 *
 * Return: the same with this one; a window that is over is forgotten.
 */
static inline u64 nf_vip_eject_count(u64 word, u32 now, u32 window)
{
	if (!(u32)word || now - (u32)(word >> 32) >= window)
		return (u64)now << 32 | 1;
	return (u32)word == U32_MAX ? word : word + 1;
}

/**
 * nf_vip_eject_meet() - a client met a failure
 * @met: clients that did: above the beginning of the window in which they met it,
 *	below what tells them apart, not 0; those of another window are no more
 * @nr: how many places it has
 * @print: what tells this client from others, not 0
 * @window: beginning of the window that counts
 *
 * Context: any. Wait-free: of two that want one place at a time, one is not noted.
 * Return: how many clients met failures in this window, up to @nr.
 */
static inline unsigned int nf_vip_eject_meet(atomic64_t *met, unsigned int nr, u32 print,
					     u32 window)
{
	u64 mine = (u64)window << 32 | print, word, old = 0;
	unsigned int i, seen = 0;
	atomic64_t *room = NULL;
	bool known = false;

	for (i = 0; i < nr; i++) {
		word = atomic64_read(&met[i]);
		known |= word == mine;
		if ((u32)word && word >> 32 == window) {
			seen++;
		} else if (!room) {
			room = &met[i];
			old = word;
		}
	}
	if (known || !room)
		return seen;
	return seen + atomic64_try_cmpxchg_relaxed(room, (s64 *)&old, mine);
}

/**
 * nf_vip_eject_seconds() - how long is an ejection?
 * @time: the first one, 1 to NF_VIP_EJECT_TIME_MAX seconds
 * @times: which one in a row, from 1 on
 *
 * Return: seconds: twice as many each time, up to 16 times @time and an hour.
 */
static inline u32 nf_vip_eject_seconds(u32 time, unsigned int times)
{
	return min_t(u32, time << min(times - 1, 4U), NF_VIP_EJECT_TIME_MAX);
}

/**
 * nf_vip_eject_clear() - no failure was counted, and none is to be acted upon
 * @ejection: of a backend, its namespace's lock held; packets may count at the same time
 */
static inline void nf_vip_eject_clear(struct nf_vip_ejection *ejection)
{
	WRITE_ONCE(ejection->due, false);
	atomic64_set(&ejection->failures, 0);
}

/**
 * nf_vip_ejection_failed() - a backend failed a connection
 * @backend: backend whose @limit is not 0
 * @client: original tuple of the connection
 *
 * Context: hook, RCU lock held. A few tries to count, without waiting.
 */
void nf_vip_ejection_failed(struct nf_vip_backend *backend,
			    const struct nf_conntrack_tuple *client);

/**
 * nf_vip_is_ejected() - is a backend ejected?
 * @backend: backend, its namespace's lock held
 */
bool nf_vip_is_ejected(const struct nf_vip_backend *backend);

/**
 * nf_vip_is_on_trial() - is a backend on trial?
 * @backend: backend, its namespace's lock held
 */
bool nf_vip_is_on_trial(const struct nf_vip_backend *backend);

/**
 * nf_vip_ejection_left() - how long does an ejection last?
 * @backend: backend, its namespace's lock held
 *
 * Return: seconds, rounded up, at least 1; 0 if it is not ejected.
 */
unsigned int nf_vip_ejection_left(const struct nf_vip_backend *backend);

#endif /* NF_VIP_EJECTION_H */
