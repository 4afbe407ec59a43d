/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options of services and backends: every option is read, printed and compared
 * as the table of the grammar says.
 */
#ifndef NF_VIP_OPTION_H
#define NF_VIP_OPTION_H

#include "nf_vip_grammar.h"

struct nf_vip_option;

/**
 * nf_vip_option_find() - an option by its name
 * @verb: NF_VIP_SERVICE or NF_VIP_BACKEND
 * @name: NUL-terminated name, with `-` or, as files of sysfs have it, `_`
 *
 * Return: the option or NULL.
 */
const struct nf_vip_option *nf_vip_option_find(enum nf_vip_verb verb, const char *name);

/**
 * nf_vip_option_next() - get the next option
 * @verb: NF_VIP_SERVICE or NF_VIP_BACKEND
 * @option: the option before, or NULL for the first
 *
 * Return: the option, or NULL after the last one.
 */
const struct nf_vip_option *nf_vip_option_next(enum nf_vip_verb verb,
					       const struct nf_vip_option *option);

/**
 * nf_vip_option_name() - the word of an option
 * @option: option
 */
const char *nf_vip_option_name(const struct nf_vip_option *option);

/**
 * nf_vip_option_unit() - what an option is counted in
 * @option: option
 *
 * Return: "seconds", "percent" or, of any other option, "".
 */
const char *nf_vip_option_unit(const struct nf_vip_option *option);

/**
 * nf_vip_option_expected() - which values has an option?
 * @option: option
 *
 * Return: words for people, as in "expected 0 to 100 percent", without "expected".
 */
const char *nf_vip_option_expected(const struct nf_vip_option *option);

/**
 * nf_vip_option_parse() - read the value of an option that is a number or a word
 * @option: option
 * @word: NUL-terminated value
 * @value: the number, or the value of the word's enum, on success
 *
 * Return: 0, -EINVAL, or -ERANGE for a number outside its range.
 */
int nf_vip_option_parse(const struct nf_vip_option *option, const char *word, __u32 *value);

/**
 * nf_vip_option_parse_list() - read the values of an option that is several numbers
 * @option: option
 * @text: NUL-terminated numbers with one blank between, or "0" for all of them
 * @values: as many numbers as the option has; undefined after an error
 *
 * All of them may be 0, which is the option's default.
 *
 * Return: as nf_vip_option_parse().
 */
int nf_vip_option_parse_list(const struct nf_vip_option *option, const char *text,
			     __u32 *values);

/**
 * nf_vip_option_get() - the value of an option that is a number or a word
 * @option: option
 * @spec: struct nf_vip_service_spec or nf_vip_backend_spec, as its statement is
 */
__u32 nf_vip_option_get(const struct nf_vip_option *option, const void *spec);

/**
 * nf_vip_option_put() - set an option that is a number or a word
 * @option: option
 * @spec: as nf_vip_option_get()
 * @value: value that nf_vip_option_parse() gave
 */
void nf_vip_option_put(const struct nf_vip_option *option, void *spec, __u32 value);

/**
 * nf_vip_option_differs() - is an option to be written down?
 * @option: option
 * @spec: as nf_vip_option_get()
 *
 * Return: true if the value is another one than a statement without the option
 * gives, and for the few options that are always written: state, too, beside a
 * drain.
 */
bool nf_vip_option_differs(const struct nf_vip_option *option, const void *spec);

/* Room for every value of an option with its NUL. */
#define NF_VIP_OPTION_SIZE	(NF_VIP_CONDITION_MAX + 1)

/**
 * nf_vip_option_print() - the value of an option, as a statement has it
 * @option: option
 * @spec: as nf_vip_option_get()
 * @buf: filled in
 *
 * Return: @buf.
 */
const char *nf_vip_option_print(const struct nf_vip_option *option, const void *spec,
				char buf[NF_VIP_OPTION_SIZE]);

#endif /* NF_VIP_OPTION_H */
