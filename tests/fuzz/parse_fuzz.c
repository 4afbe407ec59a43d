// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer on the parser. The sanitizers watch the memory; the promises of
 * nf_vip_grammar.h are checked here.
 */
#include <stdlib.h>
#include "nf_vip_grammar.h"

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

static void need(bool promise)
{
	if (!promise)
		abort();
}

/* Each name can stand between quotes in a command of nftables. */
static void check_fastpath(const struct nf_vip_fastpath_spec *spec)
{
	unsigned int i, j;

	need(spec->nr && spec->nr <= NF_VIP_FASTPATH_MAX);
	for (i = 0; i < spec->nr; i++) {
		need(spec->dev[i][0]);
		need(strlen(spec->dev[i]) <= NF_VIP_DEV_MAX);
		need(!strpbrk(spec->dev[i], "\"*\\/:\n "));
		for (j = 0; j < i; j++)
			need(strcmp(spec->dev[i], spec->dev[j]));
	}
}

/* Either a mark or VIPs, whose ports do not overlap. */
static void check_vips(const struct nf_vip_service_spec *spec)
{
	unsigned int i, j;

	need(!spec->fwmark == !!spec->nr_matches && !spec->fwmark == !!spec->proto);
	need(spec->nr_matches <= NF_VIP_MATCHES_MAX);
	need(spec->family == NFPROTO_IPV4 || spec->family == NFPROTO_IPV6);
	for (i = 0; i < spec->nr_matches; i++) {
		const struct nf_vip_match *a = &spec->matches[i];

		need(a->first && a->first <= a->last);
		for (j = 0; j < i; j++) {
			const struct nf_vip_match *b = &spec->matches[j];

			need(a->first > b->last || b->first > a->last ||
			     memcmp(&a->addr, &b->addr, sizeof(a->addr)));
		}
	}
	i = nf_vip_entries(spec);
	need(i && i <= 30 * NF_VIP_MATCHES_MAX);
}

static void check_statement(const struct nf_vip_statement *st)
{
	bool set = st->verb == NF_VIP_SET_SERVICE || st->verb == NF_VIP_SET_BACKEND;
	bool backend = st->verb == NF_VIP_BACKEND || st->verb == NF_VIP_SET_BACKEND ||
		       st->verb == NF_VIP_DELETE_BACKEND;

	if (set) {
		union {
			struct nf_vip_service_spec svc;
			struct nf_vip_backend_spec be;
		} spec = { 0 };

		need(st->given);
		nf_vip_set_merge(st, &spec);
		if (st->verb == NF_VIP_SET_SERVICE)
			need(!memcmp(&spec, &st->svc, sizeof(st->svc)));
		else
			need(!memcmp(&spec, &st->be, sizeof(st->be)));
	}
	if (backend || set || st->verb == NF_VIP_SERVICE ||
	    st->verb == NF_VIP_DELETE_SERVICE)
		need(!nf_vip_name_valid(st->service));
	if (backend)
		need(!nf_vip_name_valid(st->backend));
	if (st->verb == NF_VIP_SERVICE) {
		check_vips(&st->svc);
		need(strlen(st->svc.dev) <= NF_VIP_DEV_MAX);
	}
	if (st->verb == NF_VIP_BACKEND) {
		need(!nf_vip_backend_name_reserved(st->backend));
		need(st->be.weight <= NF_VIP_WEIGHT_MAX);
		need(st->be.drain <= NF_VIP_DRAIN_MAX);
		need(strlen(st->be.condition) <= NF_VIP_CONDITION_MAX);
	}
	if (st->verb == NF_VIP_CONFIRM)
		need(st->seconds <= NF_VIP_CONFIRM_MAX);
	if (st->verb == NF_VIP_FASTPATH)
		check_fastpath(&st->fastpath);
}

static void check_sentence(const struct nf_vip_parser *p, int err)
{
	size_t len = strnlen(p->error, sizeof(p->error)), i;

	need(err == -EINVAL || err == -ERANGE || err == -ENAMETOOLONG ||
	     err == -E2BIG || err == -EAFNOSUPPORT);
	need(len > strlen("line 1: ") && len < sizeof(p->error) - 1);
	for (i = 0; i < len; i++)
		need(p->error[i] >= ' ' && p->error[i] <= '~');
}

static void check_question(const char *text, size_t size)
{
	struct nf_vip_question question;
	char error[NF_VIP_ERROR_MAX];
	size_t len, i;
	int err = nf_vip_parse_question(text, size, &question, error);

	len = strnlen(error, sizeof(error));
	need(err ? len && len < sizeof(error) - 1 : !len);
	for (i = 0; i < len; i++)
		need(error[i] >= ' ' && error[i] <= '~');
	if (err)
		return;
	need(question.family == NFPROTO_IPV4 || question.family == NFPROTO_IPV6);
	need(question.client_port && question.vip_port);
	need(strlen(question.dev) <= NF_VIP_DEV_MAX);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	unsigned int line = 1;
	int ret;

	check_question((const char *)data, size);
	nf_vip_parse_start(&p, (const char *)data, size);
	while ((ret = nf_vip_parse_next(&p, &st)) > 0) {
		need(st.line >= line && st.line <= p.line);
		line = st.line;
		check_statement(&st);
	}
	if (ret)
		check_sentence(&p, ret);
	else
		need(p.at == p.end && !p.error[0]);
	return 0;
}
