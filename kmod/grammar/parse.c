// SPDX-License-Identifier: GPL-2.0
/*
 * The configuration language: words, options and statements. Pure, see
 * parse_addr.c. What the parser promises is in nf_vip_grammar.h.
 */
#include "grammar/parse.h"

/* State that the functions below share while they read a statement. */
struct reader {
	struct nf_vip_parser *p;
	struct nf_vip_statement *st;
	struct nf_vip_word word;	/* the last word that was read */
};

static int refuse(struct reader *r, int err, const struct nf_vip_refusal *no)
{
	size_t at = (size_t)snprintf(r->p->error, sizeof(r->p->error), "line %u: ", r->p->line);

	nf_vip_refusal_print(no, r->p->error + at, sizeof(r->p->error) - at);
	return err;
}

static int refuse_word(struct reader *r, int err, const char *what,
		       const char *why)
{
	struct nf_vip_refusal no = { what, r->word, why };

	return refuse(r, err, &no);
}

/*
 * Reads the next word of this statement into @r->word. Returns 1, or 0 at the
 * end of the statement, which leaves @r->word as it was.
 */
static int next_word(struct reader *r)
{
	return nf_vip_text_word(r->p, &r->word);
}

/* Gives the last word back, because it is for the next reader. */
static void read_again(struct reader *r)
{
	r->p->at = r->word.at;
}

/* As next_word(), where a word has to follow. */
static int need_word(struct reader *r, const char *expected)
{
	int ret = next_word(r);

	if (ret)
		return ret < 0 ? ret : 0;
	return refuse_word(r, -EINVAL, "after", expected);
}

static int need_end(struct reader *r)
{
	int ret = next_word(r);

	if (ret <= 0)
		return ret;
	return refuse_word(r, -EINVAL, "",
			   "expected the end of the statement");
}

static bool is_set(const struct reader *r)
{
	return r->st->verb == NF_VIP_SET_SERVICE || r->st->verb == NF_VIP_SET_BACKEND;
}

/* A set takes a name, or `eject`, back with "-" or "0"; a statement leaves the option out. */
static bool takes_back(const struct reader *r, const struct nf_vip_option *option)
{
	if (!is_set(r))
		return false;
	if (option->kind == NF_VIP_OPTION_NUMBERS)
		return nf_vip_word_is(r->word, "0");
	return (option->kind == NF_VIP_OPTION_NAME || option->kind == NF_VIP_OPTION_DEV) &&
	       nf_vip_word_is(r->word, "-");
}

static int read_value(struct reader *r, const struct nf_vip_option *option, void *spec)
{
	const char *why = option->expected;
	__u32 i;
	int err;

	for (i = 0; i < nf_vip_option_nr(option); i++) {
		err = need_word(r, option->expected);
		if (err)
			return err;
		if (!i && takes_back(r, option))
			return 0;
		err = nf_vip_parse_option(option, i, r->word, spec);
		if (err)
			break;
	}
	if (i == nf_vip_option_nr(option))
		return 0;
	if (option->kind == NF_VIP_OPTION_NUMBER || option->kind == NF_VIP_OPTION_NUMBERS)
		why = nf_vip_number_why(r->word, why);
	return refuse_word(r, err, option->name, why);
}

/* Writes "expected a, b or c" with the names of the options. */
static int refuse_option(struct reader *r, const struct nf_vip_options *options)
{
	char names[NF_VIP_ERROR_MAX] = "expected ";
	size_t at = strlen(names), i;

	for (i = 0; i < options->nr && at < sizeof(names); i++) {
		const char *comma = i + 2 < options->nr ? ", " : i + 2 == options->nr ? " or " : "";

		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s",
				       options->list[i].name, comma);
	}
	return refuse_word(r, -EINVAL, "unknown word", names);
}

/* Reads options up to the end of the statement into @spec. */
static int read_options(struct reader *r, void *spec)
{
	const struct nf_vip_options *options = nf_vip_options_of(r->st->verb);
	int ret;

	while ((ret = next_word(r)) > 0) {
		size_t i = 0;

		while (i < options->nr && !nf_vip_word_is(r->word, options->list[i].name))
			i++;
		if (i == options->nr)
			return refuse_option(r, options);
		if (r->st->given & 1U << i)
			return refuse_word(r, -EINVAL, "", "given twice");
		r->st->given |= 1U << i;
		ret = read_value(r, &options->list[i], spec);
		if (ret)
			break;
	}
	return ret;
}

static unsigned int bit_of(const struct reader *r, const char *name)
{
	const struct nf_vip_option *option = nf_vip_option_find(r->st->verb, name);

	return 1U << (option - nf_vip_options_of(r->st->verb)->list);
}

/* A deadline begins a drain, as with the file of sysfs. */
static int read_backend_options(struct reader *r)
{
	unsigned int state = bit_of(r, "state");
	int err = read_options(r, &r->st->be);

	if (!err && (r->st->given & bit_of(r, "drain")) && !(r->st->given & state)) {
		r->st->be.state = NF_VIP_STATE_DRAIN;
		r->st->given |= state;
	}
	return err;
}

/* Reads the name of a service. */
static int read_service_name(struct reader *r)
{
	struct nf_vip_refusal no = { .what = "service" };
	int err;

	err = need_word(r, "expected the name of a service");
	if (err)
		return err;
	err = nf_vip_parse_name(r->word, r->st->service, &no);
	return err ? refuse(r, err, &no) : 0;
}

/* Reads SERVICE/NAME. */
static int read_backend_name(struct reader *r)
{
	struct nf_vip_refusal no = { .what = "service" };
	struct nf_vip_word name;
	size_t slash;
	int err;

	err = need_word(r, "expected SERVICE/NAME");
	if (err)
		return err;
	slash = nf_vip_word_find(r->word, '/');
	if (slash == r->word.len)
		return refuse_word(r, -EINVAL, "", "expected SERVICE/NAME");
	name.at = r->word.at + slash + 1;
	name.len = r->word.len - slash - 1;
	err = nf_vip_parse_name((struct nf_vip_word){ r->word.at, slash },
				r->st->service, &no);
	if (err)
		return refuse(r, err, &no);
	no.what = "backend";
	err = nf_vip_parse_name(name, r->st->backend, &no);
	return err ? refuse(r, err, &no) : 0;
}

/* An address has a colon or a dot, which no option has. */
static bool is_address(struct nf_vip_word w)
{
	return nf_vip_word_find(w, ':') < w.len || nf_vip_word_find(w, '.') < w.len;
}

/* Reads VIPs up to the first word that is not an address. */
static int read_vips(struct reader *r)
{
	struct nf_vip_refusal no;
	int ret;

	ret = need_word(r, "expected ADDRESS:PORT or [ADDRESS]:PORT");
	if (ret)
		return ret;
	do {
		ret = nf_vip_parse_vip(r->word, &r->st->svc, &no);
		if (ret)
			return refuse(r, ret, &no);
		ret = next_word(r);
	} while (ret > 0 && is_address(r->word));
	if (ret > 0)
		read_again(r);
	return ret < 0 ? ret : 0;
}

/* Refuses options that do not go with the rest of their statement. */
static int check_service(struct reader *r)
{
	struct nf_vip_misfit misfit;
	int err = nf_vip_service_fits(&r->st->svc, &misfit);

	if (!err)
		return 0;
	r->word = (struct nf_vip_word){ misfit.option, strlen(misfit.option) };
	return refuse_word(r, err, "", misfit.why);
}

/* Reads a mark, and `family` if it follows. */
static int read_fwmark(struct reader *r)
{
	static const char marks[] = "expected 1 to 4294967295, or 0x and hex digits";
	struct nf_vip_service_spec *svc = &r->st->svc;
	int ret;

	ret = need_word(r, marks);
	if (ret)
		return ret;
	ret = nf_vip_parse_number(r->word, true, &svc->fwmark);
	if (!ret && !svc->fwmark)
		ret = -ERANGE;
	if (ret)
		return refuse_word(r, ret, "fwmark", nf_vip_number_why(r->word, marks));
	svc->family = NFPROTO_IPV4;

	ret = next_word(r);
	if (ret <= 0)
		return ret;
	if (!nf_vip_word_is(r->word, "family")) {
		read_again(r);
		return 0;
	}
	ret = need_word(r, "expected ipv4 or ipv6");
	if (ret)
		return ret;
	if (nf_vip_word_is(r->word, "ipv6"))
		svc->family = NFPROTO_IPV6;
	else if (!nf_vip_word_is(r->word, "ipv4"))
		return refuse_word(r, -EINVAL, "family", "expected ipv4 or ipv6");
	return 0;
}

static int read_service(struct reader *r)
{
	static const char protos[] = "expected tcp, udp, sctp or fwmark";
	int ret;

	r->st->verb = NF_VIP_SERVICE;
	ret = read_service_name(r);
	if (ret)
		return ret;
	ret = need_word(r, protos);
	if (ret)
		return ret;
	ret = nf_vip_parse_proto(r->word);
	if (ret < 0)
		return refuse_word(r, ret, "protocol", protos);
	r->st->svc.proto = (__u8)ret;
	ret = ret == NF_VIP_PROTO_FWMARK ? read_fwmark(r) : read_vips(r);
	if (ret)
		return ret;
	nf_vip_options_default(nf_vip_options_of(NF_VIP_SERVICE), &r->st->svc);
	ret = read_options(r, &r->st->svc);
	return ret ? ret : check_service(r);
}

static int read_backend(struct reader *r)
{
	struct nf_vip_backend_spec *be = &r->st->be;
	struct nf_vip_endpoint ep;
	struct nf_vip_refusal no;
	int err;

	r->st->verb = NF_VIP_BACKEND;
	err = read_backend_name(r);
	if (err)
		return err;
	if (nf_vip_backend_name_reserved(r->st->backend))
		return refuse_word(r, -EINVAL, "",
				   "sysfs has the files of the service there; take another name");
	err = need_word(r, "expected an IPv4 or IPv6 address");
	if (err)
		return err;
	err = nf_vip_parse_endpoint(r->word, &ep, &no);
	if (err)
		return refuse(r, err, &no);
	be->family = ep.family;
	be->port = ep.port;
	be->addr = ep.addr;
	nf_vip_options_default(nf_vip_options_of(NF_VIP_BACKEND), be);
	return read_backend_options(r);
}

/* Reads the options of an object that exists: at least one. */
static int read_set(struct reader *r)
{
	int err;

	err = need_word(r, "expected service or backend");
	if (err)
		return err;
	if (nf_vip_word_is(r->word, "service")) {
		r->st->verb = NF_VIP_SET_SERVICE;
		err = read_service_name(r);
	} else if (nf_vip_word_is(r->word, "backend")) {
		r->st->verb = NF_VIP_SET_BACKEND;
		err = read_backend_name(r);
	} else {
		err = refuse_word(r, -EINVAL, "unknown word", "expected service or backend");
	}
	if (!err)
		err = need_word(r, "expected an option");
	if (err)
		return err;
	read_again(r);
	return r->st->verb == NF_VIP_SET_SERVICE ? read_options(r, &r->st->svc) :
						   read_backend_options(r);
}

static int read_fastpath(struct reader *r)
{
	struct nf_vip_refusal no;
	int ret;

	r->st->verb = NF_VIP_FASTPATH;
	ret = need_word(r, "expected the names of interfaces");
	if (ret)
		return ret;
	do {
		ret = nf_vip_parse_fastpath(r->word, &r->st->fastpath, &no);
		if (ret)
			return refuse(r, ret, &no);
		ret = next_word(r);
	} while (ret > 0);
	return ret;
}

/* Reads the end of a statement, or `force` and then the end. */
static int read_force(struct reader *r)
{
	int ret = next_word(r);

	if (ret <= 0)
		return ret;
	if (!nf_vip_word_is(r->word, "force"))
		return refuse_word(r, -EINVAL, "",
				   "expected force or the end of the statement");
	r->st->force = true;
	return need_end(r);
}

static int read_delete(struct reader *r)
{
	int err;

	err = need_word(r, "expected service, backend or fastpath");
	if (err)
		return err;
	if (nf_vip_word_is(r->word, "service")) {
		r->st->verb = NF_VIP_DELETE_SERVICE;
		err = read_service_name(r);
	} else if (nf_vip_word_is(r->word, "backend")) {
		r->st->verb = NF_VIP_DELETE_BACKEND;
		err = read_backend_name(r);
		return err ? err : read_force(r);
	} else if (nf_vip_word_is(r->word, "fastpath")) {
		r->st->verb = NF_VIP_DELETE_FASTPATH;
	} else {
		err = refuse_word(r, -EINVAL, "unknown word",
				  "expected service, backend or fastpath");
	}
	return err ? err : need_end(r);
}

static int read_flush(struct reader *r)
{
	r->st->verb = NF_VIP_FLUSH;
	return need_end(r);
}

/* Reads a time, or the end of the statement. */
static int read_confirm(struct reader *r)
{
	int ret = next_word(r);

	r->st->verb = NF_VIP_CONFIRM;
	if (ret <= 0)
		return ret;
	ret = nf_vip_parse_number(r->word, false, &r->st->seconds);
	if (!ret && (!r->st->seconds || r->st->seconds > NF_VIP_CONFIRM_MAX))
		ret = -ERANGE;
	if (ret)
		return refuse_word(r, ret, "confirm",
				   nf_vip_number_why(r->word, "expected 1 to 3600 seconds"));
	return need_end(r);
}

static int read_revert(struct reader *r)
{
	r->st->verb = NF_VIP_REVERT;
	return need_end(r);
}

static int read_replace(struct reader *r)
{
	r->st->verb = NF_VIP_REPLACE;
	if (!r->p->first)
		return refuse_word(r, -EINVAL, "",
				   "only allowed as the first statement");
	return need_end(r);
}

static const struct {
	const char *word;
	int (*read)(struct reader *r);
} verbs[] = {
	{ "service", read_service },
	{ "backend", read_backend },
	{ "fastpath", read_fastpath },
	{ "set", read_set },
	{ "delete", read_delete },
	{ "flush", read_flush },
	{ "confirm", read_confirm },
	{ "revert", read_revert },
	{ "replace", read_replace },
};

static const char expected_verbs[] =
	"expected service, backend, fastpath, set, delete, flush, confirm, revert or replace";

static int read_statement(struct reader *r)
{
	size_t i;

	r->st->line = r->p->line;
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (nf_vip_word_is(r->word, verbs[i].word))
			return verbs[i].read(r);
	return refuse_word(r, -EINVAL, "unknown word", expected_verbs);
}

int nf_vip_parse_next(struct nf_vip_parser *p, struct nf_vip_statement *st)
{
	struct reader r = { .p = p, .st = st };
	int ret;

	memset(st, 0, sizeof(*st));
	do {
		ret = next_word(&r);
		if (ret)
			break;
		ret = nf_vip_text_end(p);
		if (ret <= 0)
			return ret;
	} while (1);
	if (ret < 0)
		return ret;
	ret = read_statement(&r);
	p->first = false;
	return ret ? ret : 1;
}
