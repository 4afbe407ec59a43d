/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A draft: what the services that a text touches, and the fast path, shall be.
 * Reading a text into a draft changes nothing of the namespace.
 */
#ifndef NF_VIP_DRAFT_H
#define NF_VIP_DRAFT_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/sched/signal.h>
#include "health/event.h"
#include "nf_vip_grammar.h"
#include "objects/service.h"
#include "objects/state.h"

struct nf_vip_condition;
struct nf_vip_map;
struct nf_vip_marks;
struct nf_vip_net;
struct nf_vip_selection;

/**
 * struct nf_vip_draft_backend - what a backend shall be
 * @node: in nf_vip_draft_service.backends
 * @by_name: in nf_vip_draft_service.by_name
 * @name: its name
 * @line: where the text last says something of it, or 0 if it is as it was
 * @stated: where the text states it, or 0
 * @spec: what it shall be; @spec.mark 0 until one is assigned
 * @mark_given: the text asks for this mark, so it may not be exchanged
 * @live: the backend that has this name now, also one that is leaving, or NULL
 * @object: the backend that will have it: @live, or a new one
 * @condition: reference to its flag, taken for @object
 */
struct nf_vip_draft_backend {
	struct list_head node;
	struct rb_node by_name;
	char name[NF_VIP_NAME_MAX + 1];
	unsigned int line;
	unsigned int stated;
	struct nf_vip_backend_spec spec;
	bool mark_given;
	struct nf_vip_backend *live;
	struct nf_vip_backend *object;
	struct nf_vip_condition *condition;
};

/**
 * struct nf_vip_draft_service - what a service shall be
 * @node: in nf_vip_draft.services, or with @gone in nf_vip_draft.deleted
 * @by_name: in nf_vip_draft.by_name
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
 * @forced: backends that shall go at once; only @node and @live of them are used
 * @live: the service that has this name now, or NULL
 * @object: the service that will have it: @live, or a new one
 * @selection: its new table, until it is published
 */
struct nf_vip_draft_service {
	struct list_head node;
	struct rb_node by_name;
	char name[NF_VIP_NAME_MAX + 1];
	unsigned int line;
	unsigned int stated;
	bool gone;
	bool moved;
	struct nf_vip_service_spec spec;
	struct list_head backends;
	struct rb_root backends_by_name;
	unsigned int nr_backends;
	struct list_head forced;
	struct nf_vip_service *live;
	struct nf_vip_service *object;
	struct nf_vip_selection *selection;
};

/**
 * struct nf_vip_draft - what a text makes of a namespace
 * @vn: the namespace
 * @fresh: services without a draft shall be deleted
 * @services: drafts of services that shall be, in order
 * @deleted: drafts of services that shall be deleted
 * @by_name: both
 * @fastpath: the interfaces of the fast path
 * @fastpath_line: where the text states them, or 0
 * @nr_statements: how many there are in the text
 * @nr_steps: how many steps were taken; at most so many for each object, as tests assert
 * @verdict: what it says of confirming
 * @verdict_line: where it does
 * @seconds: how long the change waits to be confirmed
 * @error: why the text is refused, or ""
 */
struct nf_vip_draft {
	struct nf_vip_net *vn;
	bool fresh;
	struct list_head services;
	struct list_head deleted;
	struct rb_root by_name;
	struct nf_vip_fastpath_spec fastpath;
	unsigned int fastpath_line;
	unsigned int nr_statements;
	unsigned int nr_steps;
	enum nf_vip_verdict verdict;
	unsigned int verdict_line;
	u32 seconds;
	char error[NF_VIP_ERROR_MAX];
};

/**
 * nf_vip_draft_init() - an empty draft
 * @draft: set up; nf_vip_draft_free() ends it
 * @vn: namespace
 */
void nf_vip_draft_init(struct nf_vip_draft *draft, struct nf_vip_net *vn);

/**
 * nf_vip_draft_read() - read a text into a draft
 * @draft: empty draft
 * @text: statements; need not end with a NUL
 * @len: length in bytes
 *
 * Context: process, @draft->vn->lock held.
 * Return: 0, or with a sentence in @draft->error an errno of
 * nf_vip_parse_next() and nf_vip_draft_check_verdict(), -EEXIST (stated twice), -ENOENT
 * (no such service or backend, no fast path),
 * -EAFNOSUPPORT (another family than the VIP's), -E2BIG (too many
 * backends), -ENOMEM, -EINTR (killed; no sentence).
 */
int nf_vip_draft_read(struct nf_vip_draft *draft, const char *text, size_t len);

/**
 * nf_vip_draft_mark() - give every backend of a draft its mark
 * @draft: draft that was read; its backends have their objects
 * @marks: empty set; every backend that shall be is in it afterwards
 *
 * Context: process, @draft->vn->lock held.
 * Return: 0, or with a sentence -ERANGE (a mark outside mark_mask), -EEXIST (a
 * mark of another backend), -ENOSPC (no mark is left), -ENOMEM, -EINTR.
 */
int nf_vip_draft_mark(struct nf_vip_draft *draft, struct nf_vip_marks *marks);

/**
 * nf_vip_draft_map() - build the map of VIPs of a draft
 * @draft: draft whose services have objects and selections
 * @result: the map, or NULL; the caller frees it after an error, too
 *
 * Sets @next_entry of every service that shall be.
 *
 * Context: process, @draft->vn->lock held.
 * Return: 0, or with a sentence -EEXIST (two services have the same VIP, port
 * and interface), -E2BIG (the ranges are too many), -ENOMEM, -EINTR.
 */
int nf_vip_draft_map(struct nf_vip_draft *draft, struct nf_vip_map **result);

/**
 * nf_vip_draft_keeps() - does a service stay as it is?
 * @draft: draft that was read
 * @service: service of the namespace, its lock held
 *
 * Return: true if the service is neither in the draft nor to be deleted.
 */
static inline bool nf_vip_draft_keeps(const struct nf_vip_draft *draft,
				      const struct nf_vip_service *service)
{
	return !draft->fresh && !service->draft;
}

/**
 * nf_vip_draft_step() - one object more is done
 * @draft: draft
 *
 * A text may be long, and whoever wrote it need not be trusted: between its steps
 * others run, and its writer can be killed.
 *
 * Context: process, may sleep.
 * Return: 0, or -EINTR: give up and undo what there is.
 */
static inline int nf_vip_draft_step(struct nf_vip_draft *draft)
{
	draft->nr_steps++;
	cond_resched();
	return fatal_signal_pending(current) || nf_vip_is_closing(draft->vn) ? -EINTR : 0;
}

/**
 * nf_vip_draft_free() - free a draft; what it points to stays
 * @draft: draft, the namespace's lock held; its error sentence stays
 */
void nf_vip_draft_free(struct nf_vip_draft *draft);

/**
 * nf_vip_draft_refuse() - keep the sentence that says why
 * @draft: draft
 * @line: line of the text, or 0 if none is to blame
 * @err: negative errno
 * @fmt: the sentence, as for printf()
 *
 * Return: @err.
 */
int __printf(4, 5) nf_vip_draft_refuse(struct nf_vip_draft *draft, unsigned int line, int err,
				       const char *fmt, ...);

/* The same for -ENOMEM, which no line is to blame for. */
static inline int nf_vip_draft_no_memory(struct nf_vip_draft *draft)
{
	return nf_vip_draft_refuse(draft, 0, -ENOMEM, "out of memory");
}

/**
 * nf_vip_draft_plan() - which backends shall stay, leave or go?
 * @draft: draft that was read; its services and backends have their objects
 *
 * Fills in nf_vip_backend.plan of every backend of the namespace.
 *
 * Context: the namespace's lock held.
 */
void nf_vip_draft_plan(const struct nf_vip_draft *draft);

/**
 * nf_vip_draft_verdict() - take a statement confirm or revert into a draft
 * @draft: draft
 * @st: statement
 *
 * Return: 0, or with a sentence -EEXIST if the text has one already.
 */
int nf_vip_draft_verdict(struct nf_vip_draft *draft, const struct nf_vip_statement *st);

/**
 * nf_vip_draft_check_verdict() - may a text that was read take effect?
 * @draft: draft of all its statements
 *
 * Context: the namespace's lock held.
 * Return: 0, or with a sentence -EINVAL (confirm or revert beside others, or a
 * change to confirm that is none), -ENOENT (nothing waits), -EBUSY (something
 * does, and this is another change).
 */
int nf_vip_draft_check_verdict(struct nf_vip_draft *draft);

#endif /* NF_VIP_DRAFT_H */
