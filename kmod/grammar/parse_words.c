// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the configuration language. Pure, see parse_addr.c.
 */
#include "grammar/parse.h"

/* How much of a refused word is quoted. */
#define QUOTE_MAX	40

void nf_vip_refusal_print(const struct nf_vip_refusal *no, char *out, size_t size)
{
	const char *space = no->what[0] ? " " : "";
	const char *dots = "";
	int len = (int)no->word.len;

	if (no->word.len > QUOTE_MAX) {
		len = QUOTE_MAX - 3;
		dots = "...";
	}
	snprintf(out, size, "%s%s\"%.*s%s\": %s", no->what, space, len, no->word.at, dots,
		 no->why);
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
	if (nf_vip_word_is(w, "sctp"))
		return IPPROTO_SCTP;
	if (nf_vip_word_is(w, "fwmark"))
		return NF_VIP_PROTO_FWMARK;
	return -EINVAL;
}

const char *nf_vip_proto_name(__u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	case NF_VIP_PROTO_FWMARK:
		return "fwmark";
	}
	return "?";
}

bool nf_vip_backend_name_reserved(const char *name)
{
	return !strcmp(name, NF_VIP_SERVICE_FOLDER);
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
	    nf_vip_word_is(w, "..") || nf_vip_word_is(w, "-"))
		return -EINVAL;
	memcpy(out, w.at, w.len);
	out[w.len] = '\0';
	return 0;
}
