/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration language of nf_vip: one parser for the module, for vipctl
 * and for the fuzzer. The parser reads text that is already in memory,
 * allocates nothing, keeps no global state and makes no kernel call.
 */
#ifndef NF_VIP_GRAMMAR_H
#define NF_VIP_GRAMMAR_H

#include "nf_vip_limits.h"
#include "nf_vip_pure.h"

/**
 * enum nf_vip_verb - what a statement asks for
 * @NF_VIP_REPLACE: the text is the whole configuration; only allowed first
 * @NF_VIP_FLUSH: delete every service, and the fast path
 * @NF_VIP_SERVICE: a service shall be as stated
 * @NF_VIP_BACKEND: a backend shall be as stated
 * @NF_VIP_SET_SERVICE: some options of a service shall be as stated
 * @NF_VIP_SET_BACKEND: some options of a backend shall be as stated
 * @NF_VIP_DELETE_SERVICE: a service and its backends shall be gone
 * @NF_VIP_DELETE_BACKEND: a backend shall be gone
 * @NF_VIP_FASTPATH: the fast path shall have the interfaces as stated
 * @NF_VIP_DELETE_FASTPATH: there shall be no fast path
 * @NF_VIP_CONFIRM: the text wants to be confirmed, or confirms the change that
 *	waits
 * @NF_VIP_REVERT: the change that waits to be confirmed shall be undone
 */
enum nf_vip_verb {
	NF_VIP_REPLACE,
	NF_VIP_FLUSH,
	NF_VIP_SERVICE,
	NF_VIP_BACKEND,
	NF_VIP_SET_SERVICE,
	NF_VIP_SET_BACKEND,
	NF_VIP_DELETE_SERVICE,
	NF_VIP_DELETE_BACKEND,
	NF_VIP_FASTPATH,
	NF_VIP_DELETE_FASTPATH,
	NF_VIP_CONFIRM,
	NF_VIP_REVERT,
};

enum nf_vip_scheduler {
	NF_VIP_SCHED_NTH,
	NF_VIP_SCHED_RANDOM,
	NF_VIP_SCHED_HASH,
	NF_VIP_SCHED_LEAST,
};

enum nf_vip_hash_key {
	NF_VIP_HASH_ADDR,
	NF_VIP_HASH_ADDR_PORT,
};

enum nf_vip_snat {
	NF_VIP_SNAT_OFF,
	NF_VIP_SNAT_ON,
	NF_VIP_SNAT_AUTO,
};

enum nf_vip_window {
	NF_VIP_WINDOW_LIBERAL,
	NF_VIP_WINDOW_STRICT,
};

enum nf_vip_accounting {
	NF_VIP_ACCOUNTING_OFF,
	NF_VIP_ACCOUNTING_ON,
};

enum nf_vip_on_down {
	NF_VIP_DOWN_KEEP,
	NF_VIP_DOWN_RESET,
	NF_VIP_DOWN_MOVE,
};

enum nf_vip_on_empty {
	NF_VIP_EMPTY_REJECT,
	NF_VIP_EMPTY_ACCEPT,
	NF_VIP_EMPTY_DROP,
};

/* What a service does while fewer backends are alive than it wants. */
enum nf_vip_on_few {
	NF_VIP_FEW_OPEN,
	NF_VIP_FEW_TIER,
	NF_VIP_FEW_DROP,
	NF_VIP_FEW_REJECT,
};

enum nf_vip_state {
	NF_VIP_STATE_UP,
	NF_VIP_STATE_DRAIN,
	NF_VIP_STATE_DOWN,
};

/* Health of a backend when its lease runs out. */
enum nf_vip_lease_end {
	NF_VIP_LEASE_END_DOWN,
	NF_VIP_LEASE_END_UP,
};

/* Health of a backend that is made. */
enum nf_vip_initial {
	NF_VIP_INITIAL_UP,
	NF_VIP_INITIAL_DOWN,
	NF_VIP_INITIAL_UNKNOWN,
};

/* In place of a protocol, for a service of the packets with a mark. */
#define NF_VIP_PROTO_FWMARK	0

/* The ports that `*` stands for. */
#define NF_VIP_PORT_FIRST	1
#define NF_VIP_PORT_LAST	65535

/**
 * struct nf_vip_eject_spec - when a backend is ejected
 * @fails: after so many failures, 1 to NF_VIP_EJECT_FAILS_MAX; 0 is never
 * @window: within so many seconds, 1 to NF_VIP_EJECT_TIME_MAX
 * @time: for so many seconds the first time, 1 to NF_VIP_EJECT_TIME_MAX
 */
struct nf_vip_eject_spec {
	__u32 fails;
	__u32 window;
	__u32 time;
};

/**
 * struct nf_vip_match - ports of a virtual address
 * @addr: virtual address, network byte order, unused bytes zero
 * @first: first port, host byte order, never 0
 * @last: last port, host byte order, not before @first
 */
struct nf_vip_match {
	union nf_inet_addr addr;
	__u16 first;
	__u16 last;
};

/**
 * struct nf_vip_policy - the options of a service that packets go by as they were stated
 * @scheduler: how a backend is chosen
 * @hash_key: what of a client the scheduler hash looks at
 * @hash_seed: of the scheduler hash; the same on gateways that shall agree
 * @persist: a client keeps its backend for so many seconds; 0 is not at all
 * @snat: whether the source address becomes the gateway's
 * @window: how strictly conntrack looks at TCP windows
 * @repick: a UDP flow without answers is balanced anew after so many seconds;
 *	0 is never
 *
 * Each selection has a copy of the whole.
 */
struct nf_vip_policy {
	enum nf_vip_scheduler scheduler;
	enum nf_vip_hash_key hash_key;
	__u32 hash_seed;
	__u32 persist;
	enum nf_vip_snat snat;
	enum nf_vip_window window;
	__u32 repick;
};

/**
 * struct nf_vip_service_spec - what a service statement says
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6, of all VIPs
 * @proto: IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, or NF_VIP_PROTO_FWMARK
 * @nr_matches: entries of @matches; 0 only for a service of a mark
 * @fwmark: mark of the packets, host byte order; 0 for a service of VIPs
 * @matches: VIPs and ports as they were stated; no two overlap; the rest zero
 * @dev: input interface, or "" for every interface and local traffic
 * @policy: what packets go by
 * @on_empty: what happens to a new connection when no backend may be chosen
 * @mask: bits of an address that make a client of persist; 0 is all of them
 * @max_clients: how many clients persist remembers at least, 1 to
 *	NF_VIP_CLIENTS_MAX
 * @accounting: whether packets and bytes are counted
 * @on_down_tcp: what becomes of established connections of a backend that is
 *	down
 * @on_down_udp: what becomes of UDP flows of such a backend
 * @min_live: percent of the backends that shall be alive, 0 to 100
 * @on_few: what to do while fewer are alive
 * @hold: a service that is made drops TCP from the middle of a connection for
 *	so many seconds
 * @eject: when a backend that fails connections is ejected
 * @eject_clients: how many clients a backend has to fail to be ejected, 1 to
 *	NF_VIP_EJECT_CLIENTS_MAX
 */
struct nf_vip_service_spec {
	__u8 family;
	__u8 proto;
	__u16 nr_matches;
	__u32 fwmark;
	struct nf_vip_match matches[NF_VIP_MATCHES_MAX];
	char dev[NF_VIP_DEV_MAX + 1];
	struct nf_vip_policy policy;
	enum nf_vip_on_empty on_empty;
	__u32 mask;
	__u32 max_clients;
	enum nf_vip_accounting accounting;
	enum nf_vip_on_down on_down_tcp;
	enum nf_vip_on_down on_down_udp;
	__u32 min_live;
	enum nf_vip_on_few on_few;
	__u32 hold;
	struct nf_vip_eject_spec eject;
	__u32 eject_clients;
};

/**
 * struct nf_vip_backend_spec - what a backend statement says
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6; must be the service's
 * @port: network byte order; 0 means the port of each connection itself
 * @addr: address of the real server, network byte order, unused bytes zero
 * @weight: 0 to NF_VIP_WEIGHT_MAX
 * @mark: connection mark value, host byte order; 0 means that the module
 *	assigns one, or keeps the one that the backend has
 * @state: what the administrator wants of the backend
 * @condition: name of the /proc/net/nf_condition flag, or ""
 * @tier: 1 to NF_VIP_TIERS_MAX; chosen while no backend of a lower number may be
 * @max_conns: connections at a time; 0 is no limit
 * @warmup: seconds in which the backend's weight grows after it came up
 * @initial: health before the first report of a checker
 * @lease_end: health when the lease of a report has run out
 * @drain: seconds that a drain may take; 0 is for ever
 */
struct nf_vip_backend_spec {
	__u8 family;
	__be16 port;
	union nf_inet_addr addr;
	__u32 weight;
	__u32 mark;
	enum nf_vip_state state;
	char condition[NF_VIP_CONDITION_MAX + 1];
	__u32 tier;
	__u32 max_conns;
	__u32 warmup;
	enum nf_vip_initial initial;
	enum nf_vip_lease_end lease_end;
	__u32 drain;
};

/**
 * struct nf_vip_fastpath_spec - what a fastpath statement says
 * @nr: how many interfaces, 0 to NF_VIP_FASTPATH_MAX; 0 is no fast path
 * @dev: their names, each only once; they need not exist
 */
struct nf_vip_fastpath_spec {
	unsigned int nr;
	char dev[NF_VIP_FASTPATH_MAX][NF_VIP_DEV_MAX + 1];
};

/**
 * struct nf_vip_statement - one parsed statement
 * @verb: says which of the other members are filled in
 * @line: line of the text that the statement is on, from 1
 * @service: name of the service (of the backend's service, too)
 * @backend: name of the backend, for the verbs of backends
 * @given: options that the statement gives, by their place in the table
 * @force: for NF_VIP_DELETE_BACKEND: at once, whatever connections the backend
 *	has
 * @svc: for NF_VIP_SERVICE; for NF_VIP_SET_SERVICE the options of @given
 * @be: for NF_VIP_BACKEND; for NF_VIP_SET_BACKEND the options of @given
 * @fastpath: for NF_VIP_FASTPATH
 * @seconds: for NF_VIP_CONFIRM: within which time, 1 to NF_VIP_CONFIRM_MAX; 0
 *	confirms
 */
struct nf_vip_statement {
	enum nf_vip_verb verb;
	unsigned int line;
	char service[NF_VIP_NAME_MAX + 1];
	char backend[NF_VIP_NAME_MAX + 1];
	__u32 given;
	bool force;
	union {
		struct nf_vip_service_spec svc;
		struct nf_vip_backend_spec be;
		struct nf_vip_fastpath_spec fastpath;
		__u32 seconds;
	};
};

/**
 * struct nf_vip_parser - position in a text, and the error that stopped it
 * @at: next byte to read
 * @end: one past the last byte
 * @line: line of @at, from 1
 * @first: no statement was read yet (`replace` is allowed)
 * @error: after a refusal, a sentence without a newline that names the line,
 *	the word and what was expected: `line 2: weight "5000": expected 0 to
 *	1000`
 */
struct nf_vip_parser {
	const char *at;
	const char *end;
	unsigned int line;
	bool first;
	char error[NF_VIP_ERROR_MAX];
};

/**
 * nf_vip_parse_start() - begin to parse a text
 * @p: parser to set up
 * @text: text to read; need not end with a NUL; stays the caller's, and has
 *	to stay until the last nf_vip_parse_next()
 * @len: length of @text in bytes
 *
 * Context: any.
 */
void nf_vip_parse_start(struct nf_vip_parser *p, const char *text, size_t len);

/**
 * nf_vip_parse_next() - read the next statement
 * @p: parser
 * @st: filled in on success; every member not named by the verb is zero
 *
 * A statement ends at a newline or at `;`. `#` starts a comment that runs to
 * the newline. Empty statements are skipped.
 *
 * Context: any.
 * Return: 1 with a statement in @st, 0 at the end of the text, or
 * -EINVAL (unknown or missing word, malformed address or name, byte that is
 * not text, ports, an option or interface given twice),
 * -ERANGE (a number or port outside its range, a reversed port range),
 * -EAFNOSUPPORT (VIPs of different families), -ENAMETOOLONG (a name over its
 * limit), -E2BIG (too many interfaces, ports or ranges). After an error
 * @p->error is set and the parser must not be used again.
 */
int nf_vip_parse_next(struct nf_vip_parser *p, struct nf_vip_statement *st);

/**
 * nf_vip_set_merge() - put the options that set gives in the place of others
 * @st: statement, NF_VIP_SET_SERVICE or NF_VIP_SET_BACKEND
 * @spec: struct nf_vip_service_spec or nf_vip_backend_spec, as the verb is; what
 *	@st does not give stays
 *
 * Context: any.
 */
void nf_vip_set_merge(const struct nf_vip_statement *st, void *spec);

/**
 * struct nf_vip_misfit - an option that does not go with its service
 * @option: name of the option
 * @why: what the option goes with
 */
struct nf_vip_misfit {
	const char *option;
	const char *why;
};

/**
 * nf_vip_service_fits() - do the options of a service go with the rest of it?
 * @svc: service
 * @misfit: filled in after an error
 *
 * The parser checks a service that is stated; whoever merges a set has to check
 * the result.
 *
 * Context: any.
 * Return: 0, -EINVAL (repick or hold with another protocol) or -ERANGE (a mask
 * too long for the family).
 */
int nf_vip_service_fits(const struct nf_vip_service_spec *svc, struct nf_vip_misfit *misfit);

/**
 * struct nf_vip_question - a connection that `explain` is asked about
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @client: where the connection comes from, network byte order, unused bytes
 *	zero
 * @vip: where the connection goes to, in the same form
 * @client_port: network byte order, never 0
 * @vip_port: as @client_port
 * @dev: interface that the first packet comes in by, or "" for local traffic
 * @mark: mark of the connection, host byte order, or 0
 * @fwmark: mark of the first packet, host byte order, or 0
 */
struct nf_vip_question {
	__u8 family;
	__u8 proto;
	union nf_inet_addr client;
	union nf_inet_addr vip;
	__be16 client_port;
	__be16 vip_port;
	char dev[NF_VIP_DEV_MAX + 1];
	__u32 mark;
	__u32 fwmark;
};

/**
 * nf_vip_parse_question() - read a question
 * @text: `PROTO ADDR:PORT [->] VIP:PORT [dev IFACE] [mark N] [fwmark N]`, IPv6 in
 *	brackets; one line, need not end with a NUL or a newline
 * @len: length of @text in bytes
 * @question: filled in on success
 * @error: after a refusal, a sentence without a newline, as in struct
 *	nf_vip_parser but for the number of the line; "" on success
 *
 * Context: any.
 * Return: 0, or -EINVAL, -ERANGE, -EAFNOSUPPORT (addresses of different families),
 * -ENAMETOOLONG (interface) or -E2BIG (more than NF_VIP_QUESTION_MAX bytes).
 */
int nf_vip_parse_question(const char *text, size_t len, struct nf_vip_question *question,
			  char error[NF_VIP_ERROR_MAX]);

/**
 * nf_vip_parse_pton() - read an address
 * @text: address, not NUL terminated, without brackets
 * @len: length of @text
 * @addr: result in network byte order; unused bytes are zero
 *
 * Dotted quad without leading zeros, or RFC 4291 section 2.2 text, all three
 * forms. No zone (`%eth0`), no prefix length.
 *
 * Context: any.
 * Return: NFPROTO_IPV4, NFPROTO_IPV6, or -EINVAL.
 */
int nf_vip_parse_pton(const char *text, size_t len, union nf_inet_addr *addr);

/**
 * nf_vip_match_is_range() - are these more than one port, but not all ports?
 * @match: ports
 */
static inline bool nf_vip_match_is_range(const struct nf_vip_match *match)
{
	return match->first != match->last &&
	       (match->first != NF_VIP_PORT_FIRST || match->last != NF_VIP_PORT_LAST);
}

/**
 * nf_vip_block_bits() - take a block off the front of a range
 * @first: first port of the range, not 0
 * @last: last port
 *
 * A range is at most 30 blocks of 2^n ports that begin at a multiple of their
 * size: growing blocks, then shrinking ones.
 *
 * Return: n of the largest block that begins at @first and ends before @last or
 * with it.
 */
unsigned int nf_vip_block_bits(__u32 first, __u32 last);

/**
 * nf_vip_entries() - how many entries of the map of VIPs does a service need?
 * @spec: service
 *
 * Return: 1 to 30 * NF_VIP_MATCHES_MAX.
 */
unsigned int nf_vip_entries(const struct nf_vip_service_spec *spec);

/**
 * nf_vip_port() - the port of a service
 * @spec: service
 *
 * Return: the one port that all VIPs of the service have, network byte order,
 * or 0 if there are several.
 */
__be16 nf_vip_port(const struct nf_vip_service_spec *spec);

/**
 * nf_vip_name_valid() - may this be the name of a service or a backend?
 * @name: NUL-terminated name
 *
 * 1 to NF_VIP_NAME_MAX letters, digits, `_`, `-` and `.`, beginning with a
 * letter, a digit or `_`.
 *
 * Return: 0, -ENAMETOOLONG or -EINVAL.
 */
int nf_vip_name_valid(const char *name);

/*
 * The folder with a service's own files, within the service's folder in sysfs,
 * where all others are of backends.
 */
#define NF_VIP_SERVICE_FOLDER	"service"

/**
 * nf_vip_backend_name_reserved() - is this name not for backends?
 * @name: NUL-terminated name
 *
 * Return: true for NF_VIP_SERVICE_FOLDER.
 */
bool nf_vip_backend_name_reserved(const char *name);

/* Words, for printing: never NULL. */
const char *nf_vip_scheduler_name(enum nf_vip_scheduler scheduler);
const char *nf_vip_on_empty_name(enum nf_vip_on_empty on_empty);
const char *nf_vip_state_name(enum nf_vip_state state);
const char *nf_vip_proto_name(__u8 proto);

#endif /* NF_VIP_GRAMMAR_H */
