// SPDX-License-Identifier: GPL-2.0
/*
 * usage: schema <vipctl.schema.in >vipctl.schema.json
 *
 * Puts the counters and options that the module's tables have where the template says
 * `"@properties of": "service"` or backend, and their names where it says `"@names of service"`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "grammar/counter.h"
#include "grammar/parse.h"

/* What each sentence that refuses a value begins with. */
#define EXPECTED	"expected "

/* Called for each counter and each option, of which the other is NULL. */
typedef void print_t(const char *indent, const struct nf_vip_counter *counter,
		     const struct nf_vip_option *option);

static void print_key(const char *indent, const char *name)
{
	printf("%s\"", indent);
	for (; *name; name++)
		putchar(*name == '-' ? '_' : *name);
	putchar('"');
}

static void print_words(const struct nf_vip_option *option)
{
	__u32 i;

	if (nf_vip_option_is_switch(option)) {
		fputs("\"type\": \"boolean\"", stdout);
		return;
	}
	fputs("\"type\": \"string\", \"enum\": [", stdout);
	for (i = 0; i <= option->max; i++)
		printf("%s\"%s\"", i ? ", " : "", option->words[i]);
	putchar(']');
}

static void print_number(const struct nf_vip_option *option)
{
	const char *unit = nf_vip_option_unit(option);

	fputs("\"type\": \"integer\"", stdout);
	if (*unit)
		printf(", \"description\": \"%s\"", unit);
}

static void print_type(const struct nf_vip_option *option)
{
	switch (option->kind) {
	case NF_VIP_OPTION_NUMBER:
		print_number(option);
		break;
	case NF_VIP_OPTION_WORD:
		print_words(option);
		break;
	case NF_VIP_OPTION_NUMBERS:
		fputs("\"type\": \"array\", \"items\": {\"type\": \"integer\"}, ", stdout);
		printf("\"description\": \"%s; empty is off\"",
		       option->expected + strlen(EXPECTED));
		break;
	case NF_VIP_OPTION_NAME:
	case NF_VIP_OPTION_DEV:
		printf("\"type\": [\"string\", \"null\"], \"description\": \"%s\"",
		       option->expected + strlen(EXPECTED));
		break;
	}
}

static void print_property(const char *indent, const struct nf_vip_counter *counter,
			   const struct nf_vip_option *option)
{
	print_key(indent, counter ? counter->name : option->name);
	fputs(": {", stdout);
	if (counter)
		printf("\"type\": \"integer\", \"description\": \"%s\"", counter->help);
	else
		print_type(option);
	puts("},");
}

static void print_name(const char *indent, const struct nf_vip_counter *counter,
		       const struct nf_vip_option *option)
{
	print_key(indent, counter ? counter->name : option->name);
	puts(",");
}

static void for_each(const char *indent, const char *kind, print_t *print)
{
	bool service = !strncmp(kind, "service", 7) || !strncmp(kind, "stated service", 14);
	const struct nf_vip_option *option = NULL;
	const struct nf_vip_counter *counters;
	unsigned int i, nr;

	counters = nf_vip_counters_of(service, &nr);
	if (!strncmp(kind, "stated", 6))
		nr = 0;
	for (i = 0; i < nr; i++)
		if (counters[i].name)
			print(indent, &counters[i], NULL);
	while ((option = nf_vip_option_next(service ? NF_VIP_SERVICE : NF_VIP_BACKEND, option)))
		print(indent, NULL, option);
}

/* What a line of the template has behind some words, or NULL without them. */
static const char *behind(const char *line, const char *words)
{
	const char *at = strstr(line, words);

	return at ? at + strlen(words) : NULL;
}

int main(void)
{
	char line[512], indent[16];

	while (fgets(line, sizeof(line), stdin)) {
		const char *properties = behind(line, "\"@properties of\": \"");
		const char *names = behind(line, "\"@names of ");

		snprintf(indent, sizeof(indent), "%.*s", (int)strspn(line, "\t"), line);
		if (properties)
			for_each(indent, properties, print_property);
		else if (names)
			for_each(indent, names, print_name);
		else
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
