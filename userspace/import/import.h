/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an import makes of the rules of another load balancer: services, their
 * backends, and what could not be taken over. import_iptables.c and
 * import_ipvs.c fill it, import_print.c prints it.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <stdio.h>
#include <sys/queue.h>
#include "lib/arena.h"
#include "lib/words.h"

/* Bounds of what is read: bytes in a line, rules or lines of statements, chains, depth. */
enum import_limits {
	IMPORT_LINE_MAX = 4096,
	IMPORT_RULES_MAX = 1 << 17,
	IMPORT_CHAINS_MAX = 1 << 15,
	IMPORT_DEPTH_MAX = 64,
};

/**
 * struct import_note - a sentence about a line of the input
 * @line: line, or 0
 * @rule: text of that line, or ""
 * @text: the sentence
 * @node: in a list
 */
struct import_note {
	unsigned int line;
	const char *rule;
	const char *text;

	TAILQ_ENTRY(import_note) node;
};

TAILQ_HEAD(import_notes, import_note);

/**
 * struct import_backend - a server
 * @address: address of the server
 * @port: host byte order, 0 for the port of the connection
 * @part: the server's part of the connections of its tier, in any unit; 0 for
 *	none
 * @weight: made of @part by import_weigh()
 * @mark: mark of the server's connections, 0 if the module is to assign one
 * @condition: name of the server's flag, or NULL
 * @max_conns: limit of connections, 0 for none
 * @tier: 1 to NF_VIP_TIERS_MAX
 * @line: the line that says nothing but this server, or 0; a service can do without the
 *	server then
 * @text: that line
 * @node: in import_service.backends
 */
struct import_backend {
	struct ip_address address;
	__u16 port;
	double part;
	__u32 weight;
	__u32 mark;
	const char *condition;
	__u32 max_conns;
	__u32 tier;
	unsigned int line;
	const char *text;

	TAILQ_ENTRY(import_backend) node;
};

TAILQ_HEAD(import_backends, import_backend);

/**
 * struct import_vip - ports of a virtual address
 * @address: virtual address
 * @first: first port
 * @last: last port
 */
struct import_vip {
	struct ip_address address;
	__u16 first;
	__u16 last;
};

/**
 * struct import_service - a service
 * @proto: IPPROTO_TCP and so on, or NF_VIP_PROTO_FWMARK
 * @fwmark: the mark, for NF_VIP_PROTO_FWMARK
 * @family: of the VIPs, or of the packets with the mark
 * @nr_vips: entries of @vips
 * @vips: ports of the service
 * @dev: input interface, or NULL
 * @scheduler: how a backend is chosen
 * @hash_ports: scheduler hash looks at ports, too
 * @on_empty: NULL for the default
 * @persist: seconds, or 0
 * @mask: bits of a client's address, 0 for all
 * @snat: NULL for off
 * @backends: backends of the service
 * @nr_backends: how many backends
 * @notes: comments in front of the service
 * @name: given by import_name()
 * @node: in import.services
 */
struct import_service {
	__u8 proto;
	__u8 family;
	__u32 fwmark;
	unsigned int nr_vips;
	struct import_vip vips[NF_VIP_MATCHES_MAX];
	const char *dev;
	enum nf_vip_scheduler scheduler;
	bool hash_ports;
	const char *on_empty;
	__u32 persist;
	__u32 mask;
	const char *snat;
	struct import_backends backends;
	unsigned int nr_backends;
	struct import_notes notes;
	char name[NF_VIP_NAME_MAX + 1];

	TAILQ_ENTRY(import_service) node;
};

TAILQ_HEAD(import_services, import_service);

/**
 * struct import - an import as a whole
 * @arena: the memory of everything in the import
 * @kind: what was read, for the header
 * @steps: rules that all walks through the rules may go through; rules that
 *	need more steps are too entangled
 * @services: in the order of the input
 * @nr_services: how many services
 * @not_taken: what could not be expressed, by line
 * @ignored: rules that have nothing to do with balancing
 * @error: why the input was refused as a whole, or ""
 */
struct import {
	struct arena arena;
	const char *kind;
	unsigned long steps;
	struct import_services services;
	unsigned int nr_services;
	struct import_notes not_taken;
	unsigned int ignored;
	char error[NF_VIP_ERROR_MAX];
};

/**
 * import_init() - an empty import
 * @im: to be freed with import_free()
 * @kind: what will be read
 */
void import_init(struct import *im, const char *kind);

/**
 * import_free() - free an import
 * @im: import
 */
static inline void import_free(struct import *im)
{
	arena_free(&im->arena);
}

/**
 * import_string() - a string that lives as long as the import
 * @im: import
 * @...: as for printf(3)
 */
#define import_string(im, ...)	arena_string(&(im)->arena, __VA_ARGS__)

/**
 * import_refuse() - refuse the input as a whole
 * @im: import
 * @line: line to blame, or 0
 * @format: why, as for printf(3)
 *
 * Return: -EINVAL.
 */
int import_refuse(struct import *im, unsigned int line, const char *format, ...);

/**
 * import_next_line() - cut the next line off a text
 * @im: import, for the refusal
 * @at: where the text goes on
 * @end: end of the text
 * @number: number of the line before, counted on
 * @line: the line, NUL terminated, with bytes that are not text as `?`
 *
 * Return: 1, 0 at the end, or -EINVAL with @im->error for a line that is too
 * long.
 */
int import_next_line(struct import *im, const char **at, const char *end,
		     unsigned int *number, char line[IMPORT_LINE_MAX + 1]);

/**
 * import_note() - add a sentence to a list
 * @im: import
 * @list: list
 * @line: line of the input that the sentence is about, or 0
 * @rule: text of that line; bytes that are no text become `?`
 * @text: the sentence; lives as long as @im
 */
void import_note(struct import *im, struct import_notes *list, unsigned int line,
		 const char *rule, const char *text);

/**
 * import_add_service() - add an empty service
 * @im: import
 */
struct import_service *import_add_service(struct import *im);

/**
 * import_remove_service() - forget a service
 * @im: import
 * @service: service
 */
void import_remove_service(struct import *im, struct import_service *service);

/**
 * import_add_backend() - add an empty backend of tier 1
 * @im: import
 * @service: service of the backend
 */
struct import_backend *import_add_backend(struct import *im, struct import_service *service);

/**
 * import_weigh() - make weights of the parts that backends get
 * @im: import
 * @service: service
 *
 * Chooses the smallest weights that come within a hundredth of each part; a
 * note says so if they are not exact.
 */
void import_weigh(struct import *im, struct import_service *service);

/**
 * import_finish() - name the services, see that marks are not taken twice
 * @im: import, complete
 *
 * A service that the grammar or the check refuses is moved to what is not taken.
 *
 * Return: 0, or -EINVAL with @im->error if too many services do not go together.
 */
int import_finish(struct import *im);

/**
 * import_print_service() - print a service and its backends as configuration
 * @to: stream
 * @service: service
 */
void import_print_service(FILE *to, const struct import_service *service);

/**
 * import_print() - print an import as configuration
 * @to: stream
 * @im: import
 * @name: where the input came from
 */
void import_print(FILE *to, const struct import *im, const char *name);

/**
 * import_iptables() - read what iptables-save or ip6tables-save printed
 * @im: empty import
 * @text: text
 * @len: length of @text
 *
 * Return: 0, or -EINVAL with @im->error.
 */
int import_iptables(struct import *im, const char *text, size_t len);

/**
 * import_ipvs() - read what `ipvsadm -Sn` printed
 * @im: empty import
 * @text: text
 * @len: length of @text
 *
 * Return: 0, or -EINVAL with @im->error.
 */
int import_ipvs(struct import *im, const char *text, size_t len);

#endif /* IMPORT_H */
