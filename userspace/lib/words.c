// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include "grammar/parse.h"
#include "lib/words.h"

/* Cuts one word off and puts a NUL at its end. Returns what follows the word, or NULL. */
static char *cut_word(char *at)
{
	char *to = at, quote = '\0';

	for (; *at && (quote || *at != ' '); at++) {
		if (quote == '"' && *at == '\\' && at[1])
			*to++ = *++at;
		else if (quote ? *at == quote : *at == '"' || *at == '\'')
			quote = quote ? '\0' : *at;
		else
			*to++ = *at;
	}
	if (quote)
		return NULL;
	if (*at)
		at++;
	*to = '\0';
	return at;
}

int words_split(char *line, char **words, int max)
{
	int nr = 0;

	for (;;) {
		line += strspn(line, " ");
		if (!*line)
			return nr;
		if (nr == max)
			return -EINVAL;
		words[nr++] = line;
		line = cut_word(line);
		if (!line)
			return -EINVAL;
	}
}

bool words_number(const char *text, __u32 max, __u32 *out)
{
	struct nf_vip_word w = { text, strlen(text) };
	__u32 value;

	if (nf_vip_parse_number(w, true, &value) || value > max)
		return false;
	*out = value;
	return true;
}

bool words_masked(const char *text, __u32 *number, __u32 *mask)
{
	size_t len = strcspn(text, "/");
	char first[16];

	if (len >= sizeof(first))
		return false;
	memcpy(first, text, len);
	first[len] = '\0';
	*mask = 0xffffffff;
	return words_number(first, 0xffffffff, number) &&
	       (!text[len] || words_number(text + len + 1, 0xffffffff, mask));
}

bool words_address(const char *text, size_t len, struct ip_address *out)
{
	int family;

	if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	family = nf_vip_parse_pton(text, len, &out->addr);
	if (family < 0)
		return false;
	out->family = (__u32)family;
	return true;
}

int words_proto(const char *name)
{
	static const struct {
		const char *name;
		int proto;
	} known[] = {
		{ "all", 0 }, { "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP },
		{ "sctp", IPPROTO_SCTP }, { "icmp", IPPROTO_ICMP },
		{ "icmpv6", IPPROTO_ICMPV6 }, { "ipv6-icmp", IPPROTO_ICMPV6 },
		{ "udplite", IPPROTO_UDPLITE }, { "dccp", IPPROTO_DCCP },
		{ "esp", IPPROTO_ESP }, { "ah", IPPROTO_AH }, { "gre", IPPROTO_GRE },
	};
	__u32 number;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(name, known[i].name))
			return known[i].proto;
	return words_number(name, 255, &number) ? (int)number : -1;
}
