// SPDX-License-Identifier: GPL-2.0
/*
 * The options of statements: one table says how each is read, checked, printed
 * and where it stands. Pure, see parse_addr.c.
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

/* get() and put() take a value for a __u32. */
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
		SERVICE_WORDS("expected nth, random, hash or least", scheduler, scheduler_words,
			      NF_VIP_SCHED_LEAST),
		.always = true,
	}, {
		.name = "on-empty",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_WORDS("expected reject, accept or drop", on_empty, on_empty_words,
			      NF_VIP_EMPTY_DROP),
		.always = true,
	}, {
		.name = "hash-key",
		SERVICE_WORDS("expected addr or addr-port", hash_key, hash_key_words,
			      NF_VIP_HASH_ADDR_PORT),
	}, {
		.name = "hash-seed",
		SERVICE_NUMBER("expected 0 to 4294967295, or 0x and hex digits", hash_seed,
			       0, 4294967295U),
		.hex = true,
	}, {
		.name = "persist",
		.file = NF_VIP_OPTION_WRITE,
		SERVICE_NUMBER("expected 0 to 604800 seconds", persist, 0, NF_VIP_PERSIST_MAX),
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
		SERVICE_WORDS("expected off, on or auto", snat, snat_words, NF_VIP_SNAT_AUTO),
	}, {
		.name = "window",
		SERVICE_WORDS("expected liberal or strict", window, window_words,
			      NF_VIP_WINDOW_STRICT),
	}, {
		.name = "repick",
		SERVICE_NUMBER("expected 0 to 86400 seconds", repick, 0, NF_VIP_REPICK_MAX),
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
		/* 0 is what an unmarked connection has. */
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

bool nf_vip_option_is_switch(const struct nf_vip_option *option)
{
	return option->kind == NF_VIP_OPTION_WORD && option->max == 1 &&
	       !strcmp(option->words[0], "off") && !strcmp(option->words[1], "on");
}

static bool is_text(const struct nf_vip_option *option)
{
	return option->kind == NF_VIP_OPTION_NAME || option->kind == NF_VIP_OPTION_DEV;
}

/* Has it one value of 32 bits? */
static bool is_value(const struct nf_vip_option *option)
{
	return !is_text(option) && option->kind != NF_VIP_OPTION_NUMBERS;
}

void nf_vip_options_default(const struct nf_vip_options *options, void *spec)
{
	size_t i;

	for (i = 0; i < options->nr; i++)
		if (is_value(&options->list[i]))
			nf_vip_option_put(&options->list[i], spec, options->list[i].fallback);
}

static int parse_word(const struct nf_vip_option *option, struct nf_vip_word w, __u32 *value)
{
	__u32 i;

	for (i = 0; i <= option->max; i++) {
		if (nf_vip_word_is(w, option->words[i])) {
			*value = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_within(struct nf_vip_word w, bool hex, struct nf_vip_range range, __u32 *value)
{
	__u32 number;
	int err;

	err = nf_vip_parse_number(w, hex, &number);
	if (err)
		return err;
	if (number < range.min || number > range.max)
		return -ERANGE;
	*value = number;
	return 0;
}

static int parse_value(const struct nf_vip_option *option, struct nf_vip_word w, __u32 *value)
{
	struct nf_vip_range range = { option->min, option->max };

	if (!is_value(option))
		return -EINVAL;
	if (option->kind == NF_VIP_OPTION_WORD)
		return parse_word(option, w, value);
	return parse_within(w, option->hex, range, value);
}

int nf_vip_parse_option(const struct nf_vip_option *option, __u32 nth, struct nf_vip_word w,
			void *spec)
{
	char *text = (char *)spec + option->at;
	__u32 value;
	int err;

	if (option->kind == NF_VIP_OPTION_DEV)
		return nf_vip_parse_dev(w, text);
	if (option->kind == NF_VIP_OPTION_NAME)
		return nf_vip_parse_file_name(w, option->max, text);
	if (option->kind == NF_VIP_OPTION_NUMBERS)
		return parse_within(w, false, option->ranges[nth], (__u32 *)text + nth);
	err = parse_value(option, w, &value);
	if (!err)
		nf_vip_option_put(option, spec, value);
	return err;
}

int nf_vip_option_parse(const struct nf_vip_option *option, const char *word, __u32 *value)
{
	return parse_value(option, (struct nf_vip_word){ word, strlen(word) }, value);
}

int nf_vip_option_parse_list(const struct nf_vip_option *option, const char *text,
			     __u32 *values)
{
	struct nf_vip_word rest = { text, strlen(text) };
	bool more;
	__u32 i;
	int err;

	memset(values, 0, option->nr * sizeof(*values));
	if (!strcmp(text, "0") || !strcmp(text, "0 0 0"))
		return 0;
	for (i = 0; i < option->nr; i++) {
		size_t len = nf_vip_word_find(rest, ' ');

		err = parse_within((struct nf_vip_word){ rest.at, len }, false,
				   option->ranges[i], &values[i]);
		if (err)
			return err;
		more = len < rest.len;
		if (more != (i + 1 < option->nr))
			return -EINVAL;
		rest.at += len + 1;
		rest.len -= len + 1;
	}
	return 0;
}

static bool is_name(const char *option, const char *name)
{
	while (*option && (*option == *name || (*option == '-' && *name == '_'))) {
		option++;
		name++;
	}
	return !*option && !*name;
}

const struct nf_vip_option *nf_vip_option_find(enum nf_vip_verb verb, const char *name)
{
	const struct nf_vip_options *options = nf_vip_options_of(verb);
	size_t i;

	for (i = 0; i < options->nr; i++)
		if (is_name(options->list[i].name, name))
			return &options->list[i];
	return NULL;
}

const struct nf_vip_option *nf_vip_option_next(enum nf_vip_verb verb,
					       const struct nf_vip_option *option)
{
	const struct nf_vip_options *options = nf_vip_options_of(verb);
	const struct nf_vip_option *next = option ? option + 1 : options->list;

	return next < options->list + options->nr ? next : NULL;
}

const char *nf_vip_option_name(const struct nf_vip_option *option)
{
	return option->name;
}

/* By bytes: the member may be an enum, which no pointer to __u32 may read. */
static __u32 get(const void *spec, size_t at)
{
	__u32 value;

	memcpy(&value, (const char *)spec + at, sizeof(value));
	return value;
}

__u32 nf_vip_option_get(const struct nf_vip_option *option, const void *spec)
{
	return get(spec, option->at);
}

void nf_vip_option_put(const struct nf_vip_option *option, void *spec, __u32 value)
{
	memcpy((char *)spec + option->at, &value, sizeof(value));
}

bool nf_vip_option_differs(const struct nf_vip_option *option, const void *spec)
{
	if (is_text(option))
		return *((const char *)spec + option->at);
	if (option->beside && get(spec, option->beside))
		return true;
	/* The first of several numbers is 0 if all of them are. */
	return option->always || nf_vip_option_get(option, spec) != option->fallback;
}

static const char *word_of(const char * const *words, size_t nr, __u32 value)
{
	return value < nr ? words[value] : "?";
}

static void print_numbers(const struct nf_vip_option *option, const void *spec,
			  char buf[NF_VIP_OPTION_SIZE])
{
	const __u32 *values = (const __u32 *)((const char *)spec + option->at);
	size_t at = 0;
	__u32 i;

	for (i = 0; i < option->nr; i++)
		at += (size_t)snprintf(buf + at, NF_VIP_OPTION_SIZE - at, i ? " %u" : "%u",
				       values[i]);
}

const char *nf_vip_option_print(const struct nf_vip_option *option, const void *spec,
				char buf[NF_VIP_OPTION_SIZE])
{
	if (is_text(option))
		snprintf(buf, NF_VIP_OPTION_SIZE, "%s", (const char *)spec + option->at);
	else if (option->kind == NF_VIP_OPTION_WORD)
		snprintf(buf, NF_VIP_OPTION_SIZE, "%s",
			 word_of(option->words, option->max + 1U, nf_vip_option_get(option, spec)));
	else if (option->kind == NF_VIP_OPTION_NUMBERS)
		print_numbers(option, spec, buf);
	else
		snprintf(buf, NF_VIP_OPTION_SIZE, option->hex ? "%#x" : "%u",
			 nf_vip_option_get(option, spec));
	return buf;
}

const char *nf_vip_scheduler_name(enum nf_vip_scheduler scheduler)
{
	return word_of(scheduler_words, ARRAY_SIZE(scheduler_words), scheduler);
}

const char *nf_vip_on_empty_name(enum nf_vip_on_empty on_empty)
{
	return word_of(on_empty_words, ARRAY_SIZE(on_empty_words), on_empty);
}

const char *nf_vip_state_name(enum nf_vip_state state)
{
	return word_of(state_words, ARRAY_SIZE(state_words), state);
}
