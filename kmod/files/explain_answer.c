// SPDX-License-Identifier: GPL-2.0
/*
 * The answer of explain, in words that kmod/abi lists. What packets decide is
 * taken from simulate.c, what keeps a backend out from usable.c; here are only
 * the words for that.
 */
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "files/explain.h"
#include "files/simulate.h"
#include "health/condition.h"
#include "health/drain.h"
#include "health/usable.h"
#include "objects/down_action.h"
#include "objects/ejection.h"
#include "objects/midstream.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "path/conn.h"
#include "path/packet.h"
#include "plan/format.h"
#include "select/load.h"
#include "select/map.h"
#include "select/scheduler.h"
#include "select/select.h"

/**
 * struct answer - what is found out on the way to an answer
 * @m: where the answer is written
 * @vn: network namespace, whose lock is held
 * @sim: the connection
 * @service: service that the connection would meet, or has, or NULL
 * @backend: backend of the connection, or NULL
 * @old: entry that conntrack has for the connection, or NULL
 * @word: the verdict
 * @by: what the verdict goes by
 * @reply: reply tuple of the connection, or NULL without a backend
 * @random: nobody can say which backend will be chosen
 */
struct answer {
	struct seq_file *m;
	struct nf_vip_net *vn;
	struct nf_vip_simulation *sim;
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;
	struct nf_conn *old;
	const char *word;
	const char *by;
	const struct nf_conntrack_tuple *reply;
	bool random;
};

static const struct nf_vip_backend *backend_of(const struct answer *a, u32 mark)
{
	const struct nf_vip_marks *marks;

	marks = rcu_dereference_protected(a->vn->marks, lockdep_is_held(&a->vn->lock));
	return mark && marks ? nf_vip_marks_find(marks, mark) : NULL;
}

static const char *name_of(const struct nf_vip_backend *backend)
{
	return backend ? nf_vip_backend_name(backend) : "-";
}

/* The lines. */

static void print_verdict(const struct answer *a)
{
	const struct nf_conntrack_tuple *reply = a->reply;

	seq_printf(a->m, "verdict %s service=%s backend=%s by=%s", a->word,
		   a->service ? nf_vip_service_name(a->service) : "-", name_of(a->backend), a->by);
	if (reply)
		seq_printf(a->m, " to=%s from=%s\n",
			   NF_VIP_ENDPOINT(reply->src.l3num, &reply->src.u3, reply->src.u.all),
			   NF_VIP_ENDPOINT(reply->src.l3num, &reply->dst.u3, reply->dst.u.all));
	else
		seq_puts(a->m, " to=- from=-\n");
}

static const char *on_down_of(const struct answer *a)
{
	enum nf_vip_on_down on_down;

	if (!a->backend || !nf_vip_backend_on_down(a->backend, a->old, &on_down))
		return "-";
	switch (on_down) {
	case NF_VIP_DOWN_KEEP:
		break;
	case NF_VIP_DOWN_RESET:
		return "reset";
	case NF_VIP_DOWN_MOVE:
		return "move";
	}
	return "keep";
}

/* Conntrack replaces such an entry when a packet opens the connection anew. */
static bool is_over(const struct nf_conn *ct)
{
	u8 state;

	if (nf_ct_protonum(ct) != IPPROTO_TCP)
		return false;
	state = READ_ONCE(ct->proto.tcp.state);
	return state == TCP_CONNTRACK_TIME_WAIT || state == TCP_CONNTRACK_CLOSE;
}

static void print_conntrack(const struct answer *a)
{
	const struct nf_conn *ct = a->old;

	seq_printf(a->m, "conntrack mark=%#x answered=%d over=%d on-down=%s timeout=%lu\n",
		   READ_ONCE(ct->mark), test_bit(IPS_SEEN_REPLY_BIT, &ct->status), is_over(ct),
		   on_down_of(a), nf_ct_expires(ct) / HZ);
}

static void print_service(const struct answer *a, const struct nf_vip_selection *sel)
{
	const struct nf_vip_service *service = a->service;
	const struct nf_vip_simulation *sim = a->sim;
	char hold[NF_VIP_MIDSTREAM_SIZE];

	seq_printf(a->m,
		   "service %s scheduler=%s slots=%u backends=%u usable=%u few=%d open-tier=%u",
		   nf_vip_service_name(service), nf_vip_scheduler_name(sel->policy.scheduler),
		   sel->nr_slots, service->nr_backends, service->nr_usable, sel->panic.too_few,
		   sel->panic.open_tier);
	seq_printf(a->m, " hold-left=%s persist=%u client=%s client-left=%u failed=%s\n",
		   nf_vip_midstream_left(service, hold), sel->policy.persist,
		   name_of(backend_of(a, sim->client)), sim->client_left,
		   name_of(backend_of(a, sim->avoid)));
}

static const char *why_out(const struct nf_vip_backend *backend)
{
	if (backend->leaving)
		return "leaving";
	if (backend->spec.state != NF_VIP_STATE_UP)
		return nf_vip_state_name(backend->spec.state);
	if (!backend->spec.weight)
		return "weight";
	if (nf_vip_condition_is_dead(backend->condition))
		return "flag";
	if (backend->unknown)
		return "unknown";
	return backend->up ? "ejected" : "unhealthy";
}

static bool is_full(const struct nf_vip_backend *backend)
{
	u32 max = backend->spec.max_conns;

	return max && nf_vip_load_get(backend->load) >= max;
}

static const char *why_not_bound(enum nf_vip_bound bound)
{
	switch (bound) {
	case NF_VIP_BOUND_TAKEN:
		return "clash";
	case NF_VIP_BOUND_FULL:
		return "full";
	case NF_VIP_BOUND_NO_ROUTE:
		return "no-route";
	case NF_VIP_BOUND_NO_MEMORY:
		return "no-memory";
	case NF_VIP_BOUND:
		break;
	}
	return "other";
}

/* Why a backend that may be chosen was not. */
static const char *why_not(const struct answer *a, const struct nf_vip_backend *backend,
			   const struct nf_vip_target *target,
			   const struct nf_vip_selection *sel)
{
	enum nf_vip_bound bound;

	if (!target)
		return sel->nr_targets && backend->spec.tier > sel->targets[0].tier ? "tier" :
										       "few";
	if (target->mark == a->sim->avoid)
		return "failed";
	bound = nf_vip_simulate_bind(a->sim, target);
	return bound == NF_VIP_BOUND && a->random ? "random" : why_not_bound(bound);
}

static const char *why_of(const struct answer *a, const struct nf_vip_backend *backend,
			  const struct nf_vip_target *target, const struct nf_vip_selection *sel)
{
	if (backend == a->backend)
		return "chosen";
	if (backend->leaving || !nf_vip_backend_usable(backend))
		return why_out(backend);
	return is_full(backend) ? "full" : why_not(a, backend, target, sel);
}

static void print_backend(const struct answer *a, const struct nf_vip_backend *backend,
			  const struct nf_vip_selection *sel)
{
	const struct nf_vip_backend_spec *spec = &backend->spec;
	const struct nf_vip_target *target = nf_vip_selection_marked(sel, spec->mark);

	seq_printf(a->m, "backend %s/%s chosen=%d why=%s slots=%u usable=%d state=%s up=%s",
		   nf_vip_service_name(backend->service), nf_vip_backend_name(backend),
		   backend == a->backend, why_of(a, backend, target, sel),
		   target ? target->slots : 0,
		   nf_vip_backend_usable(backend), nf_vip_state_name(spec->state),
		   nf_vip_health(backend));
	if (backend->condition)
		seq_printf(a->m, " condition=%s:%d", spec->condition, backend->condition->dead);
	else
		seq_puts(a->m, " condition=-");
	seq_printf(a->m, " weight=%u tier=%u live=%u max-conns=%u warm=%u trial=%d ejected=%u",
		   spec->weight, spec->tier, nf_vip_load_get(backend->load), spec->max_conns,
		   backend->warm * 100 / NF_VIP_WARM_FULL,
		   backend->service->spec.eject.fails && nf_vip_is_on_trial(backend),
		   nf_vip_ejection_left(backend));
	seq_printf(a->m, " drain-left=%u leaving=%d\n", nf_vip_drain_left(backend),
		   backend->leaving);
}

static void print_backends(const struct answer *a, const struct nf_vip_selection *sel)
{
	const struct nf_vip_backend *backend;

	/* After an overflow seq_file asks for the answer again, with more room. */
	list_for_each_entry(backend, &a->service->backends, node) {
		if (seq_has_overflowed(a->m))
			return;
		print_backend(a, backend, sel);
		cond_resched();
	}
	list_for_each_entry(backend, &a->service->leaving, node)
		print_backend(a, backend, sel);
}

static void print_old(const struct answer *a)
{
	print_verdict(a);
	print_conntrack(a);
}

/* The decisions, as engine.c has them. */

static const char *on_empty_of(const struct nf_vip_selection *sel)
{
	return nf_vip_on_empty_name(sel->on_empty);
}

static const char *by_of(const struct nf_vip_simulation *sim)
{
	switch (sim->by) {
	case NF_VIP_CHOSEN_BY_MARK:
		return "mark";
	case NF_VIP_CHOSEN_BY_CLIENT:
		return "client";
	case NF_VIP_CHOSEN_BY_RECENT_FLOW:
		return "twin";
	case NF_VIP_CHOSEN_BY_FAILURE:
		return "failure";
	case NF_VIP_CHOSEN_BY_SCHEDULER:
		break;
	}
	return nf_vip_scheduler_name(sim->sel->policy.scheduler);
}

static void judge(struct answer *a)
{
	const struct nf_vip_simulation *sim = a->sim;

	if (sim->bound == NF_VIP_BOUND) {
		a->by = by_of(sim);
		a->random = sim->by == NF_VIP_CHOSEN_BY_SCHEDULER &&
			    sim->sel->ops->by_chance;
		a->word = a->random ? "random" : "backend";
		if (a->random)
			return;
		a->backend = backend_of(a, sim->mark);
		a->reply = &sim->reply;
		return;
	}
	a->by = why_not_bound(sim->bound);
	a->word = sim->bound == NF_VIP_BOUND_FULL ? on_empty_of(sim->sel) : "drop";
}

static int answer_service(struct answer *a, const struct nf_vip_entry *entry)
{
	const struct nf_vip_selection *sel;
	int err = 0;

	sel = rcu_dereference_protected(entry->selection, lockdep_is_held(&a->vn->lock));
	if (sel->nr_slots) {
		err = nf_vip_simulate_choose(a->sim, sel);
		if (err)
			return err;
		judge(a);
	} else {
		a->word = on_empty_of(sel);
		a->by = sel->panic.too_few ? "few" : "empty";
	}
	print_verdict(a);
	if (a->old)
		print_conntrack(a);
	print_service(a, sel);
	print_backends(a, sel);
	return 0;
}

/* How near a service comes to the question, by what is different: the last is the nearest. */
enum near {
	NEAR_VIP,
	NEAR_FWMARK,
	NEAR_BOTH,
	NEAR_PORT,
	NEAR_PROTO,
	NEAR_DEV,
};

static enum near near_match(const struct nf_vip_question *question,
			    const struct nf_vip_service_spec *spec,
			    const struct nf_vip_match *match)
{
	u16 port = ntohs(question->vip_port);
	bool proto = spec->proto == question->proto;

	if (!nf_inet_addr_cmp(&match->addr, &question->vip))
		return NEAR_VIP;
	if (port >= match->first && port <= match->last)
		return proto ? NEAR_DEV : NEAR_PROTO;
	return proto ? NEAR_PORT : NEAR_BOTH;
}

static enum near near_service(const struct nf_vip_question *question,
			      const struct nf_vip_service_spec *spec)
{
	enum near near = NEAR_VIP;
	unsigned int i;

	if (spec->family != question->family)
		return NEAR_VIP;
	if (spec->fwmark)
		return spec->fwmark == question->fwmark ? NEAR_DEV : NEAR_FWMARK;
	for (i = 0; i < spec->nr_matches; i++)
		near = max(near, near_match(question, spec, &spec->matches[i]));
	return near;
}

static void answer_none(struct answer *a)
{
	static const char * const words[] = { "vip", "fwmark", "port", "port", "proto", "dev" };
	const struct nf_vip_service *service;
	enum near best = NEAR_VIP;

	list_for_each_entry(service, &a->vn->services, node) {
		enum near near = near_service(a->sim->question, &service->spec);

		cond_resched();
		if (near <= best)
			continue;
		best = near;
		a->service = service;
	}
	a->word = "none";
	a->by = words[best];
	print_verdict(a);
}

/* Would a packet go by the old entry, and whose is that entry? */
static bool answer_old(struct answer *a, bool reply, bool ours_only)
{
	const struct nf_conn *ct = a->old;
	unsigned long status = READ_ONCE(ct->status);
	bool ours = !reply && nf_vip_conn_is_balanced(ct, status);

	if (ours && nf_vip_mark_of(ct)) {
		rcu_read_lock();
		a->backend = nf_vip_conn_backend(a->vn, ct);
		rcu_read_unlock();
	}
	if (is_over(ct)) {
		a->backend = NULL;
		return false;
	}
	if (a->backend)
		a->service = a->backend->service;
	else if (ours_only)
		return false;
	if (a->backend) {
		a->word = "established";
		a->by = "conntrack";
		a->reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	} else {
		a->word = "other";
		a->by = reply ? "reply" : status & IPS_NAT_MASK ? "nat" : "past";
	}
	print_old(a);
	return true;
}

static const struct nf_vip_service *service_of(const struct answer *a,
					       const struct nf_vip_entry *entry)
{
	const struct nf_vip_service *service;

	list_for_each_entry(service, &a->vn->services, node)
		if (entry >= service->entry && entry < service->entry + service->nr_entries)
			return service;
	return NULL;
}

static int find_entry(const struct answer *a, const struct nf_vip_entry **entry)
{
	const struct nf_vip_question *question = a->sim->question;
	const struct net_device *in = NULL;
	const struct nf_vip_map *map;
	int err = 0;

	map = rcu_dereference_protected(a->vn->map, lockdep_is_held(&a->vn->lock));
	rcu_read_lock();
	if (question->dev[0])
		in = dev_get_by_name_rcu(a->vn->net, question->dev);
	if (question->dev[0] && !in)
		err = -ENODEV;
	else if (map)
		*entry = nf_vip_map_find(map, nf_vip_simulate_tuple(a->sim), in, question->fwmark);
	rcu_read_unlock();
	return err;
}

static struct nf_conntrack_tuple_hash *find_old(const struct answer *a)
{
	if (!a->sim->all)
		return NULL;
	return nf_conntrack_find_get(a->vn->net, &nf_ct_zone_dflt, nf_vip_simulate_tuple(a->sim));
}

static int answer(struct answer *a)
{
	const struct nf_vip_entry *entry = NULL;
	struct nf_conntrack_tuple_hash *hash;
	bool done = false;
	int err;

	err = find_entry(a, &entry);
	if (err)
		return err;
	hash = find_old(a);
	if (hash) {
		a->old = nf_ct_tuplehash_to_ctrack(hash);
		done = answer_old(a, NF_CT_DIRECTION(hash) == IP_CT_DIR_REPLY, !entry);
	}
	if (!done && entry) {
		a->service = service_of(a, entry);
		err = answer_service(a, entry);
	} else if (!done) {
		answer_none(a);
	}
	if (a->old)
		nf_ct_put(a->old);
	if (!a->sim->all)
		seq_puts(a->m, "limited without=connections,clients\n");
	return err;
}

int nf_vip_explain_answer(struct seq_file *m, struct nf_vip_net *vn,
			  const struct nf_vip_question *question, bool all)
{
	struct answer a = { .m = m, .vn = vn };
	int err = -EINTR;

	a.sim = nf_vip_simulate_begin(vn, question, all);
	if (IS_ERR(a.sim))
		return PTR_ERR(a.sim);
	if (!mutex_lock_interruptible(&vn->lock)) {
		err = answer(&a);
		mutex_unlock(&vn->lock);
	}
	nf_vip_simulate_end(a.sim);
	return err;
}
