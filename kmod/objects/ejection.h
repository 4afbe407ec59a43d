/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of the failures of a backend. Packets count failures, see
 * redispatch.c; eject_run.c does the rest under the namespace's lock.
 *
 * A client can make a healthy backend fail the client's own connections, with
 * packets that the backend drops or that never get there. So failures alone do not
 * eject a backend: several clients have to meet them. A client is an IPv4 address
 * or 64 bits of an IPv6 one, which is what a host has for itself. Clients are told
 * apart by a keyed hash, so that nobody can choose addresses that look like one
 * another, and no more clients are kept than have to be counted.
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
 * struct nf_vip_eject_phase - where a backend stands between ejections
 * @state: whether the backend may have connections
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
 * @limit: failures that eject the backend; 0 while its service has no `eject`
 * @window: jiffies within which these failures have to be
 * @clients: how many different clients have to meet them, 1 to
 *	NF_VIP_EJECT_CLIENTS_MAX
 * @others: another backend of the service may be chosen
 * @due: there were enough failures to act upon; set by packets
 * @failures: above, when the first failure of the window was, in jiffies;
 *	below, how many there were
 * @met: clients that met failures; see nf_vip_eject_meet()
 * @phase: where the backend stands
 * @next: where the backend stands after the work that is running
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
 * nf_vip_eject_count() - count one more failure
 * @word: failures so far: above the time of the window's first one, below how many
 * @now: time
 * @window: length of a window, in the same unit
 *
 * Return: @word with this failure; a window that is over is forgotten.
 */
static inline u64 nf_vip_eject_count(u64 word, u32 now, u32 window)
{
	if (!(u32)word || now - (u32)(word >> 32) >= window)
		return (u64)now << 32 | 1;
	return (u32)word == U32_MAX ? word : word + 1;
}

/**
 * nf_vip_eject_meet() - note that a client met a failure
 * @met: clients that met failures: above, the beginning of the window in which
 *	they did, below, the hash that tells them apart, not 0; places of another
 *	window are free
 * @nr: how many places @met has
 * @print: the hash that tells this client from others, not 0
 * @window: beginning of the window that counts
 *
 * Context: any. Wait-free: of two clients that want one place at a time, one is
 * not noted.
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
 * @time: length of the first one, 1 to NF_VIP_EJECT_TIME_MAX seconds
 * @times: which one in a row, from 1 on
 *
 * Return: seconds: twice as many each time, up to 16 times @time and an hour.
 */
static inline u32 nf_vip_eject_seconds(u32 time, unsigned int times)
{
	return min_t(u32, time << min(times - 1, 4U), NF_VIP_EJECT_TIME_MAX);
}

/**
 * nf_vip_eject_clear() - forget the failures of a backend
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
 * Return: seconds, rounded up, at least 1; 0 if the backend is not ejected.
 */
unsigned int nf_vip_ejection_left(const struct nf_vip_backend *backend);

#endif /* NF_VIP_EJECTION_H */
