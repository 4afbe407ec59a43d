/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the parser share with each other, and with nobody else:
 * words that are not NUL-terminated, and why a word was refused. Callers of the
 * parser want nf_vip_grammar.h.
 */
#ifndef NF_VIP_PARSE_H
#define NF_VIP_PARSE_H

#include "nf_vip_option.h"

/**
 * struct nf_vip_word - a piece of the text
 * @at: first byte
 * @len: length in bytes
 */
struct nf_vip_word {
	const char *at;
	size_t len;
};

/**
 * struct nf_vip_refusal - the parts of an error sentence
 * @what: what the word stands for (`port`), or ""
 * @word: the word to quote
 * @why: what was expected, or what is wrong
 *
 * Printed as `@what "@word": @why`, behind `line N:` in a configuration. All
 * strings outlive the refusal.
 */
struct nf_vip_refusal {
	const char *what;
	struct nf_vip_word word;
	const char *why;
};

/**
 * nf_vip_refusal_print() - make the sentence of a refusal
 * @no: refusal
 * @out: filled in; of a long word only the beginning is quoted
 * @size: room at @out
 */
void nf_vip_refusal_print(const struct nf_vip_refusal *no, char *out, size_t size);

/**
 * struct nf_vip_endpoint - an address of a backend, perhaps with a port
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @port: network byte order, 0 if there was none
 * @addr: network byte order, unused bytes zero
 */
struct nf_vip_endpoint {
	__u8 family;
	__be16 port;
	union nf_inet_addr addr;
};

/**
 * nf_vip_word_is() - compare a word with a string
 * @w: word
 * @s: NUL-terminated string
 *
 * Return: true if word and string are equal.
 */
static inline bool nf_vip_word_is(struct nf_vip_word w, const char *s)
{
	return strlen(s) == w.len && !memcmp(w.at, s, w.len);
}

/**
 * nf_vip_word_find() - look for a byte in a word
 * @w: word
 * @c: byte to find
 *
 * Return: index of the first @c, or the word's length if there is none.
 */
static inline size_t nf_vip_word_find(struct nf_vip_word w, char c)
{
	size_t i = 0;

	while (i < w.len && w.at[i] != c)
		i++;
	return i;
}

/**
 * nf_vip_text_word() - read the next word of this statement
 * @p: parser
 * @word: the word, on success; else untouched
 *
 * Return: 1, 0 at the end of the statement, or -EINVAL with a sentence for a
 * byte that is not text.
 */
int nf_vip_text_word(struct nf_vip_parser *p, struct nf_vip_word *word);

/**
 * nf_vip_text_end() - take off what ends a statement
 * @p: parser at the end of a statement
 *
 * Return: 1, 0 at the end of the text, or as nf_vip_text_word().
 */
int nf_vip_text_end(struct nf_vip_parser *p);

/**
 * nf_vip_parse_number() - read an unsigned number
 * @w: digits; no sign, no blank, no leading zero except before `x`
 * @hex: `0x` with hexadecimal digits is allowed, too
 * @out: the number; untouched after an error
 *
 * Return: 0, -EINVAL for what is not a number, or -ERANGE for a number that
 * does not fit into 32 bits.
 */
int nf_vip_parse_number(struct nf_vip_word w, bool hex, __u32 *out);

/**
 * nf_vip_number_why() - say why a number was refused
 * @w: the word that nf_vip_parse_number() or its caller refused
 * @expected: what was expected
 *
 * Return: @expected, unless what is wrong is a leading zero: 010 looks like
 * the number that was expected.
 */
const char *nf_vip_number_why(struct nf_vip_word w, const char *expected);

/**
 * nf_vip_parse_address() - read the address that `ADDR`, `ADDR:...` and
 *	`[ADDR6]:...` begin with
 * @w: word
 * @addr: network byte order, unused bytes zero, on success
 * @rest: what follows the address, from the colon on, on success
 * @no: filled in after an error; @no->word is a part of @w
 *
 * Refuses addresses that no connection can be made to: unspecified,
 * multicast, broadcast; and IPv4 dressed up as IPv6.
 *
 * Return: NFPROTO_IPV4, NFPROTO_IPV6, or -EINVAL.
 */
int nf_vip_parse_address(struct nf_vip_word w, union nf_inet_addr *addr,
			 struct nf_vip_word *rest, struct nf_vip_refusal *no);

/**
 * nf_vip_parse_ports() - read `PORT` or `PORT-PORT`
 * @w: word
 * @first: host byte order, on success
 * @last: the same as @first for a single port
 * @no: filled in after an error
 *
 * Return: 0, -EINVAL, or -ERANGE for a port outside 1 to 65535 and for a
 * reversed range.
 */
int nf_vip_parse_ports(struct nf_vip_word w, __u16 *first, __u16 *last,
		       struct nf_vip_refusal *no);

/**
 * nf_vip_parse_endpoint() - read `ADDR`, `ADDR:PORT`, `[ADDR6]:PORT`
 * @w: word
 * @ep: filled in on success
 * @no: filled in after an error; @no->word is a part of @w
 *
 * Return: 0, or as nf_vip_parse_address() and nf_vip_parse_ports(); -EINVAL
 * for a range.
 */
int nf_vip_parse_endpoint(struct nf_vip_word w, struct nf_vip_endpoint *ep,
			  struct nf_vip_refusal *no);

/**
 * nf_vip_parse_vip() - add `ADDR:PORTS` or `[ADDR6]:PORTS` to a service
 * @w: word; PORTS is `*`, or single ports and ranges with commas in between
 * @spec: service with the VIPs before this one
 * @no: filled in after an error; @no->word is a part of @w
 *
 * Return: 0, or as nf_vip_parse_address() and nf_vip_parse_ports(); -EINVAL
 * for ports that the service has already, -EAFNOSUPPORT for another family
 * than that of the VIPs before, -E2BIG for more than NF_VIP_MATCHES_MAX single
 * ports and ranges.
 */
int nf_vip_parse_vip(struct nf_vip_word w, struct nf_vip_service_spec *spec,
		     struct nf_vip_refusal *no);

/**
 * nf_vip_parse_name() - read the name of a service or of a backend
 * @w: word
 * @out: the name with its NUL, on success
 * @no: @no->word and @no->why are filled in after an error
 *
 * Return: 0, or as nf_vip_name_valid().
 */
int nf_vip_parse_name(struct nf_vip_word w, char out[NF_VIP_NAME_MAX + 1],
		      struct nf_vip_refusal *no);

/**
 * nf_vip_parse_file_name() - read the name of an interface or of a flag
 * @w: word of printable bytes
 * @max: longest name, without its NUL
 * @out: the name with its NUL, on success; @max + 1 bytes
 *
 * Return: 0, -ENAMETOOLONG, or -EINVAL for a slash, `.` and `..`.
 */
int nf_vip_parse_file_name(struct nf_vip_word w, size_t max, char *out);

/**
 * nf_vip_parse_dev() - read the name of an interface
 * @w: word of printable bytes
 * @out: the name with its NUL, on success
 *
 * Return: 0, or as nf_vip_parse_file_name(); -EINVAL for a colon, too.
 */
int nf_vip_parse_dev(struct nf_vip_word w, char out[NF_VIP_DEV_MAX + 1]);

/**
 * nf_vip_parse_fastpath() - add an interface to the fast path
 * @w: word of printable bytes
 * @spec: interfaces so far; the new interface comes last, on success
 * @no: filled in after an error
 *
 * Return: 0, or as nf_vip_parse_dev(); -EINVAL for an interface that is there
 * already and for a name that nftables cannot take, -E2BIG for one interface
 * too many.
 */
int nf_vip_parse_fastpath(struct nf_vip_word w, struct nf_vip_fastpath_spec *spec,
			  struct nf_vip_refusal *no);

enum nf_vip_option_kind {
	NF_VIP_OPTION_NUMBER,
	NF_VIP_OPTION_NUMBERS,
	NF_VIP_OPTION_WORD,
	NF_VIP_OPTION_NAME,
	NF_VIP_OPTION_DEV,
};

/* Is there a file in sysfs for an option, and may the file be written? */
enum nf_vip_option_file {
	NF_VIP_OPTION_NO_FILE,
	NF_VIP_OPTION_READ,
	NF_VIP_OPTION_WRITE,
};

/* The least and the largest value of a number. */
struct nf_vip_range {
	__u32 min;
	__u32 max;
};

/**
 * struct nf_vip_option - an option of a statement
 * @name: word of the option
 * @expected: what the value may be, for the sentence that refuses another
 * @kind: what the value is; a number and a word stand in the spec as a __u32
 *	(an enum has that size), several numbers as an array of them, a name as
 *	a string with its NUL
 * @hex: the number may be hexadecimal, and is printed so
 * @always: printed even if the value is the default
 * @beside: printed beside another option, too: offset of that option's number
 *	in the spec, and printed if that number is not 0; 0 for no such option
 * @at: where the value stands in the spec of the statement
 * @min: smallest number
 * @max: largest number or value of a word; longest name
 * @fallback: the default; of a name always ""
 * @words: the words of the values 0 to @max
 * @ranges: the range of each of several numbers, whose default is 0
 * @nr: how many numbers
 * @file: whether sysfs has a file for the option, with `_` for `-`, and lets it
 *	be written
 */
struct nf_vip_option {
	const char *name;
	const char *expected;
	enum nf_vip_option_kind kind;
	bool hex;
	bool always;
	size_t beside;
	size_t at;
	__u32 min;
	__u32 max;
	__u32 fallback;
	const char * const *words;
	const struct nf_vip_range *ranges;
	__u32 nr;
	enum nf_vip_option_file file;
};

/**
 * nf_vip_option_is_switch() - is an option "off" or "on", and nothing else?
 * @option: option
 */
bool nf_vip_option_is_switch(const struct nf_vip_option *option);

/**
 * nf_vip_word_of() - the word of a value
 * @words: the words of the values 0 to @nr - 1
 * @nr: how many words
 * @value: value
 *
 * Return: the word, never NULL.
 */
static inline const char *nf_vip_word_of(const char * const *words, size_t nr, __u32 value)
{
	return value < nr ? words[value] : "?";
}

/**
 * struct nf_vip_options - the options of one kind of statement
 * @list: options; when printed they come in this order
 * @nr: how many, at most 32
 */
struct nf_vip_options {
	const struct nf_vip_option *list;
	size_t nr;
};

/**
 * nf_vip_options_of() - the options that a statement may have
 * @verb: NF_VIP_SERVICE, NF_VIP_BACKEND, or those verbs of set
 */
const struct nf_vip_options *nf_vip_options_of(enum nf_vip_verb verb);

/**
 * nf_vip_options_default() - give every option its default
 * @options: options
 * @spec: spec of the statement that the options belong to
 */
void nf_vip_options_default(const struct nf_vip_options *options, void *spec);

/**
 * nf_vip_option_nr() - how many words is the value of an option?
 * @option: option
 */
static inline __u32 nf_vip_option_nr(const struct nf_vip_option *option)
{
	return option->kind == NF_VIP_OPTION_NUMBERS ? option->nr : 1;
}

/**
 * nf_vip_parse_option() - read a word of the value of an option
 * @option: option
 * @nth: which word, less than nf_vip_option_nr()
 * @w: the word
 * @spec: spec of the statement; untouched after an error
 *
 * Return: 0, -EINVAL, -ERANGE or -ENAMETOOLONG.
 */
int nf_vip_parse_option(const struct nf_vip_option *option, __u32 nth, struct nf_vip_word w,
			void *spec);

/* Reads a word of a statement as protocol; returns the protocol's number or -EINVAL. */
int nf_vip_parse_proto(struct nf_vip_word w);

#endif /* NF_VIP_PARSE_H */
