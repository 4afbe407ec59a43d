// SPDX-License-Identifier: GPL-2.0
/* The words that the inputs of an import consist of. */
#include <ctype.h>
#include "grammar/parse.h"
#include "import/import.h"

int import_next_line(struct import *im, const char **at, const char *end,
		     unsigned int *number, char line[IMPORT_LINE_MAX + 1])
{
	const char *newline;
	size_t len, i;

	if (*at == end)
		return 0;
	++*number;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	len = (size_t)((newline ? newline : end) - *at);
	if (len > IMPORT_LINE_MAX)
		return import_refuse(im, *number, "longer than %d bytes", IMPORT_LINE_MAX);
	for (i = 0; i < len; i++)
		line[i] = isblank((*at)[i]) || (*at)[i] == '\r' ? ' ' :
			  isprint((unsigned char)(*at)[i]) ? (*at)[i] : '?';
	while (len && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
	*at = newline ? newline + 1 : end;
	return 1;
}

/* One word; its end becomes a NUL. Return: what follows, or NULL. */
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

int import_split(char *line, char **words, int max)
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

bool import_number(const char *text, __u32 max, __u32 *out)
{
	struct nf_vip_word w = { text, strlen(text) };
	__u32 value;

	if (nf_vip_parse_number(w, true, &value) || value > max)
		return false;
	*out = value;
	return true;
}

bool import_masked(const char *text, __u32 *number, __u32 *mask)
{
	size_t len = strcspn(text, "/");
	char first[16];

	if (len >= sizeof(first))
		return false;
	memcpy(first, text, len);
	first[len] = '\0';
	*mask = 0xffffffff;
	return import_number(first, 0xffffffff, number) &&
	       (!text[len] || import_number(text + len + 1, 0xffffffff, mask));
}

bool import_parse_address(const char *text, size_t len, struct import_address *out)
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

int import_proto(const char *name)
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
	return import_number(name, 255, &number) ? (int)number : -1;
}
