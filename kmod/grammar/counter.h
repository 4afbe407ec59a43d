/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What services and backends count: a row each. From these come the sums of all CPUs,
 * the fields of status, files of sysfs, members of JSON and its schema, and metrics.
 * A counter that is new comes last.
 */
#ifndef NF_VIP_COUNTER_H
#define NF_VIP_COUNTER_H

#include "nf_vip_pure.h"

/* Counters of a service: the end of NF_VIP_SVC_..., the word of status, what it counts. */
#define NF_VIP_SVC_ROWS(row)								\
	row(SVC_CHOSEN, "chosen", "New connections that were given to a backend.")	\
	row(SVC_PINNED, "pinned", "Those of them whose mark asked for their backend.")	\
	row(SVC_EMPTY, "empty", "New connections that met no usable backend.")		\
	row(SVC_CLASH, "clash", "New connections for which no reply tuple was free.")	\
	row(SVC_FULL, "full", "New connections that met full backends only.")		\
	row(SVC_NO_ROUTE, "no-route", "New connections whose backend has no route.")	\
	row(SVC_NO_MEMORY, "no-memory", "New connections that memory was too short for.") \
	row(SVC_PACKETS_IN, "packets-in", "Packets from clients, with accounting.")	\
	row(SVC_BYTES_IN, "bytes-in", "Bytes from clients, with accounting.")		\
	row(SVC_PACKETS_OUT, "packets-out", "Packets to clients, with accounting.")	\
	row(SVC_BYTES_OUT, "bytes-out", "Bytes to clients, with accounting.")		\
	row(SVC_CLIENTS_FULL, "clients-full",						\
	    "New connections of clients that there was no room to remember.")		\
	row(SVC_HELD, "held", "Packets of unknown TCP connections that a hold dropped.") \
	row(SVC_REDISPATCHED, "redispatched",						\
	    "Connections that got another backend because one did not take them.")

/* The same of a backend. Those without a word are for the module itself, and come first. */
#define NF_VIP_BE_ROWS(row)								\
	row(BE_BEGAN, NULL, NULL)							\
	row(BE_ENDED, NULL, NULL)							\
	row(BE_CHOSEN, "chosen", "New connections that were given to the backend.")	\
	row(BE_PINNED, "pinned", "Those of them whose mark asked for it.")		\
	row(BE_PACKETS_IN, "packets-in", "Packets to the backend, with accounting.")	\
	row(BE_BYTES_IN, "bytes-in", "Bytes to the backend, with accounting.")		\
	row(BE_PACKETS_OUT, "packets-out", "Packets from the backend, with accounting.") \
	row(BE_BYTES_OUT, "bytes-out", "Bytes from the backend, with accounting.")	\
	row(BE_FAILED, "failed",							\
	    "New connections that it did not take, while its service has eject.")

#define NF_VIP_COUNTER_NUMBER(name, word, help) NF_VIP_##name,

enum nf_vip_svc_counter {
	NF_VIP_SVC_ROWS(NF_VIP_COUNTER_NUMBER)
	NF_VIP_SVC_COUNTERS
};

enum nf_vip_be_counter {
	NF_VIP_BE_ROWS(NF_VIP_COUNTER_NUMBER)
	NF_VIP_BE_COUNTERS
};

/**
 * struct nf_vip_counter - what people see of a counter
 * @name: word of status; `_` takes the place of `-` in sysfs, JSON and metrics. NULL: nothing
 * @help: a sentence that says what is counted
 */
struct nf_vip_counter {
	const char *name;
	const char *help;
};

/* By enum nf_vip_svc_counter, and by enum nf_vip_be_counter. */
extern const struct nf_vip_counter nf_vip_svc_counters[NF_VIP_SVC_COUNTERS];
extern const struct nf_vip_counter nf_vip_be_counters[NF_VIP_BE_COUNTERS];

#endif /* NF_VIP_COUNTER_H */
