/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the suites that work on the module's real state of the first network
 * namespace. It must be empty, and each test leaves it empty.
 */
#ifndef NF_VIP_FIXTURE_H
#define NF_VIP_FIXTURE_H

#include "health/change.h"
#include "nf_vip_option.h"
#include "objects/service.h"
#include "objects/state.h"
#include "suite.h"

/* What most tests begin with. */
#define MAIL								\
	"service mail tcp 10.0.0.1:25\n"				\
	"backend mail/m1 192.168.0.1; backend mail/m2 192.168.0.2\n"

/* init and exit of a suite. */
int nf_vip_test_init(struct kunit *test);
void nf_vip_test_exit(struct kunit *test);

/* State of the first network namespace. */
struct nf_vip_net *nf_vip_test_net(void);

/**
 * nf_vip_test_apply() - hand a text to nf_vip_transaction()
 * @test: test; fails if the state does not fit together afterwards
 * @text: statements
 *
 * Return: as nf_vip_transaction().
 */
int nf_vip_test_apply(struct kunit *test, const char *text);

/* The same for a text that must take effect, and says nothing in `error`. */
void nf_vip_test_set(struct kunit *test, const char *text);

/**
 * nf_vip_test_refused() - hand over a text that must not take effect
 * @test: test; fails if anything changes
 * @text: statements
 * @err: errno to expect
 * @sentence: sentence to expect
 */
void nf_vip_test_refused(struct kunit *test, const char *text, int err, const char *sentence);

/**
 * nf_vip_test_look() - what a packet would find in the published map
 * @test: test, which the answer belongs to
 * @where: `PROTO ADDR:PORT`, `PROTO ADDR:PORT DEV`, or `PROTO ADDR:PORT DEV
 *	MARK`, where DEV may be `-` for none
 *
 * Return: the service and how many slots each backend has in a round of its
 * selection: "mail: m1=1 m2=1". Without slots what happens then: "mail: drop".
 * Without a service "none".
 */
const char *nf_vip_test_look(struct kunit *test, const char *where);

#define EXPECT_LOOK(test, wanted, where)					\
do {										\
	struct kunit *__this = (test);						\
										\
	KUNIT_EXPECT_STREQ(__this, wanted, nf_vip_test_look(__this, where));	\
} while (0)

/* All services and backends in order: "mail(m1 m2) web()". */
const char *nf_vip_test_order(struct kunit *test);

/* All flags in order: "m1up=0/2", of value 0, named by 2 backends. */
const char *nf_vip_test_flags(struct kunit *test);

/* The interfaces of the fast path in order: "wan lan". */
const char *nf_vip_test_fastpath(struct kunit *test);

/* All of the state as text, with the addresses of the objects. */
const char *nf_vip_test_snapshot(struct kunit *test);

/* Fails the test if lists, trees, map, selections, marks and flags differ. */
void nf_vip_test_check(struct kunit *test);

/* By name: "mail", "mail/m1". The test ends if there is none. */
struct nf_vip_service *nf_vip_test_service(struct kunit *test, const char *name);
struct nf_vip_backend *nf_vip_test_backend(struct kunit *test, const char *name);

/* What files of sysfs do, once they have read their word. */
static inline int backend_set_state(struct nf_vip_backend *backend, enum nf_vip_state state)
{
	return nf_vip_backend_set(backend, nf_vip_option_find(NF_VIP_BACKEND, "state"), state);
}

static inline int backend_set_weight(struct nf_vip_backend *backend, u32 weight)
{
	return nf_vip_backend_set(backend, nf_vip_option_find(NF_VIP_BACKEND, "weight"), weight);
}

static inline int service_set_scheduler(struct nf_vip_service *service,
					enum nf_vip_scheduler scheduler)
{
	return nf_vip_service_set(service, nf_vip_option_find(NF_VIP_SERVICE, "scheduler"),
				  scheduler);
}

static inline int service_set_on_empty(struct nf_vip_service *service,
				       enum nf_vip_on_empty on_empty)
{
	return nf_vip_service_set(service, nf_vip_option_find(NF_VIP_SERVICE, "on-empty"),
				  on_empty);
}

#endif /* NF_VIP_FIXTURE_H */
