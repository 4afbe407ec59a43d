// SPDX-License-Identifier: GPL-2.0
/*
 * A client may be in any of the 8 places of the set that its hash leads to.
 * Packets compare one word a place, 8 of which are a cache line: 32 bits of the
 * hash above, the mark below. A packet changes a word only by a compare and
 * exchange, and the word has all that a choice depends on.
 *
 * The time is beside the word. Whoever takes a place writes the time first, and
 * releases it with the word, which readers acquire: a new client is not seen with
 * a time that is over. Should the compare and exchange fail, or the old client
 * come back in between, the old client is remembered a little longer; that does no
 * harm, because all clients of a service have the same time.
 *
 * The address is there for listing clients. It is written last; a reader sees
 * by the hash of the address whether it belongs to the word.
 */
#include <linux/log2.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include "select/persist.h"
#include "select/table.h"

enum { WAYS = 8 };

/**
 * struct nf_vip_clients_set - places for clients of one hash
 * @words: hash and mark, or 0
 * @expires: seconds of the clock since the machine started
 * @addrs: masked, network byte order
 */
struct nf_vip_clients_set {
	atomic64_t words[WAYS];
	u32 expires[WAYS];
	union nf_inet_addr addrs[WAYS];
} ____cacheline_aligned;

/**
 * struct nf_vip_clients - the clients of one service
 * @users: selections that have the table
 * @family: family of the addresses
 * @mask: leading bits of an address that count, as stated
 * @max_clients: as stated
 * @said_full: the log has said that there is no place
 * @name: of the service
 * @key: of the hash
 * @netmask: the bits of an address that count
 * @set_mask: number of sets less 1
 * @rcu: frees the table after the packets that use it
 * @sets: the places
 */
struct nf_vip_clients {
	refcount_t users;
	u8 family;
	u32 mask;
	u32 max_clients;
	bool said_full;
	char name[NF_VIP_NAME_MAX + 1];
	siphash_key_t key;
	union nf_inet_addr netmask;
	u32 set_mask;
	struct rcu_head rcu;
	struct nf_vip_clients_set sets[];
};

static void set_netmask(struct nf_vip_clients *clients)
{
	u32 bits = clients->mask ?: (clients->family == NFPROTO_IPV4 ? 32 : 128);
	unsigned int i;

	for (i = 0; i < 4 && bits; i++) {
		u32 here = min(bits, 32U);

		clients->netmask.all[i] = (__force u32)htonl(~0U << (32 - here));
		bits -= here;
	}
}

/* Twice as many places as clients: a set of 8 is seldom full then. */
static struct nf_vip_clients *make(const struct nf_vip_service_spec *svc, const char *name)
{
	u32 sets = roundup_pow_of_two(DIV_ROUND_UP(2 * svc->max_clients, WAYS));
	struct nf_vip_clients *clients;

	clients = kvzalloc(struct_size(clients, sets, sets), NF_VIP_GFP_TABLE);
	if (!clients)
		return ERR_PTR(-ENOMEM);

	refcount_set(&clients->users, 1);
	clients->family = svc->family;
	clients->mask = svc->mask;
	clients->max_clients = svc->max_clients;
	strscpy(clients->name, name, sizeof(clients->name));
	get_random_bytes(&clients->key, sizeof(clients->key));
	clients->set_mask = sets - 1;
	set_netmask(clients);
	return clients;
}

struct nf_vip_clients *nf_vip_clients_for(struct nf_vip_clients *old,
					  const struct nf_vip_service_spec *svc,
					  const char *name)
{
	if (!svc->policy.persist)
		return NULL;
	if (!old || old->family != svc->family || old->mask != svc->mask ||
	    old->max_clients != svc->max_clients)
		return make(svc, name);
	return nf_vip_clients_get(old);
}

struct nf_vip_clients *nf_vip_clients_get(struct nf_vip_clients *clients)
{
	if (clients)
		refcount_inc(&clients->users);
	return clients;
}

static void free_clients(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct nf_vip_clients, rcu));
}

/* Not with kvfree_rcu(), which waits for more to free: these tables are large. */
void nf_vip_clients_put(struct nf_vip_clients *clients)
{
	if (clients && refcount_dec_and_test(&clients->users))
		call_rcu(&clients->rcu, free_clients);
}

static u64 hash_of(const struct nf_vip_clients *clients, const union nf_inet_addr *addr)
{
	if (clients->family == NFPROTO_IPV4)
		return siphash_1u32(addr->all[0], &clients->key);
	return siphash_2u64((u64)addr->all[0] << 32 | addr->all[1],
			    (u64)addr->all[2] << 32 | addr->all[3], &clients->key);
}

static u32 now_in_seconds(void)
{
	return ktime_get_seconds();
}

/* Seconds until the time of a place is over, or 0. */
static u32 left_of_way(const struct nf_vip_clients_set *set, unsigned int way)
{
	s32 diff = READ_ONCE(set->expires[way]) - now_in_seconds();

	return max(diff, 0);
}

/* One second is added, because the present one has begun already. */
static void set_time(struct nf_vip_clients_set *set, unsigned int way, u32 seconds)
{
	u32 expires = now_in_seconds() + seconds + 1;

	/* Many connections in one second: write once, and leave the cache line to all CPUs. */
	if (READ_ONCE(set->expires[way]) != expires)
		WRITE_ONCE(set->expires[way], expires);
}

static bool is_of(u64 word, u32 print)
{
	return word && word >> 32 == print;
}

u32 nf_vip_client_find(struct nf_vip_clients *clients, const union nf_inet_addr *addr,
		       struct nf_vip_client *client)
{
	unsigned int i;
	u64 hash;

	for (i = 0; i < 4; i++)
		client->addr.all[i] = addr->all[i] & clients->netmask.all[i];
	hash = hash_of(clients, &client->addr);
	client->clients = clients;
	client->set = &clients->sets[(u32)hash & clients->set_mask];
	client->print = hash >> 32;
	client->seen = 0;
	for (i = 0; i < WAYS; i++) {
		u64 word = atomic64_read_acquire(&client->set->words[i]);

		if (!is_of(word, client->print))
			continue;
		client->seen = word;
		client->way = i;
		return left_of_way(client->set, i) ? (u32)word : 0;
	}
	return 0;
}

u32 nf_vip_client_left(const struct nf_vip_client *client)
{
	u32 seconds = left_of_way(client->set, client->way);

	return seconds ? seconds - 1 : 0;
}

/* The copy has one set, which every hash leads to, and never logs that it is full. */
struct nf_vip_clients *nf_vip_clients_copy_for(struct nf_vip_clients *clients,
					       const union nf_inet_addr *addr)
{
	struct nf_vip_clients *copy = kvzalloc(struct_size(copy, sets, 1), GFP_KERNEL_ACCOUNT);
	struct nf_vip_client client;
	unsigned int i;

	if (!copy)
		return NULL;
	refcount_set(&copy->users, 1);
	copy->family = clients->family;
	copy->said_full = true;
	copy->key = clients->key;
	copy->netmask = clients->netmask;
	nf_vip_client_find(clients, addr, &client);
	for (i = 0; i < WAYS; i++) {
		atomic64_set(&copy->sets[0].words[i], atomic64_read(&client.set->words[i]));
		copy->sets[0].expires[i] = READ_ONCE(client.set->expires[i]);
	}
	return copy;
}

void nf_vip_client_renew(const struct nf_vip_client *client, u32 seconds)
{
	set_time(client->set, client->way, seconds);
}

/*
 * The place of a client, else the first place that is free or whose time is
 * over, else WAYS; @word gets the word of that place. Each word is read once: a
 * place that looked free must not be taken for free by its next word, which is
 * another client's.
 */
static unsigned int peek(struct nf_vip_clients_set *set, u32 print, u64 *word)
{
	unsigned int way, found = WAYS;

	for (way = 0; way < WAYS; way++) {
		u64 here = atomic64_read_acquire(&set->words[way]);

		if (is_of(here, print)) {
			*word = here;
			return way;
		}
		if (found == WAYS && (!here || !left_of_way(set, way))) {
			*word = here;
			found = way;
		}
	}
	return found;
}

static void set_addr(struct nf_vip_client *client, unsigned int way)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		WRITE_ONCE(client->set->addrs[way].all[i], client->addr.all[i]);
}

/*
 * All CPUs that come for one client look for a place in the same order, so they
 * meet at one word. A try that fails means that another CPU got its word in,
 * and few CPUs want one set; after some tries the client is not remembered this
 * time.
 */
u32 nf_vip_client_keep(struct nf_vip_client *client, u32 mark, u32 seconds)
{
	u64 word, mine = (u64)client->print << 32 | mark;
	struct nf_vip_clients_set *set = client->set;
	unsigned int way, tries;

	for (tries = 0; tries < WAYS; tries++) {
		way = peek(set, client->print, &word);
		if (way == WAYS)
			return 0;
		if (is_of(word, client->print) && word != client->seen)
			return word;
		set_time(set, way, seconds);
		if (atomic64_cmpxchg_release(&set->words[way], word, mine) != word)
			continue;
		set_addr(client, way);
		client->seen = mine;
		return mark;
	}
	return 0;
}

bool nf_vip_clients_said_full(const struct nf_vip_clients *clients)
{
	return READ_ONCE(clients->said_full);
}

void nf_vip_clients_say_full(struct nf_vip_clients *clients)
{
	if (xchg(&clients->said_full, true))
		return;
	pr_warn("nf_vip: service %s: no room to remember more clients: raise max-clients %u\n",
		clients->name, clients->max_clients);
}

static u32 nr_places(const struct nf_vip_clients *clients)
{
	return (clients->set_mask + 1) * WAYS;
}

/* Does the address of a place belong to its word? If not, the address is about to be written. */
static bool has_address(const struct nf_vip_clients *clients, u32 at, u64 word)
{
	const struct nf_vip_clients_set *set = &clients->sets[at / WAYS];
	union nf_inet_addr addr;
	unsigned int i;
	u64 hash;

	for (i = 0; i < 4; i++)
		addr.all[i] = READ_ONCE(set->addrs[at % WAYS].all[i]);
	hash = hash_of(clients, &addr);
	return hash >> 32 == word >> 32 && ((u32)hash & clients->set_mask) == at / WAYS;
}

static bool read_place(const struct nf_vip_clients *clients, u32 at,
		       struct nf_vip_client_entry *entry)
{
	const struct nf_vip_clients_set *set = &clients->sets[at / WAYS];
	u64 word = atomic64_read(&set->words[at % WAYS]);
	u32 seconds = left_of_way(set, at % WAYS);

	if (!word || !seconds || !has_address(clients, at, word))
		return false;
	entry->addr = set->addrs[at % WAYS];
	entry->mark = word;
	entry->expires = seconds - 1;
	return true;
}

bool nf_vip_clients_next(const struct nf_vip_clients *clients, u32 *at,
			 struct nf_vip_client_entry *entry)
{
	while (*at < nr_places(clients)) {
		u32 here = (*at)++;

		if (!(here % 4096))
			cond_resched();
		if (read_place(clients, here, entry))
			return true;
	}
	return false;
}

u32 nf_vip_clients_count(const struct nf_vip_clients *clients)
{
	struct nf_vip_client_entry entry;
	u32 at = 0, count = 0;

	if (!clients)
		return 0;
	while (nf_vip_clients_next(clients, &at, &entry))
		count++;
	return count;
}

void nf_vip_clients_forget(struct nf_vip_clients *clients)
{
	u32 at;

	if (!clients)
		return;
	for (at = 0; at < nr_places(clients); at++) {
		atomic64_set(&clients->sets[at / WAYS].words[at % WAYS], 0);
		if (!(at % 4096))
			cond_resched();
	}
}
