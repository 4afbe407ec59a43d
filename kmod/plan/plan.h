/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plan: what a text makes of the services that it touches, and of the fast path,
 * and why it is refused. The module and vipctl make it with the same code, so that
 * both say the same of a text; what there is already, and where marks and VIPs are
 * kept, module and vipctl know in their own ways, which struct nf_vip_plan_ops
 * lends to the plan.
 *
 * Whoever has a plan calls one function at a time; in the module with the lock of
 * the namespace.
 */
#ifndef NF_VIP_PLAN_H
#define NF_VIP_PLAN_H

#include "nf_vip_grammar.h"
#include "plan/plan_index.h"

struct nf_vip_plan;
struct nf_vip_plan_service;

/* What a text says of the change that waits to be confirmed, or of its own change. */
enum nf_vip_confirm_action {
	NF_VIP_CONFIRM_NONE,
	NF_VIP_CONFIRM_WAIT,
	NF_VIP_CONFIRM_ACCEPT,
	NF_VIP_CONFIRM_REVERT,
};

/**
 * struct nf_vip_plan_backend - what a backend shall be
 * @node: in nf_vip_plan_service.backends
 * @by_name: in nf_vip_plan_service.backends_by_name
 * @service: service of the backend
 * @name: name of the backend
 * @line: line in which the text last says something of the backend, or 0 if it
 *	is as it was
 * @stated: line in which the text states the backend, or 0
 * @spec: what the backend shall be; @spec.mark 0 until one is assigned
 * @mark_given: the text asks for this mark, so it may not be exchanged
 * @old_mark: the mark that the backend has already, or 0
 */
struct nf_vip_plan_backend {
	struct list_head node;
	struct nf_vip_index_node by_name;
	struct nf_vip_plan_service *service;
	char name[NF_VIP_NAME_MAX + 1];
	unsigned int line;
	unsigned int stated;
	struct nf_vip_backend_spec spec;
	bool mark_given;
	__u32 old_mark;
};

/**
 * struct nf_vip_plan_service - what a service shall be
 * @node: in nf_vip_plan.services, or with @gone in nf_vip_plan.deleted
 * @by_name: in nf_vip_plan.by_name
 * @name: name of the service
 * @line: line in which the text last says something of the service, or 0 if only
 *	its backends are touched
 * @stated: line in which the text states the service, or 0
 * @gone: the service shall be deleted
 * @moved: the service was deleted and stated again, so it stands last
 * @spec: what the service shall be
 * @backends: all its backends, in order
 * @backends_by_name: the same backends
 * @nr_backends: how many backends
 * @entry: number of the first VIP of the service among all entries; see
 *	nf_vip_plan_ops.add_vips
 */
struct nf_vip_plan_service {
	struct list_head node;
	struct nf_vip_index_node by_name;
	char name[NF_VIP_NAME_MAX + 1];
	unsigned int line;
	unsigned int stated;
	bool gone;
	bool moved;
	struct nf_vip_service_spec spec;
	struct list_head backends;
	struct nf_vip_index backends_by_name;
	unsigned int nr_backends;
	unsigned int entry;
};

/**
 * struct nf_vip_plan_ops - what a plan wants of whoever makes it
 * @service_size: size of the object that has a struct nf_vip_plan_service as its
 *	first member; zeroed when it is made
 * @backend_size: size of the object that has a struct nf_vip_plan_backend as
 *	its first member
 * @has_service: is there a service of this name already? Without this function and
 *	the next five no service is there before the text
 * @added_service: a service was made, of which only the name is known
 * @copy_service: the service shall be as the one that is there already; 0 or
 *	-ENOMEM
 * @added_backend: a backend was made, of which only name and service are known;
 *	sets its old mark
 * @force: a backend shall go at once; NULL if the plan has none of this name. 1 if
 *	the backend was taken out of the plan, or was not in it, 0 if the plan is to
 *	delete it like any other, or -ENOMEM
 * @drop_service: a service is about to be freed
 * @step: one object more is done; 0, or a negative errno to give up. May be NULL
 * @claim_mark: take the mark that a backend has; 0, -ERANGE (not one of ours),
 *	-EEXIST (in use), -ENOMEM
 * @assign_mark: give a backend a mark that is free; 0, -ENOSPC, -ENOMEM
 * @claim_rest: take, before any is assigned, the marks of backends that are not in
 *	the plan; 0 or a negative errno with a sentence. May be NULL
 * @add_vips: take the VIPs of a service and set its @entry to the number of the
 *	first of nf_vip_entries() entries, which are numbered one after the other; or
 *	return false and which match another service has
 * @find_range: find the number of an entry that is in a range, with the interface of
 *	its service, has the first port of a range and is not one of the service itself,
 *	whose first entry is given; or return false
 */
struct nf_vip_plan_ops {
	size_t service_size;
	size_t backend_size;
	bool (*has_service)(const struct nf_vip_plan *plan, const char *name);
	void (*added_service)(struct nf_vip_plan *plan, struct nf_vip_plan_service *service);
	int (*copy_service)(struct nf_vip_plan *plan, struct nf_vip_plan_service *service);
	void (*added_backend)(struct nf_vip_plan_backend *backend);
	int (*force)(struct nf_vip_plan *plan, struct nf_vip_plan_service *service,
		     struct nf_vip_plan_backend *backend, const char *name);
	void (*drop_service)(struct nf_vip_plan_service *service);
	int (*step)(struct nf_vip_plan *plan);
	int (*claim_mark)(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend);
	int (*assign_mark)(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend);
	int (*claim_rest)(struct nf_vip_plan *plan);
	bool (*add_vips)(struct nf_vip_plan *plan, struct nf_vip_plan_service *service,
			 unsigned int *taken);
	bool (*find_range)(const struct nf_vip_plan *plan, const struct nf_vip_service_spec *spec,
			   const struct nf_vip_match *range, unsigned int own,
			   unsigned int *found);
};

/**
 * struct nf_vip_plan - what a text makes of a configuration
 * @ops: functions of whoever makes the plan
 * @mark_mask: bits that marks may have
 * @fresh: services that are not in the plan shall be deleted
 * @services: services that shall be, in order
 * @deleted: services that shall be deleted
 * @by_name: the services of both lists
 * @nr_services: how many services shall be
 * @nr_backends: how many backends they shall have
 * @fastpath: the interfaces of the fast path
 * @fastpath_line: line in which the text states them, or 0
 * @nr_statements: how many statements the text has
 * @nr_steps: how many steps were taken; at most so many for each object, as tests assert
 * @action: what the text says of confirming
 * @action_line: line in which the text says that
 * @seconds: how long the change waits to be confirmed
 * @error: why the text is refused, or ""
 */
struct nf_vip_plan {
	const struct nf_vip_plan_ops *ops;
	__u32 mark_mask;
	bool fresh;
	struct list_head services;
	struct list_head deleted;
	struct nf_vip_index by_name;
	unsigned int nr_services;
	unsigned int nr_backends;
	struct nf_vip_fastpath_spec fastpath;
	unsigned int fastpath_line;
	unsigned int nr_statements;
	unsigned int nr_steps;
	enum nf_vip_confirm_action action;
	unsigned int action_line;
	__u32 seconds;
	char error[NF_VIP_ERROR_MAX];
};

/**
 * nf_vip_plan_init() - an empty plan
 * @plan: set up; nf_vip_plan_free() ends it
 * @ops: stays the caller's
 * @mark_mask: bits that marks may have
 */
void nf_vip_plan_init(struct nf_vip_plan *plan, const struct nf_vip_plan_ops *ops,
		      __u32 mark_mask);

/**
 * nf_vip_plan_free() - forget all services and backends
 * @plan: plan; its error sentence stays
 */
void nf_vip_plan_free(struct nf_vip_plan *plan);

/**
 * nf_vip_plan_find_service() - find a service that shall be by its name
 * @plan: plan
 * @name: NUL-terminated name
 *
 * Return: the service or NULL.
 */
struct nf_vip_plan_service *nf_vip_plan_find_service(const struct nf_vip_plan *plan,
						     const char *name);

/**
 * nf_vip_plan_find_backend() - find a backend by its name
 * @service: service
 * @name: NUL-terminated name
 *
 * Return: the backend or NULL.
 */
struct nf_vip_plan_backend *nf_vip_plan_find_backend(const struct nf_vip_plan_service *service,
						     const char *name);

/**
 * nf_vip_plan_want_service() - the service that a statement names
 * @plan: plan
 * @name: NUL-terminated name
 * @make: whether a service that is not there is made, as the last one
 * @found: set to the service, which may be an existing one that the text has not
 *	touched before, or NULL
 *
 * Return: 0, or -ENOMEM with a sentence.
 */
int nf_vip_plan_want_service(struct nf_vip_plan *plan, const char *name, bool make,
			     struct nf_vip_plan_service **found);

/**
 * nf_vip_plan_delete_service() - delete a service
 * @plan: plan
 * @service: service that shall be
 */
void nf_vip_plan_delete_service(struct nf_vip_plan *plan, struct nf_vip_plan_service *service);

/**
 * nf_vip_plan_add_backend() - make the last backend of a service
 * @plan: plan
 * @service: service that gets the backend
 * @name: NUL-terminated name that no backend of @service has
 *
 * Return: the backend, the plan's, or NULL for lack of memory.
 */
struct nf_vip_plan_backend *nf_vip_plan_add_backend(struct nf_vip_plan *plan,
						    struct nf_vip_plan_service *service,
						    const char *name);

/**
 * nf_vip_plan_take_backend() - take a backend out of its service
 * @plan: plan
 * @backend: backend, the caller's from now on: to be freed with nf_vip_pure_free()
 */
void nf_vip_plan_take_backend(struct nf_vip_plan *plan, struct nf_vip_plan_backend *backend);

/**
 * nf_vip_plan_step() - count an object that is done
 * @plan: plan
 *
 * A text may be long, and whoever wrote it need not be trusted: between its steps
 * others run, and its writer can be killed.
 *
 * Context: process, may sleep.
 * Return: 0, or a negative errno: give up and undo what there is.
 */
static inline int nf_vip_plan_step(struct nf_vip_plan *plan)
{
	plan->nr_steps++;
	return plan->ops->step ? plan->ops->step(plan) : 0;
}

/**
 * nf_vip_plan_refuse() - keep the sentence that says why a text is refused
 * @plan: plan
 * @line: line of the text, or 0 if no line is to blame
 * @err: negative errno
 * @fmt: the sentence, as for printf()
 *
 * Return: @err.
 */
int __printf(4, 5) nf_vip_plan_refuse(struct nf_vip_plan *plan, unsigned int line, int err,
				      const char *fmt, ...);

/* nf_vip_plan_refuse() for -ENOMEM, for which no line is to blame. */
static inline int nf_vip_plan_no_memory(struct nf_vip_plan *plan)
{
	return nf_vip_plan_refuse(plan, 0, -ENOMEM, "out of memory");
}

/**
 * nf_vip_plan_read() - carry out the statements of a text
 * @plan: plan, which may have read other texts before
 * @text: statements; need not end with a NUL
 * @len: length in bytes
 * @max: how many statements there may be
 *
 * Return: 0, or with a sentence in @plan->error what nf_vip_parse_next() returns,
 * -EEXIST (stated twice), -ENOENT (no such service or backend, no fast path), -E2BIG
 * (too many backends or statements), -ENOMEM, or without one what a step returned.
 */
int nf_vip_plan_read(struct nf_vip_plan *plan, const char *text, size_t len, __u32 max);

/**
 * nf_vip_plan_check_confirm() - may a text that was read take effect?
 * @plan: plan that has read all statements of the text
 * @left: for how many seconds a change still waits to be confirmed, 0 if no change
 *	does
 *
 * Return: 0, or with a sentence -EINVAL (confirm or revert beside other
 * statements, or confirm without a change to be confirmed), -ENOENT (no change
 * waits), -EBUSY (a change waits, and this is another one).
 */
int nf_vip_plan_check_confirm(struct nf_vip_plan *plan, unsigned int left);

/**
 * nf_vip_plan_check_families() - do backends have the families of their services?
 * @plan: plan that was read
 *
 * Return: 0, -EAFNOSUPPORT with a sentence, or what a step returned.
 */
int nf_vip_plan_check_families(struct nf_vip_plan *plan);

/**
 * nf_vip_plan_check_services() - are the services too many?
 * @plan: plan that was read
 * @kept: how many services there will be besides
 *
 * Return: 0, or -E2BIG with a sentence.
 */
int nf_vip_plan_check_services(struct nf_vip_plan *plan, unsigned int kept);

/**
 * nf_vip_plan_check_weights() - do the weights of a service need too many slots?
 * @plan: plan that was read
 * @service: a service of the plan that shall be
 *
 * All backends count, whichever may be chosen now: each one that comes back has room.
 *
 * Return: 0, or -E2BIG with a sentence.
 */
int nf_vip_plan_check_weights(struct nf_vip_plan *plan,
			      const struct nf_vip_plan_service *service);

/**
 * nf_vip_plan_mark() - give every backend its mark
 * @plan: plan that was read
 *
 * A backend that is not stated keeps its mark, a mark that is asked for is given, a
 * mark that was assigned before is kept if possible, and the other backends get
 * free values.
 *
 * Return: 0, or with a sentence -ERANGE (a mark outside the mask), -EEXIST (a mark of
 * another backend), -ENOSPC (no mark is left), -ENOMEM, or without one what a step
 * returned.
 */
int nf_vip_plan_mark(struct nf_vip_plan *plan);

/**
 * nf_vip_plan_check_entries() - are the VIPs and ports too many?
 * @plan: plan that was read
 * @nr: how many entries there will be besides; set to how many there will be
 *
 * Return: 0, or -E2BIG with a sentence.
 */
int nf_vip_plan_check_entries(struct nf_vip_plan *plan, unsigned int *nr);

/**
 * nf_vip_plan_add_vips() - take the VIPs of all services
 * @plan: plan that was read; services that it does not touch have their VIPs
 *	already
 *
 * Return: 0, -EEXIST with a sentence (another service has a VIP already), or what a
 * step returned.
 */
int nf_vip_plan_add_vips(struct nf_vip_plan *plan);

/**
 * nf_vip_plan_check_ranges() - is no port of a service in a range of another one?
 * @plan: plan whose VIPs nf_vip_plan_add_vips() has taken
 * @spec: service, of the plan or beside it
 * @entry: number of the service's first entry
 *
 * Return: 0, or -EEXIST with a sentence.
 */
int nf_vip_plan_check_ranges(struct nf_vip_plan *plan, const struct nf_vip_service_spec *spec,
			     unsigned int entry);

/**
 * nf_vip_plan_check_overlaps() - nf_vip_plan_check_ranges() for all services of the plan
 * @plan: as nf_vip_plan_check_ranges()
 *
 * Return: 0, -EEXIST with a sentence, or what a step returned.
 */
int nf_vip_plan_check_overlaps(struct nf_vip_plan *plan);

#endif /* NF_VIP_PLAN_H */
