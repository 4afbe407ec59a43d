// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration language: splits a text into words. Pure, see parse_addr.c.
 */
#include "grammar/parse.h"

void nf_vip_parse_start(struct nf_vip_parser *p, const char *text, size_t len)
{
	p->at = text;
	p->end = text + len;
	p->line = 1;
	p->first = true;
	p->error[0] = '\0';
}

static int refuse_byte(struct nf_vip_parser *p)
{
	snprintf(p->error, sizeof(p->error), "line %u: byte 0x%02x is not text",
		 p->line, (unsigned char)*p->at);
	return -EINVAL;
}

/* A carriage return is a blank in front of a newline or at the end only. */
static bool is_blank(const struct nf_vip_parser *p)
{
	if (*p->at == '\r')
		return p->at + 1 == p->end || p->at[1] == '\n';
	return *p->at == ' ' || *p->at == '\t';
}

static bool ends_statement(char c)
{
	return c == '\n' || c == ';' || c == '#';
}

static bool is_word_byte(char c)
{
	return c > ' ' && c < 0x7f && c != ';' && c != '#';
}

int nf_vip_text_word(struct nf_vip_parser *p, struct nf_vip_word *word)
{
	const char *start;

	while (p->at < p->end && is_blank(p))
		p->at++;
	if (p->at == p->end || ends_statement(*p->at))
		return 0;
	start = p->at;
	while (p->at < p->end && is_word_byte(*p->at))
		p->at++;
	if (p->at == start)
		return refuse_byte(p);
	*word = (struct nf_vip_word){ start, (size_t)(p->at - start) };
	return 1;
}

/* Takes a comment off, up to its newline; a comment may be in any alphabet. */
static int skip_comment(struct nf_vip_parser *p)
{
	while (p->at < p->end && *p->at != '\n') {
		unsigned char c = (unsigned char)*p->at;

		if ((c < ' ' || c == 0x7f) && !is_blank(p))
			return refuse_byte(p);
		p->at++;
	}
	return 0;
}

int nf_vip_text_end(struct nf_vip_parser *p)
{
	if (p->at == p->end)
		return 0;
	if (*p->at == '#')
		return skip_comment(p) ?: 1;
	if (*p->at == '\n')
		p->line++;
	p->at++;
	return 1;
}
