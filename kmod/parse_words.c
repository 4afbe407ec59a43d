// SPDX-License-Identifier: GPL-2.0
/*
 * Names and fixed words of the configuration language, each list in one place
 * for reading and for printing. Pure, see parse_addr.c.
 */
#include "parse.h"

static const char * const scheduler_words[] = {
	[NF_VIP_SCHED_NTH]	= "nth",
	[NF_VIP_SCHED_RANDOM]	= "random",
};

static const char * const on_empty_words[] = {
	[NF_VIP_EMPTY_REJECT]	= "reject",
	[NF_VIP_EMPTY_ACCEPT]	= "accept",
	[NF_VIP_EMPTY_DROP]	= "drop",
};

static const char * const state_words[] = {
	[NF_VIP_STATE_UP]	= "up",
	[NF_VIP_STATE_DRAIN]	= "drain",
	[NF_VIP_STATE_DOWN]	= "down",
};

/* Attributes of a service in sysfs: their folder holds the backends, too. */
static const char * const reserved_words[] = {
	"vip", "proto", "dev", "scheduler", "on_empty",
	"chosen", "pinned", "empty", "clash",
};

static int find(const char * const *words, size_t count, struct nf_vip_word w)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (nf_vip_word_is(w, words[i]))
			return (int)i;
	return -EINVAL;
}

static const char *print(const char * const *words, size_t count, size_t value)
{
	return value < count ? words[value] : "?";
}

static struct nf_vip_word whole(const char *s)
{
	return (struct nf_vip_word){ s, strlen(s) };
}

int nf_vip_parse_proto(struct nf_vip_word w)
{
	if (nf_vip_word_is(w, "tcp"))
		return IPPROTO_TCP;
	if (nf_vip_word_is(w, "udp"))
		return IPPROTO_UDP;
	return -EINVAL;
}

int nf_vip_parse_scheduler(struct nf_vip_word w)
{
	return find(scheduler_words, ARRAY_SIZE(scheduler_words), w);
}

int nf_vip_parse_on_empty(struct nf_vip_word w)
{
	return find(on_empty_words, ARRAY_SIZE(on_empty_words), w);
}

int nf_vip_parse_state(struct nf_vip_word w)
{
	return find(state_words, ARRAY_SIZE(state_words), w);
}

const char *nf_vip_scheduler_name(enum nf_vip_scheduler scheduler)
{
	return print(scheduler_words, ARRAY_SIZE(scheduler_words), scheduler);
}

const char *nf_vip_on_empty_name(enum nf_vip_on_empty on_empty)
{
	return print(on_empty_words, ARRAY_SIZE(on_empty_words), on_empty);
}

const char *nf_vip_state_name(enum nf_vip_state state)
{
	return print(state_words, ARRAY_SIZE(state_words), state);
}

const char *nf_vip_proto_name(__u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	}
	return "?";
}

int nf_vip_scheduler_parse(const char *word, enum nf_vip_scheduler *out)
{
	int value = nf_vip_parse_scheduler(whole(word));

	if (value < 0)
		return value;
	*out = value;
	return 0;
}

int nf_vip_on_empty_parse(const char *word, enum nf_vip_on_empty *out)
{
	int value = nf_vip_parse_on_empty(whole(word));

	if (value < 0)
		return value;
	*out = value;
	return 0;
}

int nf_vip_state_parse(const char *word, enum nf_vip_state *out)
{
	int value = nf_vip_parse_state(whole(word));

	if (value < 0)
		return value;
	*out = value;
	return 0;
}

bool nf_vip_backend_name_reserved(const char *name)
{
	return find(reserved_words, ARRAY_SIZE(reserved_words),
		    whole(name)) >= 0;
}

static bool starts_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static_assert(NF_VIP_NAME_MAX == 31, "a sentence below says so");

int nf_vip_parse_name(struct nf_vip_word w, char out[NF_VIP_NAME_MAX + 1],
		      struct nf_vip_refusal *no)
{
	size_t i;

	no->word = w;
	for (i = 0; i < w.len; i++) {
		if (starts_name(w.at[i]))
			continue;
		no->why = "a name has letters, digits, \"_\", \"-\" and \".\"";
		if (w.at[i] != '-' && w.at[i] != '.')
			return -EINVAL;
		no->why = "a name begins with a letter, a digit or \"_\"";
		if (!i)
			return -EINVAL;
	}
	no->why = "expected a name";
	if (!w.len)
		return -EINVAL;
	no->why = "a name has at most 31 characters";
	if (w.len > NF_VIP_NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(out, w.at, w.len);
	out[w.len] = '\0';
	return 0;
}

int nf_vip_name_valid(const char *name)
{
	char out[NF_VIP_NAME_MAX + 1];
	struct nf_vip_refusal no;

	return nf_vip_parse_name(whole(name), out, &no);
}

int nf_vip_parse_file_name(struct nf_vip_word w, size_t max, char *out)
{
	if (w.len > max)
		return -ENAMETOOLONG;
	if (nf_vip_word_find(w, '/') < w.len || nf_vip_word_is(w, ".") ||
	    nf_vip_word_is(w, ".."))
		return -EINVAL;
	memcpy(out, w.at, w.len);
	out[w.len] = '\0';
	return 0;
}
