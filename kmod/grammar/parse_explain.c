// SPDX-License-Identifier: GPL-2.0
/*
 * The question that `explain` answers. A question is one line of words, without
 * comments or statements. Pure, see parse_addr.c.
 */
#include "grammar/parse.h"

/* State that the functions below share while they read a question. */
struct reader {
	const char *at;
	const char *end;
	struct nf_vip_word word;	/* the last word that was read */
	struct nf_vip_question *question;
	char *error;
	bool dev, mark, fwmark;		/* whether the option was given */
};

static int refuse(struct reader *r, int err, const struct nf_vip_refusal *no)
{
	nf_vip_refusal_print(no, r->error, NF_VIP_ERROR_MAX);
	return err;
}

static int refuse_word(struct reader *r, int err, const char *what, const char *why)
{
	struct nf_vip_refusal no = { what, r->word, why };

	return refuse(r, err, &no);
}

static int refuse_byte(struct reader *r)
{
	snprintf(r->error, NF_VIP_ERROR_MAX, "byte 0x%02x is not text", (unsigned char)*r->at);
	return -EINVAL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Reads the next word into @r->word. Returns 1, or 0 at the end, where the word stays. */
static int next_word(struct reader *r)
{
	const char *start;

	while (r->at < r->end && is_blank(*r->at))
		r->at++;
	start = r->at;
	while (r->at < r->end && *r->at > ' ' && *r->at < 0x7f)
		r->at++;
	if (r->at < r->end && !is_blank(*r->at))
		return refuse_byte(r);
	if (r->at == start)
		return 0;
	r->word = (struct nf_vip_word){ start, (size_t)(r->at - start) };
	return 1;
}

/* As next_word(), where a word has to follow. */
static int need_word(struct reader *r, const char *expected)
{
	int ret = next_word(r);

	if (ret)
		return ret < 0 ? ret : 0;
	return refuse_word(r, -EINVAL, "after", expected);
}

static int read_proto(struct reader *r)
{
	static const char protos[] = "expected tcp, udp or sctp";
	int ret = next_word(r);

	if (ret < 0)
		return ret;
	if (!ret) {
		snprintf(r->error, NF_VIP_ERROR_MAX, "%s", protos);
		return -EINVAL;
	}
	ret = nf_vip_parse_proto(r->word);
	if (ret <= 0)
		return refuse_word(r, -EINVAL, "protocol", protos);
	r->question->proto = (__u8)ret;
	return 0;
}

/* Reads the last word as address and port. Returns its family, or an error. */
static int read_end(struct reader *r, union nf_inet_addr *addr, __be16 *port)
{
	struct nf_vip_refusal no;
	struct nf_vip_word rest;
	__u16 first, last;
	int family, err;

	family = nf_vip_parse_address(r->word, addr, &rest, &no);
	if (family < 0)
		return refuse(r, family, &no);
	if (!rest.len)
		return refuse_word(r, -EINVAL, "", "expected ADDRESS:PORT or [ADDRESS]:PORT");
	rest.at++;	/* the colon */
	rest.len--;
	err = nf_vip_parse_ports(rest, &first, &last, &no);
	if (err)
		return refuse(r, err, &no);
	if (nf_vip_word_find(rest, '-') < rest.len)
		return refuse_word(r, -EINVAL, "", "a connection has one port");
	*port = htons(first);
	return family;
}

static int read_client(struct reader *r)
{
	int ret = need_word(r, "expected the client's ADDRESS:PORT");

	if (ret)
		return ret;
	ret = read_end(r, &r->question->client, &r->question->client_port);
	if (ret < 0)
		return ret;
	r->question->family = (__u8)ret;
	return 0;
}

static int read_vip(struct reader *r)
{
	static const char expected[] = "expected the VIP's ADDRESS:PORT";
	int ret = need_word(r, expected);

	if (!ret && nf_vip_word_is(r->word, "->"))
		ret = need_word(r, expected);
	if (ret)
		return ret;
	ret = read_end(r, &r->question->vip, &r->question->vip_port);
	if (ret < 0)
		return ret;
	if (ret != r->question->family)
		return refuse_word(r, -EAFNOSUPPORT, "",
				   "the client's address is of another family");
	return 0;
}

static_assert(NF_VIP_DEV_MAX == 15, "the sentence below says so");

static int read_dev(struct reader *r)
{
	static const char expected[] = "expected an interface name of 1 to 15 characters";
	int err = need_word(r, expected);

	if (err)
		return err;
	err = nf_vip_parse_dev(r->word, r->question->dev);
	return err ? refuse_word(r, err, "dev", expected) : 0;
}

static int read_mark(struct reader *r, const char *what, __u32 *mark)
{
	static const char marks[] = "expected 1 to 4294967295, or 0x and hex digits";
	int err = need_word(r, marks);

	if (err)
		return err;
	err = nf_vip_parse_number(r->word, true, mark);
	if (!err && !*mark)
		err = -ERANGE;
	return err ? refuse_word(r, err, what, nf_vip_number_why(r->word, marks)) : 0;
}

/* An option may be given once; @given says whether it was. */
static int note(struct reader *r, bool *given)
{
	if (*given)
		return refuse_word(r, -EINVAL, "", "given twice");
	*given = true;
	return 0;
}

static int read_option(struct reader *r)
{
	struct nf_vip_question *question = r->question;

	if (nf_vip_word_is(r->word, "dev"))
		return note(r, &r->dev) ?: read_dev(r);
	if (nf_vip_word_is(r->word, "mark"))
		return note(r, &r->mark) ?: read_mark(r, "mark", &question->mark);
	if (nf_vip_word_is(r->word, "fwmark"))
		return note(r, &r->fwmark) ?: read_mark(r, "fwmark", &question->fwmark);
	return refuse_word(r, -EINVAL, "unknown word", "expected dev, mark or fwmark");
}

int nf_vip_parse_question(const char *text, size_t len, struct nf_vip_question *question,
			  char error[NF_VIP_ERROR_MAX])
{
	struct reader r = { .at = text, .question = question, .error = error };
	int ret;

	error[0] = '\0';
	memset(question, 0, sizeof(*question));
	if (len > NF_VIP_QUESTION_MAX) {
		snprintf(error, NF_VIP_ERROR_MAX, "expected at most %d bytes",
			 NF_VIP_QUESTION_MAX);
		return -E2BIG;
	}
	if (len && text[len - 1] == '\n')
		len--;
	r.end = text + len;
	ret = read_proto(&r);
	if (!ret)
		ret = read_client(&r);
	if (!ret)
		ret = read_vip(&r);
	while (!ret) {
		ret = next_word(&r);
		if (ret <= 0)
			break;
		ret = read_option(&r);
	}
	return ret;
}
