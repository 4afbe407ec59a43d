// SPDX-License-Identifier: GPL-2.0
/*
 * Few names, addresses and ports, so that statements meet each other. Options and what they take
 * are asked of the parser itself: a new option is said as soon as it exists.
 */
#include <stdio.h>
#include <string.h>
#include "nf_vip_option.h"
#include "say.h"

/* xorshift64*, of Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2014) */
unsigned int dice_roll(struct dice *dice, unsigned int sides)
{
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return (dice->state * 2685821657736338717ULL >> 33) % sides;
}

static const char *one_of(struct dice *dice, const char * const *words, unsigned int nr)
{
	return words[dice_roll(dice, nr)];
}

#define ONE_OF(dice, ...) \
	one_of(dice, (const char * const []){ __VA_ARGS__ }, \
	       sizeof((const char * const []){ __VA_ARGS__ }) / sizeof(char *))

static const char *value_of(struct dice *dice)
{
	return ONE_OF(dice, "0", "1", "2", "3", "16", "24", "60", "100", "600", "1000", "3600",
		      "65535", "65536", "604800", "1048576", "4294967295", "0x7", "0xffff", "on",
		      "off", "auto", "up", "down", "drain", "unknown", "nth", "random", "hash",
		      "least", "keep", "reset", "move", "drop", "reject", "accept", "open",
		      "tier", "liberal", "strict", "addr", "addr-port", "lo", "wan", "-", "one",
		      "two", "", "x", "1 10", "3 10 1", "0 0 0");
}

/* A value that the option takes, if a few turns find one; now and then any. */
static void say_option(struct dice *dice, enum nf_vip_verb verb, char *text, size_t size)
{
	const struct nf_vip_option *option = NULL;
	unsigned int nth, tries;
	const char *value;
	__u32 number;

	for (nth = dice_roll(dice, 24); nth; nth--)
		option = nf_vip_option_next(verb, option);
	if (!option)
		option = nf_vip_option_next(verb, NULL);
	for (tries = 0; tries < 200; tries++) {
		value = value_of(dice);
		if (!nf_vip_option_parse(option, value, &number) || !dice_roll(dice, 300))
			break;
	}
	snprintf(text, size, " %s %s", nf_vip_option_name(option), value);
}

static void say_options(struct dice *dice, enum nf_vip_verb verb, char *text, size_t size)
{
	unsigned int nr = dice_roll(dice, 4);

	text[0] = '\0';
	while (nr--) {
		size_t len = strlen(text);

		say_option(dice, verb, text + len, size - len);
	}
}

void say_vip(struct dice *dice, char address[16], unsigned int *port)
{
	snprintf(address, 16, "10.0.0.%u", 1 + dice_roll(dice, 2));
	*port = dice_roll(dice, 2) ? 25 : 80 + dice_roll(dice, 30);
}

/* Most have a port of their own, so that many can be there at a time; s6 and s7 are IPv6. */
static void say_service_of(struct dice *dice, unsigned int nr, char *text, size_t size)
{
	const char *proto = ONE_OF(dice, "tcp", "tcp", "udp", "udp", "sctp");
	char options[160];

	say_options(dice, NF_VIP_SERVICE, options, sizeof(options));
	if (!dice_roll(dice, 10))
		snprintf(text, size, "service s%u fwmark %u%s", nr, 1 + dice_roll(dice, 3),
			 options);
	else if (nr > 5)
		snprintf(text, size, "service s%u %s [2001:db8::1]:%u%s", nr, proto, 20 + nr,
			 options);
	else if (dice_roll(dice, 2))
		snprintf(text, size, "service s%u %s 10.0.0.1:%u%s", nr, proto, 25 + nr, options);
	else
		snprintf(text, size, "service s%u %s %s%s%s", nr, proto,
			 ONE_OF(dice, "10.0.0.1:25", "10.0.0.2:25", "10.0.0.1:80-110", "10.0.0.1:*",
				"10.0.0.1:25 10.0.0.2:80-110", "[2001:db8::1]:25", "10.0.0.1",
				"10.0.0.2:1-65534"),
			 dice_roll(dice, 4) ? "" : ONE_OF(dice, " dev lo", " dev wan"), options);
}

static void say_backend_of(struct dice *dice, unsigned int nr, char *text, size_t size)
{
	char options[160];

	say_options(dice, NF_VIP_BACKEND, options, sizeof(options));
	snprintf(text, size, "backend s%u/b%u %s%s", nr, dice_roll(dice, 6),
		 !dice_roll(dice, 30) ? ONE_OF(dice, "127.0.0.1", "10.9.9.9:70000") :
		 nr > 5 ? ONE_OF(dice, "fd00::1", "[fd00::2]:25") :
		 ONE_OF(dice, "10.0.1.1", "10.0.1.2", "10.0.1.3:25", "10.0.1.1:26"), options);
}

/* A service with some backends. */
static void say_service(struct dice *dice, char *text, size_t size)
{
	unsigned int nr = dice_roll(dice, 8), backends = dice_roll(dice, 3);
	size_t len;

	say_service_of(dice, nr, text, size);
	while (backends--) {
		len = strlen(text);
		if (size - len < 300)
			return;
		text[len++] = ';';
		say_backend_of(dice, nr, text + len, size - len);
	}
}

static void say_backend(struct dice *dice, char *text, size_t size)
{
	say_backend_of(dice, dice_roll(dice, 8), text, size);
}

static void say_change(struct dice *dice, char *text, size_t size)
{
	char options[160];

	say_options(dice, NF_VIP_BACKEND, options, sizeof(options));
	switch (dice_roll(dice, 9)) {
	case 0:
		snprintf(text, size, "delete service s%u", dice_roll(dice, 8));
		break;
	case 1:
	case 2:
		snprintf(text, size, "delete backend s%u/b%u%s", dice_roll(dice, 8),
			 dice_roll(dice, 6), dice_roll(dice, 2) ? "" : " force");
		break;
	case 3:
		snprintf(text, size, "set backend s%u/b%u%s", dice_roll(dice, 8),
			 dice_roll(dice, 6), options);
		break;
	case 4:
		say_options(dice, NF_VIP_SERVICE, options, sizeof(options));
		snprintf(text, size, "set service s%u%s", dice_roll(dice, 8), options);
		break;
	default:
		snprintf(text, size, "%s",
			 ONE_OF(dice, "replace", "confirm 1", "confirm", "confirm", "revert",
				"fastpath lo wan", "delete fastpath", "flush"));
	}
}

static void say_statement(struct dice *dice, char *text, size_t size)
{
	switch (dice_roll(dice, 8)) {
	case 0:
	case 1:
	case 2:
	case 3:
		say_service(dice, text, size);
		break;
	case 4:
		say_change(dice, text, size);
		break;
	default:
		say_backend(dice, text, size);
	}
}

/* Bytes that nobody would write. */
static void spoil(struct dice *dice, char *text, size_t len)
{
	unsigned int nr = 1 + dice_roll(dice, 4);

	while (len && nr--)
		text[dice_roll(dice, len)] = dice_roll(dice, 256);
}

size_t say_text(struct dice *dice, char *text, size_t size)
{
	unsigned int nr = 1 + dice_roll(dice, dice_roll(dice, 8) ? 2 : 60);
	size_t len = 0;

	text[0] = '\0';
	if (!dice_roll(dice, 8))
		len = snprintf(text, size, "replace\n");
	while (nr-- && size - len > 512) {
		say_statement(dice, text + len, size - len - 2);
		len += strlen(text + len);
		text[len++] = dice_roll(dice, 8) ? '\n' : ';';
		text[len] = '\0';
	}
	if (!dice_roll(dice, 50))
		spoil(dice, text, len);
	return len;
}

/* What an option of either kind takes; what is none takes a number, mostly 0 or 1. */
static bool fits(const char *name, const char *value)
{
	const struct nf_vip_option *option = nf_vip_option_find(NF_VIP_SERVICE, name);
	__u32 number;

	if (!option)
		option = nf_vip_option_find(NF_VIP_BACKEND, name);
	if (!option)
		return !strcmp(value, "0") || !strcmp(value, "1");
	return !nf_vip_option_parse(option, value, &number);
}

size_t say_value(struct dice *dice, const char *name, char *text, size_t size)
{
	unsigned int tries = dice_roll(dice, 10) ? 200 : 1;
	const char *value;
	size_t len;

	do
		value = value_of(dice);
	while (--tries && !fits(name, value));
	len = snprintf(text, size, "%s", value);
	if (!dice_roll(dice, 50))
		spoil(dice, text, len);
	return len;
}

size_t say_question(struct dice *dice, char *text, size_t size)
{
	unsigned int port;
	char address[16];
	size_t len;

	say_vip(dice, address, &port);
	len = snprintf(text, size, "%s %s:%u -> %s:%u%s",
		       ONE_OF(dice, "tcp", "udp", "sctp", "icmp"),
		       ONE_OF(dice, "10.0.0.9", "10.0.1.1", "10.0.0.1", "[fd00::9]"),
		       1 + dice_roll(dice, 65535), address, port,
		       ONE_OF(dice, "", "", " dev lo", " mark 1", " fwmark 2", " dev none"));
	if (!dice_roll(dice, 50))
		spoil(dice, text, len);
	return len;
}
