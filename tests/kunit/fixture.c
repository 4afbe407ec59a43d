// SPDX-License-Identifier: GPL-2.0
/*
 * Applying texts, and showing the state as short strings, so that tests can
 * write down what they expect.
 */
#include <linux/netdevice.h>
#include <linux/seq_buf.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "config/transaction.h"
#include "fixture.h"
#include "grammar/parse.h"
#include "health/condition.h"
#include "objects/mark.h"
#include "objects/service.h"
#include "objects/state.h"
#include "plan/format.h"
#include "select/map.h"
#include "select/select.h"

/* Room for an answer; snapshots of large services do not fit and say so. */
#define ANSWER_MAX	SZ_16K

struct nf_vip_net *nf_vip_test_net(void)
{
	return nf_vip_pernet(&init_net);
}

static struct nf_vip_net *lock(void)
{
	struct nf_vip_net *vn = nf_vip_test_net();

	mutex_lock(&vn->lock);
	return vn;
}

static void unlock(struct nf_vip_net *vn)
{
	mutex_unlock(&vn->lock);
}

int nf_vip_test_init(struct kunit *test)
{
	struct nf_vip_net *vn = lock();
	bool empty = list_empty(&vn->services) && list_empty(&vn->conditions);

	/* The first mark that is assigned is the mask's first, in every test. */
	if (empty)
		vn->next_mark = 0;
	unlock(vn);
	return empty ? 0 : -EBUSY;
}

void nf_vip_test_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0, nf_vip_test_apply(test, "flush"));
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_order(test));
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_flags(test));
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_fastpath(test));
}

int nf_vip_test_apply(struct kunit *test, const char *text)
{
	size_t len = strlen(text);
	/* Without the NUL and not a byte too long: KASAN sees who reads on. */
	char *copy = kunit_kmalloc(test, len, GFP_KERNEL);
	char error[NF_VIP_ERROR_MAX];
	int err;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, text, len);
	err = nf_vip_transaction(nf_vip_test_net(), copy, len, error);
	kunit_kfree(test, copy);
	nf_vip_test_check(test);
	return err;
}

void nf_vip_test_set(struct kunit *test, const char *text)
{
	KUNIT_ASSERT_EQ_MSG(test, 0, nf_vip_test_apply(test, text), "%s: %s", text,
			    nf_vip_test_net()->error);
	KUNIT_EXPECT_STREQ(test, "", nf_vip_test_net()->error);
}

void nf_vip_test_refused(struct kunit *test, const char *text, int err, const char *sentence)
{
	const char *before = nf_vip_test_snapshot(test);

	KUNIT_EXPECT_EQ_MSG(test, err, nf_vip_test_apply(test, text), "%s", text);
	KUNIT_EXPECT_STREQ(test, sentence, nf_vip_test_net()->error);
	KUNIT_EXPECT_STREQ(test, before, nf_vip_test_snapshot(test));
}

/* A string that grows in memory of the test. */
static void answer_start(struct kunit *test, struct seq_buf *out)
{
	char *room = kunit_kzalloc(test, ANSWER_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, room);
	seq_buf_init(out, room, ANSWER_MAX);
}

static const char *answer_end(struct kunit *test, struct seq_buf *out)
{
	KUNIT_ASSERT_FALSE(test, seq_buf_has_overflowed(out));
	return seq_buf_str(out);
}

static u32 count_slots(const struct nf_vip_selection *sel, u32 mark)
{
	u32 slot, slots = 0;

	for (slot = 0; slot < sel->nr_slots; slot++)
		slots += nf_vip_selection_target(sel, slot)->mark == mark;
	return slots;
}

static void print_found(struct seq_buf *out, const struct nf_vip_net *vn,
			const struct nf_vip_entry *entry)
{
	const struct nf_vip_selection *sel;
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;

	list_for_each_entry(service, &vn->services, node) {
		if (entry < service->entry || entry >= service->entry + service->nr_entries)
			continue;
		seq_buf_printf(out, "%s:", nf_vip_service_name(service));
		sel = rcu_dereference_protected(entry->selection, lockdep_is_held(&vn->lock));
		if (!sel->nr_slots)
			seq_buf_printf(out, " %s", nf_vip_on_empty_name(sel->on_empty));
		list_for_each_entry(backend, &service->backends, node) {
			u32 slots = count_slots(sel, backend->spec.mark);

			if (slots)
				seq_buf_printf(out, " %s=%u", nf_vip_backend_name(backend), slots);
		}
		return;
	}
	seq_buf_puts(out, "an entry of no service");
}

static u32 read_where(struct kunit *test, const char *where, struct nf_conntrack_tuple *tuple,
		      struct net_device *in)
{
	struct nf_vip_endpoint ep;
	struct nf_vip_refusal no;
	char proto[8], at[64];
	u32 mark = 0;
	int words;

	words = sscanf(where, "%7s %63s %15s %i", proto, at, in->name, &mark);
	KUNIT_ASSERT_GE(test, words, 2);
	if (in->name[0] == '-')
		in->name[0] = '\0';
	KUNIT_ASSERT_EQ(test, 0, nf_vip_parse_endpoint((struct nf_vip_word){ at, strlen(at) },
						       &ep, &no));
	memset(tuple, 0, sizeof(*tuple));
	tuple->src.l3num = ep.family;
	tuple->dst.u3 = ep.addr;
	tuple->dst.u.all = ep.port;
	tuple->dst.protonum = nf_vip_parse_proto((struct nf_vip_word){ proto, strlen(proto) });
	return mark;
}

const char *nf_vip_test_look(struct kunit *test, const char *where)
{
	struct net_device *in = kunit_kzalloc(test, sizeof(*in), GFP_KERNEL);
	const struct nf_vip_entry *entry = NULL;
	struct nf_conntrack_tuple tuple;
	const struct nf_vip_map *map;
	struct nf_vip_net *vn;
	struct seq_buf out;
	u32 mark;

	KUNIT_ASSERT_NOT_NULL(test, in);
	mark = read_where(test, where, &tuple, in);
	answer_start(test, &out);

	vn = lock();
	rcu_read_lock();
	map = rcu_dereference(vn->map);
	if (map)
		entry = nf_vip_map_find(map, &tuple, in->name[0] ? in : NULL, mark);
	rcu_read_unlock();
	if (entry)
		print_found(&out, vn, entry);
	else
		seq_buf_puts(&out, "none");
	unlock(vn);
	return answer_end(test, &out);
}

const char *nf_vip_test_order(struct kunit *test)
{
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;
	const char *space = "";
	struct nf_vip_net *vn;
	struct seq_buf out;

	answer_start(test, &out);
	vn = lock();
	list_for_each_entry(service, &vn->services, node) {
		seq_buf_printf(&out, "%s%s(", space, nf_vip_service_name(service));
		space = "";
		list_for_each_entry(backend, &service->backends, node) {
			seq_buf_printf(&out, "%s%s", space, nf_vip_backend_name(backend));
			space = " ";
		}
		seq_buf_puts(&out, ")");
		space = " ";
	}
	unlock(vn);
	return answer_end(test, &out);
}

const char *nf_vip_test_flags(struct kunit *test)
{
	const struct nf_vip_condition *condition;
	const char *space = "";
	struct nf_vip_net *vn;
	struct seq_buf out;

	answer_start(test, &out);
	vn = lock();
	list_for_each_entry(condition, &vn->conditions, node) {
		seq_buf_printf(&out, "%s%s=%d/%u", space, condition->name, condition->dead,
			       condition->users);
		space = " ";
	}
	unlock(vn);
	return answer_end(test, &out);
}

static void print_fastpath(struct seq_buf *out, const struct nf_vip_fastpath_spec *fastpath)
{
	unsigned int i;

	for (i = 0; i < fastpath->nr; i++)
		seq_buf_printf(out, "%s%s", i ? " " : "", fastpath->dev[i]);
}

const char *nf_vip_test_fastpath(struct kunit *test)
{
	struct nf_vip_net *vn;
	struct seq_buf out;

	answer_start(test, &out);
	vn = lock();
	print_fastpath(&out, &vn->fastpath);
	unlock(vn);
	return answer_end(test, &out);
}

static void print_service(struct seq_buf *out, const struct nf_vip_service *service)
{
	const struct nf_vip_service_spec *spec = &service->spec;
	const struct nf_vip_svc_stats counts = nf_vip_service_counts(service);
	struct nf_vip_endpoint_text room;
	const char *piece;
	unsigned int i;

	seq_buf_printf(out, "%s %lx: %s", nf_vip_service_name(service), (unsigned long)service,
		       nf_vip_proto_name(spec->proto));
	for (i = 0; (piece = nf_vip_vips_piece(&room, spec, i, ' ')); i++)
		seq_buf_puts(out, piece);
	seq_buf_printf(out, " %s %s %s, entry %lx of %u, %u usable of %u\n", spec->dev,
		       nf_vip_scheduler_name(spec->policy.scheduler),
		       nf_vip_on_empty_name(spec->on_empty),
		       (unsigned long)service->entry, service->nr_entries, service->nr_usable,
		       service->nr_backends);
	seq_buf_printf(out, " selection %lx, cursor %lld, %llu %llu %llu %llu\n",
		       (unsigned long)rcu_access_pointer(service->entry->selection),
		       atomic64_read(&service->cursor->next), counts.nr[NF_VIP_SVC_CHOSEN],
		       counts.nr[NF_VIP_SVC_PINNED], counts.nr[NF_VIP_SVC_EMPTY],
		       counts.nr[NF_VIP_SVC_CLASH]);
}

static void print_backend(struct seq_buf *out, const struct nf_vip_backend *backend)
{
	const struct nf_vip_backend_spec *spec = &backend->spec;
	const struct nf_vip_be_stats counts = nf_vip_backend_counts(backend);

	seq_buf_printf(out, " %s %lx: %pI6c:%u weight %u mark %x %s up %d, %s %lx, %llu %llu\n",
		       nf_vip_backend_name(backend), (unsigned long)backend, &spec->addr,
		       ntohs(spec->port), spec->weight, spec->mark, nf_vip_state_name(spec->state),
		       backend->up, spec->condition, (unsigned long)backend->condition,
		       counts.nr[NF_VIP_BE_CHOSEN], counts.nr[NF_VIP_BE_PINNED]);
}

const char *nf_vip_test_snapshot(struct kunit *test)
{
	const struct nf_vip_service *service;
	const struct nf_vip_backend *backend;
	const char *flags = nf_vip_test_flags(test);
	const char *fastpath = nf_vip_test_fastpath(test);
	struct nf_vip_net *vn;
	struct seq_buf out;

	answer_start(test, &out);
	vn = lock();
	seq_buf_printf(&out, "generation %llu, next mark %u, map %lx, hooks %x, flags %s\n",
		       vn->generation, vn->next_mark, (unsigned long)rcu_access_pointer(vn->map),
		       vn->hooked, flags);
	seq_buf_printf(&out, "fast path %s\n", fastpath);
	list_for_each_entry(service, &vn->services, node) {
		print_service(&out, service);
		list_for_each_entry(backend, &service->backends, node)
			print_backend(&out, backend);
	}
	unlock(vn);
	return answer_end(test, &out);
}

struct nf_vip_service *nf_vip_test_service(struct kunit *test, const char *name)
{
	struct nf_vip_net *vn = lock();
	struct nf_vip_service *service = nf_vip_service_find(vn, name);

	unlock(vn);
	KUNIT_ASSERT_NOT_NULL_MSG(test, service, "%s", name);
	return service;
}

struct nf_vip_backend *nf_vip_test_backend(struct kunit *test, const char *name)
{
	char service_name[NF_VIP_NAME_MAX + 1];
	struct nf_vip_service *service;
	struct nf_vip_backend *backend;
	struct nf_vip_net *vn;
	int names;

	names = sscanf(name, "%31[^/]", service_name);
	KUNIT_ASSERT_EQ(test, 1, names);
	service = nf_vip_test_service(test, service_name);
	vn = lock();
	backend = nf_vip_backend_find(service, strchr(name, '/') + 1);
	unlock(vn);
	KUNIT_ASSERT_NOT_NULL_MSG(test, backend, "%s", name);
	return backend;
}
