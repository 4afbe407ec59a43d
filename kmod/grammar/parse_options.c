// SPDX-License-Identifier: GPL-2.0
/*
 * The value of any option: read, checked and printed as the option's row in
 * options.c says. Pure, see parse_addr.c.
 */
#include "grammar/parse.h"

bool nf_vip_option_is_switch(const struct nf_vip_option *option)
{
	return option->kind == NF_VIP_OPTION_WORD && option->max == 1 &&
	       !strcmp(option->words[0], "off") && !strcmp(option->words[1], "on");
}

static bool is_text(const struct nf_vip_option *option)
{
	return option->kind == NF_VIP_OPTION_NAME || option->kind == NF_VIP_OPTION_DEV;
}

/* Is the value of an option one number of 32 bits? */
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

/* An option with a unit names the unit at the end of its @expected. */
const char *nf_vip_option_unit(const struct nf_vip_option *option)
{
	static const char * const units[] = { "seconds", "percent" };
	size_t i, len, all = strlen(option->expected);

	for (i = 0; option->kind == NF_VIP_OPTION_NUMBER && i < ARRAY_SIZE(units); i++) {
		len = strlen(units[i]);
		if (all > len && !strcmp(option->expected + all - len, units[i]))
			return units[i];
	}
	return "";
}

const char *nf_vip_option_expected(const struct nf_vip_option *option)
{
	static const char prefix[] = "expected ";

	return option->expected + strlen(prefix);
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
			 nf_vip_word_of(option->words, option->max + 1U,
					nf_vip_option_get(option, spec)));
	else if (option->kind == NF_VIP_OPTION_NUMBERS)
		print_numbers(option, spec, buf);
	else
		snprintf(buf, NF_VIP_OPTION_SIZE, option->hex ? "%#x" : "%u",
			 nf_vip_option_get(option, spec));
	return buf;
}
