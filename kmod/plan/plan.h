/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plan: what a text makes of the services that it touches, and of the fast path,
 * and why it is refused. The module and vipctl make it with the same code, so that
 * both say the same of a text; what there is already, and where marks and VIPs are
 * kept, each has on its own and lends by struct nf_vip_plan_ops.
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

/* What a text says of the change that waits, or of itself. */
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
 * @service: its service
 * @name: its name
 * @line: where the text last says something of it, or 0 if it is as it was
 * @stated: where the text states it, or 0
 * @spec: what it shall be; @spec.mark 0 until one is assigned
 * @mark_given: the text asks for this mark, so it may not be exchanged
 * @old_mark: the mark that it has already, or 0
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
 * @name: its name
 * @line: where the text last says something of it, or 0 if only its backends are
 *	touched
 * @stated: where the text states it, or 0
 * @gone: it shall be deleted
 * @moved: it was deleted and stated again: it stands last
 * @spec: what it shall be
 * @backends: all its backends, in order
 * @backends_by_name: the same
 * @nr_backends: how many
 * @entry: number of its first VIP, of all; see nf_vip_plan_ops.add_vips
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
 * @service_size: of the object that has a struct nf_vip_plan_service as its first
 *	member; zeroed when it is made
 * @backend_size: the same of a backend
 * @has_service: is there a service of this name already? Without this function and
 *	the next five there is nothing
 * @added_service: a service was made, of which only the name is known
 * @copy_service: it shall be as the one that there is; 0 or -ENOMEM
 * @added_backend: a backend was made, of which only name and service are known;
 *	sets its old mark
 * @force: a backend shall go at once; NULL if the plan has none of this name. 1 if it
 *	was taken out of the plan or is none of it, 0 if the plan is to do as with any
 *	other, or -ENOMEM
 * @drop_service: a service is about to be freed
 * @step: one object more is done; 0, or a negative errno to give up. May be NULL
 * @claim_mark: take the mark that a backend has; 0, -ERANGE (not one of ours),
 *	-EEXIST (in use), -ENOMEM
 * @assign_mark: give a backend a mark that is free; 0, -ENOSPC, -ENOMEM
 * @claim_rest: take, before any is assigned, the marks of what is not in the plan;
 *	0 or a negative errno with a sentence. May be NULL
 * @add_vips: take the VIPs of a service and set its @entry to the number of the
 *	first of nf_vip_entries() entries, which are numbered one after the other; or
 *	return false and which match another service has
 * @find_range: find the number of an entry that is in a range, with the interface of
 *	its service, has the first port of a range and is not one of the service itself,
 *	whose first one is given; or return false
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
 * struct nf_vip_plan - what a text makes of what there is
 * @ops: of whoever makes it
 * @mark_mask: bits that marks may have
 * @fresh: services that are not in the plan shall be deleted
 * @services: services that shall be, in order
 * @deleted: services that shall be deleted
 * @by_name: both
 * @nr_services: how many shall be
 * @nr_backends: how many of them
 * @fastpath: the interfaces of the fast path
 * @fastpath_line: where the text states them, or 0
 * @nr_statements: how many there are in the text
 * @nr_steps: how many steps were taken; at most so many for each object, as tests assert
 * @action: what it says of confirming
 * @action_line: where it does
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
 * nf_vip_plan_find_service() - service of that name that shall be
 * @plan: plan
 * @name: NUL-terminated name
 *
 * Return: the service or NULL.
 */
struct nf_vip_plan_service *nf_vip_plan_find_service(const struct nf_vip_plan *plan,
						     const char *name);

/**
 * nf_vip_plan_find_backend() - backend of that name
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
 * @make: whether one that is not there is made, as the last one
 * @found: set to the service, which may be one that there is and the text touches
 *	now, or NULL
 *
 * Return: 0, or -ENOMEM with a sentence.
 */
int nf_vip_plan_want_service(struct nf_vip_plan *plan, const char *name, bool make,
			     struct nf_vip_plan_service **found);

/**
 * nf_vip_plan_delete_service() - a service shall not be any more
 * @plan: plan
 * @service: service that shall be
 */
void nf_vip_plan_delete_service(struct nf_vip_plan *plan, struct nf_vip_plan_service *service);

/**
 * nf_vip_plan_add_backend() - make the last backend of a service
 * @plan: plan
 * @service: service of it
 * @name: NUL-terminated name that none of its backends has
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
 * nf_vip_plan_step() - one object more is done
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
 * nf_vip_plan_refuse() - keep the sentence that says why
 * @plan: plan
 * @line: line of the text, or 0 if none is to blame
 * @err: negative errno
 * @fmt: the sentence, as for printf()
 *
 * Return: @err.
 */
int __printf(4, 5) nf_vip_plan_refuse(struct nf_vip_plan *plan, unsigned int line, int err,
				      const char *fmt, ...);

/* The same for -ENOMEM, which no line is to blame for. */
static inline int nf_vip_plan_no_memory(struct nf_vip_plan *plan)
{
	return nf_vip_plan_refuse(plan, 0, -ENOMEM, "out of memory");
}

/**
 * nf_vip_plan_read() - carry out the statements of a text
 * @plan: plan, which may have read others before
 * @text: statements; need not end with a NUL
 * @len: length in bytes
 * @max: how many there may be
 *
 * Return: 0, or with a sentence in @plan->error what nf_vip_parse_next() returns,
 * -EEXIST (stated twice), -ENOENT (no such service or backend, no fast path), -E2BIG
 * (too many backends or statements), -ENOMEM, or without one what a step returned.
 */
int nf_vip_plan_read(struct nf_vip_plan *plan, const char *text, size_t len, __u32 max);

/**
 * nf_vip_plan_check_confirm() - may a text that was read take effect?
 * @plan: plan of all its statements
 * @left: for how many seconds a change still waits to be confirmed, 0 if none does
 *
 * Return: 0, or with a sentence -EINVAL (confirm or revert beside others, or a
 * change to confirm that is none), -ENOENT (nothing waits), -EBUSY (something
 * does, and this is another change).
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
 * @kept: how many there will be besides
 *
 * Return: 0, or -E2BIG with a sentence.
 */
int nf_vip_plan_check_services(struct nf_vip_plan *plan, unsigned int kept);

/**
 * nf_vip_plan_check_weights() - do the weights of a service need too many slots?
 * @plan: plan that was read
 * @service: one of its services that shall be
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
 * What is not stated keeps it, what is asked for is given, what was assigned before
 * is kept if it can be, and the rest gets free values.
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
 * @plan: plan that was read; what it does not touch has its VIPs already
 *
 * Return: 0, -EEXIST with a sentence (another service has one of them), or what a step
 * returned.
 */
int nf_vip_plan_add_vips(struct nf_vip_plan *plan);

/**
 * nf_vip_plan_check_ranges() - is no port of a service in a range of another one?
 * @plan: plan whose VIPs nf_vip_plan_add_vips() has taken
 * @spec: service, of the plan or beside it
 * @entry: number of its first entry
 *
 * Return: 0, or -EEXIST with a sentence.
 */
int nf_vip_plan_check_ranges(struct nf_vip_plan *plan, const struct nf_vip_service_spec *spec,
			     unsigned int entry);

/**
 * nf_vip_plan_check_overlaps() - the same of all services of the plan
 * @plan: as nf_vip_plan_check_ranges()
 *
 * Return: 0, -EEXIST with a sentence, or what a step returned.
 */
int nf_vip_plan_check_overlaps(struct nf_vip_plan *plan);

#endif /* NF_VIP_PLAN_H */
