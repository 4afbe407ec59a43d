// SPDX-License-Identifier: GPL-2.0
/*
 * nf_vip_parse_pton() against inet_pton() of the C library: the two accept the
 * same texts and read the same addresses.
 */
#include <stdlib.h>
#include "nf_vip_grammar.h"
#include "tap.h"

#define TEXT_MAX	64

static unsigned int compared, accepted;

/* The naive model: returns the family, or -EINVAL. */
static int model(const char *text, union nf_inet_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, text, addr) == 1)
		return NFPROTO_IPV4;
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET6, text, addr) == 1)
		return NFPROTO_IPV6;
	return -EINVAL;
}

/*
 * The parser sees a copy without a NUL, in a piece of memory of just the right
 * size, so that the sanitizer notices a read behind it.
 */
static bool same(const char *text)
{
	union nf_inet_addr want, got;
	size_t len = strlen(text);
	char *exact = malloc(len + !len);
	int want_ret, got_ret;
	bool pass;

	if (!exact)
		exit(1);
	memcpy(exact, text, len);
	memset(&got, 0, sizeof(got));
	want_ret = model(text, &want);
	got_ret = nf_vip_parse_pton(exact, len, &got);
	free(exact);
	compared++;
	accepted += want_ret > 0;
	pass = want_ret == got_ret &&
	       (want_ret < 0 || !memcmp(&want, &got, sizeof(want)));
	if (!pass)
		tap_note("\"%s\": wanted %d, got %d", text, want_ret, got_ret);
	return pass;
}

/* Every text of up to @max bytes over a small alphabet. */
static bool all_texts(const char *alphabet, size_t max)
{
	size_t base = strlen(alphabet), len, i;
	char text[TEXT_MAX];
	bool pass = true;

	for (len = 0; len <= max; len++) {
		size_t count = 1, n;

		for (i = 0; i < len; i++)
			count *= base;
		for (n = 0; n < count && pass; n++) {
			size_t rest = n;

			for (i = 0; i < len; i++, rest /= base)
				text[i] = alphabet[rest % base];
			text[len] = '\0';
			pass = same(text);
		}
	}
	return pass;
}

/* Prints a random address, with many zeros so that `::` occurs. */
static void print_address(__u64 *seed, char *text)
{
	unsigned char addr[16];
	size_t i;

	for (i = 0; i < sizeof(addr); i++)
		addr[i] = tap_random(seed) & 1 ? (unsigned char)tap_random(seed)
					       : 0;
	if (tap_random(seed) % 8 == 0)
		memset(addr, 0, 12);	/* printed with a dotted quad */
	inet_ntop(tap_random(seed) % 4 ? AF_INET6 : AF_INET, addr, text,
		  TEXT_MAX);
}

/* Deletes, changes or inserts one byte. */
static void mutate(__u64 *seed, char *text)
{
	static const char bytes[] = "0123456789abcdefABCDEF::::....gx% -/";
	size_t len = strlen(text);
	size_t at = tap_random(seed) % (len + 1);
	char c = bytes[tap_random(seed) % (sizeof(bytes) - 1)];

	switch (tap_random(seed) % 3) {
	case 0:
		if (at < len)
			memmove(text + at, text + at + 1, len - at);
		break;
	case 1:
		if (at < len)
			text[at] = c;
		break;
	default:
		if (len + 2 > TEXT_MAX)
			break;
		memmove(text + at + 1, text + at, len - at + 1);
		text[at] = c;
	}
}

static bool mutants(__u64 seed, unsigned int count)
{
	char text[TEXT_MAX];
	bool pass = true;

	while (count-- && pass) {
		unsigned int changes = tap_random(&seed) % 4;

		print_address(&seed, text);
		while (changes--)
			mutate(&seed, text);
		pass = same(text);
	}
	return pass;
}

/* Groups and colons strung together at random. */
static bool soup(__u64 seed, unsigned int count)
{
	static const char * const pieces[] = {
		":", ":", ":", "::", "0", "1", "ffff", "00000", "12ab", "dB8",
		"255", "1.2.3.4", "256.1.1.1", "01.2.3.4", ".",
	};
	bool pass = true;

	while (count-- && pass) {
		unsigned int n = tap_random(&seed) % 16;
		char text[16 * 10] = "";

		while (n--)
			strcat(text, pieces[tap_random(&seed) %
					    ARRAY_SIZE(pieces)]);
		pass = same(text);
	}
	return pass;
}

static void report(bool pass, const char *name, unsigned int least)
{
	tap_ok(pass && accepted >= least, name);
	tap_note("%u texts, %u of them addresses", compared, accepted);
	compared = 0;
	accepted = 0;
}

int main(void)
{
	report(all_texts("1f:.", 8), "every short text of 1 f : .", 10);
	report(all_texts("10:", 10), "every short text of 1 0 :", 1000);
	report(all_texts("02.5", 9), "every short text of 0 2 . 5", 1000);
	report(mutants(1, 300000), "addresses with up to three changes", 60000);
	report(soup(2, 300000), "groups and colons at random", 500);
	return tap_done();
}
