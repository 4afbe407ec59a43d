// SPDX-License-Identifier: GPL-2.0
/*
 * Large hostile texts: whatever comes in, the parser ends, stays inside the
 * text (the sanitizers watch), and what it says about it is a sentence.
 */
#include <stdlib.h>
#include "nf_vip_grammar.h"
#include "tap.h"

#define MIB	(1024 * 1024)

static const char *const words[] = {
	"service", "backend", "fastpath", "delete", "flush", "replace", "mail", "mail/m1",
	"tcp", "udp", "10.0.0.1:25", "192.168.0.1", "[2001:db8::1]:25",
	"2001:db8::2", "dev", "bond0.204", "scheduler", "nth", "random",
	"on-empty", "drop", "weight", "1000", "mark", "0xffff", "condition",
	"mail1up", "state", "down", "up", "-", "/", ":", "[", "]", "0", "# x",
};

/* "line N: ", printable, and it ends inside the buffer. */
static bool is_sentence(const struct nf_vip_parser *p)
{
	size_t len = strnlen(p->error, sizeof(p->error));
	char start[32];
	size_t i;

	snprintf(start, sizeof(start), "line %u: ", p->line);
	if (len == sizeof(p->error) || strncmp(p->error, start, strlen(start)))
		return false;
	for (i = 0; i < len; i++)
		if (p->error[i] < ' ' || p->error[i] > '~')
			return false;
	return true;
}

static bool is_named(const struct nf_vip_statement *st)
{
	switch (st->verb) {
	case NF_VIP_BACKEND:
	case NF_VIP_DELETE_BACKEND:
		return !nf_vip_name_valid(st->service) &&
		       !nf_vip_name_valid(st->backend);
	case NF_VIP_SERVICE:
	case NF_VIP_DELETE_SERVICE:
		return !nf_vip_name_valid(st->service);
	default:
		return true;
	}
}

/* Reads the text; after a refusal it goes on behind the next newline. */
static bool survive(const char *text, size_t len)
{
	unsigned int statements = 0, refusals = 0;
	const char *end = text + len;
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	int ret = -1;

	while (ret) {
		nf_vip_parse_start(&p, text, (size_t)(end - text));
		while ((ret = nf_vip_parse_next(&p, &st)) > 0) {
			statements++;
			if (!is_named(&st))
				return false;
		}
		if (!ret)
			break;
		refusals++;
		if (!is_sentence(&p) || (ret != -EINVAL && ret != -ERANGE &&
					 ret != -ENAMETOOLONG && ret != -E2BIG))
			return false;
		text = memchr(p.at, '\n', (size_t)(end - p.at));
		if (!text)
			break;
		text++;
	}
	tap_note("%u statements, %u refusals", statements, refusals);
	return true;
}

static void fill_bytes(char *text, __u64 seed)
{
	size_t i;

	for (i = 0; i < MIB; i++)
		text[i] = (char)tap_random(&seed);
}

static void fill_ascii(char *text, __u64 seed)
{
	size_t i;

	for (i = 0; i < MIB; i++)
		text[i] = tap_random(&seed) % 16 ?
			  (char)(' ' + tap_random(&seed) % 95) : '\n';
}

static void fill_words(char *text, __u64 seed)
{
	size_t used = 0;

	while (used < MIB) {
		const char *word = words[tap_random(&seed) % ARRAY_SIZE(words)];
		size_t len = strlen(word);

		if (len > MIB - used)
			len = MIB - used;
		memcpy(text + used, word, len);
		used += len;
		if (used < MIB)
			text[used++] = "    \t;\n\n"[tap_random(&seed) % 8];
	}
}

int main(void)
{
	char *text = malloc(MIB);

	if (!text)
		return 1;
	fill_bytes(text, 3);
	tap_ok(survive(text, MIB), "1 MiB of random bytes");
	fill_ascii(text, 4);
	tap_ok(survive(text, MIB), "1 MiB of random characters");
	fill_words(text, 5);
	tap_ok(survive(text, MIB), "1 MiB of random words");
	memset(text, 'a', MIB);
	tap_ok(survive(text, MIB), "a word of 1 MiB");
	memset(text, '#', MIB);
	tap_ok(survive(text, MIB), "a comment of 1 MiB");
	memset(text, '\n', MIB);
	tap_ok(survive(text, MIB), "a million lines");
	memset(text, ';', MIB);
	tap_ok(survive(text, MIB), "a million empty statements");
	memset(text, '\r', MIB);
	tap_ok(survive(text, MIB), "a million carriage returns");
	memset(text, 0, MIB);
	tap_ok(survive(text, MIB), "1 MiB of NULs");
	free(text);
	return tap_done();
}
