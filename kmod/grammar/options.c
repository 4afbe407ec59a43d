// SPDX-License-Identifier: GPL-2.0
/*
 * The options of statements: a row of a table says how an option is read, checked,
 * printed and where its value stands. Pure, see parse_addr.c.
 */
#include "grammar/parse.h"

static const char * const scheduler_words[] = {
	[NF_VIP_SCHED_NTH]	= "nth",
	[NF_VIP_SCHED_RANDOM]	= "random",
	[NF_VIP_SCHED_HASH]	= "hash",
	[NF_VIP_SCHED_LEAST]	= "least",
};

static const char * const on_empty_words[] = {
	[NF_VIP_EMPTY_REJECT]	= "reject",
	[NF_VIP_EMPTY_ACCEPT]	= "accept",
	[NF_VIP_EMPTY_DROP]	= "drop",
};

static const char * const hash_key_words[] = {
	[NF_VIP_HASH_ADDR]	= "addr",
	[NF_VIP_HASH_ADDR_PORT]	= "addr-port",
};

static const char * const snat_words[] = {
	[NF_VIP_SNAT_OFF]	= "off",
	[NF_VIP_SNAT_ON]	= "on",
	[NF_VIP_SNAT_AUTO]	= "auto",
};

static const char * const window_words[] = {
	[NF_VIP_WINDOW_LIBERAL]	= "liberal",
	[NF_VIP_WINDOW_STRICT]	= "strict",
};

static const char * const accounting_words[] = {
	[NF_VIP_ACCOUNTING_OFF]	= "off",
	[NF_VIP_ACCOUNTING_ON]	= "on",
};

static const char * const on_down_words[] = {
	[NF_VIP_DOWN_KEEP]	= "keep",
	[NF_VIP_DOWN_RESET]	= "reset",
	[NF_VIP_DOWN_MOVE]	= "move",
};

static const char * const on_few_words[] = {
	[NF_VIP_FEW_OPEN]	= "open",
	[NF_VIP_FEW_TIER]	= "tier",
	[NF_VIP_FEW_DROP]	= "drop",
	[NF_VIP_FEW_REJECT]	= "reject",
};

static const char * const state_words[] = {
	[NF_VIP_STATE_UP]	= "up",
	[NF_VIP_STATE_DRAIN]	= "drain",
	[NF_VIP_STATE_DOWN]	= "down",
};

static const char * const initial_words[] = {
	[NF_VIP_INITIAL_UP]	= "up",
	[NF_VIP_INITIAL_DOWN]	= "down",
	[NF_VIP_INITIAL_UNKNOWN] = "unknown",
};

static const char * const lease_end_words[] = {
	[NF_VIP_LEASE_END_DOWN]	= "down",
	[NF_VIP_LEASE_END_UP]	= "up",
};

/* Code that reads and writes values takes each enum for a __u32. */
static_assert(sizeof(enum nf_vip_scheduler) == sizeof(__u32), "an enum has that size");

#define WORDS(text, spec, member, list, last)					\
	.expected = (text), .kind = NF_VIP_OPTION_WORD,				\
	.at = offsetof(struct spec, member), .words = (list), .max = (last)

#define NUMBER(text, spec, member, least, most)					\
	.expected = (text), .kind = NF_VIP_OPTION_NUMBER,			\
	.at = offsetof(struct spec, member), .min = (least), .max = (most)

#define NUMBERS(text, spec, member, list, count)				\
	.expected = (text), .kind = NF_VIP_OPTION_NUMBERS,			\
	.at = offsetof(struct spec, member), .ranges = (list), .nr = (count)

#define SERVICE_WORDS(text, member, list, last)					\
	WORDS(text, nf_vip_service_spec, member, list, last)
#define SERVICE_NUMBER(text, member, least, most)				\
	NUMBER(text, nf_vip_service_spec, member, least, most)
#define BACKEND_WORDS(text, member, list, last)					\
	WORDS(text, nf_vip_backend_spec, member, list, last)
#define BACKEND_NUMBER(text, member, least, most)				\
	NUMBER(text, nf_vip_backend_spec, member, least, most)

static_assert(NF_VIP_DEV_MAX == 15 && NF_VIP_CONDITION_MAX == 30 &&
	      NF_VIP_WEIGHT_MAX == 1000 && NF_VIP_PERSIST_MAX == 604800 &&
	      NF_VIP_CLIENTS_MAX == 1048576 && NF_VIP_REPICK_MAX == 86400 &&
	      NF_VIP_TIERS_MAX == 16 && NF_VIP_CONNS_MAX == 1000000000 &&
	      NF_VIP_WARMUP_MAX == 3600 && NF_VIP_HOLD_MAX == 3600 &&
	      NF_VIP_CONFIRM_MAX == 3600 &&
	      NF_VIP_DRAIN_MAX == 604800 && NF_VIP_EJECT_FAILS_MAX == 1000 &&
	      NF_VIP_EJECT_TIME_MAX == 3600 && NF_VIP_EJECT_CLIENTS_MAX == 8,
	      "the sentences below say so");

static const struct nf_vip_range eject_ranges[] = {
	{ 1, NF_VIP_EJECT_FAILS_MAX },
	{ 1, NF_VIP_EJECT_TIME_MAX },
	{ 1, NF_VIP_EJECT_TIME_MAX },
};

static_assert(sizeof(struct nf_vip_eject_spec) == sizeof(__u32) * ARRAY_SIZE(eject_ranges),
	      "it has these numbers");

static const struct nf_vip_option service_options[] = {
	{
		.name = "dev",
		.file = NF_VIP_OPTION_READ,
		.expected = "expected an interface name of 1 to 15 characters",
		.kind = NF_VIP_OPTION_DEV,
		.at = offsetof(struct nf_vip_service_spec, dev),
		.max = NF_VIP_DEV_MAX,
	}, {
		.name = "scheduler",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected nth, random, hash or least", policy.scheduler,
			      scheduler_words, NF_VIP_SCHED_LEAST),
		.always = true,
	}, {
		.name = "on-empty",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected reject, accept or drop", on_empty, on_empty_words,
			      NF_VIP_EMPTY_DROP),
		.always = true,
	}, {
		.name = "hash-key",
		SERVICE_WORDS("expected addr or addr-port", policy.hash_key, hash_key_words,
			      NF_VIP_HASH_ADDR_PORT),
	}, {
		.name = "hash-seed",
		SERVICE_NUMBER("expected 0 to 4294967295, or 0x and hex digits", policy.hash_seed,
			       0, 4294967295U),
		.hex = true,
	}, {
		.name = "persist",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_NUMBER("expected 0 to 604800 seconds", policy.persist,
			       0, NF_VIP_PERSIST_MAX),
	}, {
		.name = "mask",
		SERVICE_NUMBER("expected 1 to 128", mask, 1, 128),
	}, {
		.name = "max-clients",
		SERVICE_NUMBER("expected 1 to 1048576", max_clients, 1, NF_VIP_CLIENTS_MAX),
		.fallback = NF_VIP_CLIENTS_DEFAULT,
	}, {
		.name = "snat",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected off, on or auto", policy.snat, snat_words,
			      NF_VIP_SNAT_AUTO),
	}, {
		.name = "window",
		SERVICE_WORDS("expected liberal or strict", policy.window, window_words,
			      NF_VIP_WINDOW_STRICT),
	}, {
		.name = "repick",
		SERVICE_NUMBER("expected 0 to 86400 seconds", policy.repick,
			       0, NF_VIP_REPICK_MAX),
	}, {
		.name = "accounting",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected off or on", accounting, accounting_words,
			      NF_VIP_ACCOUNTING_ON),
	}, {
		.name = "on-down-tcp",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected keep, reset or move", on_down_tcp, on_down_words,
			      NF_VIP_DOWN_MOVE),
	}, {
		.name = "on-down-udp",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected keep, reset or move", on_down_udp, on_down_words,
			      NF_VIP_DOWN_MOVE),
		.fallback = NF_VIP_DOWN_MOVE,
	}, {
		.name = "min-live",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_NUMBER("expected 0 to 100 percent", min_live, 0, 100),
	}, {
		.name = "on-few",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected open, tier, drop or reject", on_few, on_few_words,
			      NF_VIP_FEW_REJECT),
	}, {
		.name = "hold",
		SERVICE_NUMBER("expected 0 to 3600 seconds", hold, 0, NF_VIP_HOLD_MAX),
	}, {
		.name = "eject",
		NUMBERS("expected 1 to 1000 failures, 1 to 3600 seconds, 1 to 3600 seconds",
			nf_vip_service_spec, eject, eject_ranges, ARRAY_SIZE(eject_ranges)),
	}, {
		.name = "eject-clients",
		SERVICE_NUMBER("expected 1 to 8", eject_clients, 1, NF_VIP_EJECT_CLIENTS_MAX),
		.fallback = NF_VIP_EJECT_CLIENTS_DEFAULT,
	},
};

static const struct nf_vip_option backend_options[] = {
	{
		.name = "weight",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_NUMBER("expected 0 to 1000", weight, 0, NF_VIP_WEIGHT_MAX),
		.fallback = 1,
		.always = true,
	}, {
		/* 0 is the mark of an unmarked connection. */
		.name = "mark",
		.file = NF_VIP_OPTION_READ,
		BACKEND_NUMBER("expected 1 to 4294967295, or 0x and hex digits", mark,
			       1, 4294967295U),
		.hex = true,
	}, {
		.name = "condition",
		.file = NF_VIP_OPTION_READ,
		.expected = "expected a file name of 1 to 30 characters",
		.kind = NF_VIP_OPTION_NAME,
		.at = offsetof(struct nf_vip_backend_spec, condition),
		.max = NF_VIP_CONDITION_MAX,
	}, {
		.name = "state",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_WORDS("expected up, drain or down", state, state_words,
			      NF_VIP_STATE_DOWN),
		.beside = offsetof(struct nf_vip_backend_spec, drain),
	}, {
		.name = "tier",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_NUMBER("expected 1 to 16", tier, 1, NF_VIP_TIERS_MAX),
		.fallback = 1,
	}, {
		.name = "max-conns",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_NUMBER("expected 0 to 1000000000", max_conns, 0, NF_VIP_CONNS_MAX),
	}, {
		.name = "warmup",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_NUMBER("expected 0 to 3600 seconds", warmup, 0, NF_VIP_WARMUP_MAX),
	}, {
		.name = "initial",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_WORDS("expected up, down or unknown", initial, initial_words,
			      NF_VIP_INITIAL_UNKNOWN),
	}, {
		.name = "lease-end",
		.file = NF_VIP_OPTION_WRITE,
		BACKEND_WORDS("expected down or up", lease_end, lease_end_words,
			      NF_VIP_LEASE_END_UP),
	}, {
		.name = "drain",
		BACKEND_NUMBER("expected 0 to 604800 seconds", drain, 0, NF_VIP_DRAIN_MAX),
	},
};

static const struct nf_vip_options of_service = {
	.list = service_options,
	.nr = ARRAY_SIZE(service_options),
};

static const struct nf_vip_options of_backend = {
	.list = backend_options,
	.nr = ARRAY_SIZE(backend_options),
};

const struct nf_vip_options *nf_vip_options_of(enum nf_vip_verb verb)
{
	return verb == NF_VIP_SERVICE || verb == NF_VIP_SET_SERVICE ? &of_service : &of_backend;
}

const char *nf_vip_scheduler_name(enum nf_vip_scheduler scheduler)
{
	return nf_vip_word_of(scheduler_words, ARRAY_SIZE(scheduler_words), scheduler);
}

const char *nf_vip_on_empty_name(enum nf_vip_on_empty on_empty)
{
	return nf_vip_word_of(on_empty_words, ARRAY_SIZE(on_empty_words), on_empty);
}

const char *nf_vip_state_name(enum nf_vip_state state)
{
	return nf_vip_word_of(state_words, ARRAY_SIZE(state_words), state);
}
