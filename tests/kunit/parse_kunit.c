// SPDX-License-Identifier: GPL-2.0
/*
 * The parser as it is compiled into the module: each statement with all its
 * options, each kind of refusal once. The long tables are in tests/unit, where
 * the same files are tested on the host.
 */
#include <linux/string.h>
#include "nf_vip_option.h"
#include "suite.h"

/* A parser on a copy without a NUL and not a byte too long, which KASAN watches. */
static void start(struct kunit *test, struct nf_vip_parser *p, const char *text, size_t len)
{
	char *copy = kunit_kmalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, text, len);
	nf_vip_parse_start(p, copy, len);
}

#define IP4(a, b, c, d)	{ .ip = cpu_to_be32((a) << 24 | (b) << 16 | (c) << 8 | (d)) }
#define IP6(first, second, last)						\
	{ .ip6 = { cpu_to_be32((first) << 16 | (second)), 0, 0, cpu_to_be32(last) } }
#define PORT(port)	cpu_to_be16(port)
/* The longest names. */
#define S31		"s234567890123456789012345678901"
#define B31		"b234567890123456789012345678901"

static const struct accepted {
	const char *text;
	struct nf_vip_statement st;
	const char *given;
} accepted[] = {
	{ "replace", { .verb = NF_VIP_REPLACE } },
	{ "flush", { .verb = NF_VIP_FLUSH } },
	{ "delete service mail", { .verb = NF_VIP_DELETE_SERVICE, .service = "mail" } },
	{ "delete backend mail/m1",
	  { .verb = NF_VIP_DELETE_BACKEND, .service = "mail", .backend = "m1" } },
	{ "service mail tcp 10.0.0.1:25",
	  { .verb = NF_VIP_SERVICE, .service = "mail",
	    .svc = { .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .nr_matches = 1,
		     .matches = { { IP4(10, 0, 0, 1), 25, 25 } } } } },
	{ "service d.n-s_6 udp [2001:db8::1]:65535 dev bond0.204 scheduler random on-empty accept",
	  { .verb = NF_VIP_SERVICE, .service = "d.n-s_6",
	    .svc = { .family = NFPROTO_IPV6, .proto = IPPROTO_UDP, .nr_matches = 1,
		     .matches = { { IP6(0x2001, 0xdb8, 1), 65535, 65535 } }, .dev = "bond0.204",
		     .policy.scheduler = NF_VIP_SCHED_RANDOM, .on_empty = NF_VIP_EMPTY_ACCEPT } } },
	{ "service a tcp 10.0.0.1:1 on-empty drop scheduler nth",
	  { .verb = NF_VIP_SERVICE, .service = "a",
	    .svc = { .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .nr_matches = 1,
		     .matches = { { IP4(10, 0, 0, 1), 1, 1 } }, .on_empty = NF_VIP_EMPTY_DROP } } },
	{ "service a tcp 10.0.0.1:1 on-empty reject dev abcdefghijklmno",
	  { .verb = NF_VIP_SERVICE, .service = "a",
	    .svc = { .family = NFPROTO_IPV4, .proto = IPPROTO_TCP, .nr_matches = 1,
		     .matches = { { IP4(10, 0, 0, 1), 1, 1 } }, .dev = "abcdefghijklmno" } } },
	{ "service r sctp 10.0.0.1:25,8000-8100 10.0.0.2:*",
	  { .verb = NF_VIP_SERVICE, .service = "r",
	    .svc = { .family = NFPROTO_IPV4, .proto = IPPROTO_SCTP, .nr_matches = 3,
		     .matches = { { IP4(10, 0, 0, 1), 25, 25 },
				  { IP4(10, 0, 0, 1), 8000, 8100 },
				  { IP4(10, 0, 0, 2), 1, 65535 } } } } },
	{ "service f fwmark 0x7 family ipv6 dev eth0",
	  { .verb = NF_VIP_SERVICE, .service = "f",
	    .svc = { .family = NFPROTO_IPV6, .fwmark = 7, .dev = "eth0" } } },
	{ "backend mail/m1 192.168.0.1",
	  { .verb = NF_VIP_BACKEND, .service = "mail", .backend = "m1",
	    .be = { .family = NFPROTO_IPV4, .addr = IP4(192, 168, 0, 1), .weight = 1 } } },
	{ "backend mail/m1 192.168.0.1:2525 weight 1000 mark 4294967295 state down",
	  { .verb = NF_VIP_BACKEND, .service = "mail", .backend = "m1",
	    .be = { .family = NFPROTO_IPV4, .addr = IP4(192, 168, 0, 1), .port = PORT(2525),
		    .weight = 1000, .mark = U32_MAX, .state = NF_VIP_STATE_DOWN } } },
	{ "backend mail/6 2001:db8::2 state drain condition abcdefghijklmnopqrstuvwxyz1234",
	  { .verb = NF_VIP_BACKEND, .service = "mail", .backend = "6",
	    .be = { .family = NFPROTO_IPV6, .addr = IP6(0x2001, 0xdb8, 2), .weight = 1,
		    .state = NF_VIP_STATE_DRAIN,
		    .condition = "abcdefghijklmnopqrstuvwxyz1234" } } },
	{ "backend " S31 "/" B31 " [2001:db8::2]:1 weight 0 mark 0xfF state up",
	  { .verb = NF_VIP_BACKEND, .service = S31, .backend = B31,
	    .be = { .family = NFPROTO_IPV6, .addr = IP6(0x2001, 0xdb8, 2), .port = PORT(1),
		    .mark = 0xff } } },
	{ "fastpath wan bond0.204",
	  { .verb = NF_VIP_FASTPATH,
	    .fastpath = { .nr = 2, .dev = { "wan", "bond0.204" } } } },
	{ "fastpath a b c d e f g h i j k l m n o abcdefghijklmno",
	  { .verb = NF_VIP_FASTPATH,
	    .fastpath = { .nr = 16, .dev = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
					     "l", "m", "n", "o", "abcdefghijklmno" } } } },
	{ "set service mail dev - persist 60",
	  { .verb = NF_VIP_SET_SERVICE, .service = "mail",
	    .svc = { .policy.persist = 60 } }, "dev persist " },
	{ "set service mail eject 3 10 30",
	  { .verb = NF_VIP_SET_SERVICE, .service = "mail",
	    .svc = { .eject = { 3, 10, 30 } } }, "eject " },
	{ "set backend mail/m1 condition up",
	  { .verb = NF_VIP_SET_BACKEND, .service = "mail", .backend = "m1",
	    .be = { .condition = "up" } }, "condition " },
	{ "set backend mail/m1 drain 30",
	  { .verb = NF_VIP_SET_BACKEND, .service = "mail", .backend = "m1",
	    .be = { .state = NF_VIP_STATE_DRAIN, .drain = 30 } }, "state drain " },
	{ "confirm 3600", { .verb = NF_VIP_CONFIRM, .seconds = 3600 } },
	{ "confirm", { .verb = NF_VIP_CONFIRM } },
	{ "revert", { .verb = NF_VIP_REVERT } },
	{ "delete fastpath", { .verb = NF_VIP_DELETE_FASTPATH } },
};

KUNIT_ARRAY_PARAM_DESC(accepted, accepted, text);

/* The options that a statement gives, with a blank behind each. */
static const char *given_of(struct kunit *test, const struct nf_vip_statement *st)
{
	char *names = kunit_kzalloc(test, NF_VIP_ERROR_MAX, GFP_KERNEL);
	const struct nf_vip_option *option = NULL;
	size_t len = 0;
	u32 bit = 1;

	KUNIT_ASSERT_NOT_NULL(test, names);
	for (; (option = nf_vip_option_next(st->verb, option)); bit <<= 1)
		if (st->given & bit)
			len += scnprintf(names + len, NF_VIP_ERROR_MAX - len, "%s ",
					 nf_vip_option_name(option));
	return names;
}

/* Every member that the statement does not name is zero: compare all bytes. */
static void statement(struct kunit *test)
{
	const struct accepted *row = test->param_value;
	struct nf_vip_statement *wanted, *st;
	struct nf_vip_parser p;

	/* Both are too large for the stack. */
	wanted = kunit_kmalloc_array(test, 2, sizeof(*wanted), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, wanted);
	st = wanted + 1;
	memcpy(wanted, &row->st, sizeof(*wanted));
	wanted->line = 1;
	if (wanted->verb == NF_VIP_SERVICE) {
		wanted->svc.max_clients = NF_VIP_CLIENTS_DEFAULT;
		wanted->svc.on_down_udp = NF_VIP_DOWN_MOVE;
		wanted->svc.eject_clients = NF_VIP_EJECT_CLIENTS_DEFAULT;
	}
	if (wanted->verb == NF_VIP_BACKEND)
		wanted->be.tier = 1;
	start(test, &p, row->text, strlen(row->text));
	KUNIT_ASSERT_EQ_MSG(test, 1, nf_vip_parse_next(&p, st), "%s", p.error);
	if (row->given)
		KUNIT_EXPECT_STREQ(test, row->given, given_of(test, st));
	st->given = 0;
	KUNIT_EXPECT_MEMEQ(test, st, wanted, sizeof(*st));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_parse_next(&p, st));
	KUNIT_EXPECT_STREQ(test, "", p.error);
}

#define VERBS	"expected service, backend, fastpath, set, delete, flush, confirm, revert or "	\
		"replace"
#define SVC	"service a tcp 1.2.3.4:5 "
#define BE	"backend a/b 1.2.3.4 "
#define A32	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define IFNAME	"expected an interface name of 1 to 15 characters"
#define NFTABLES "nftables takes no interface with \", * or \\ in its name"
#define FNAME	"expected a file name of 1 to 30 characters"

static const struct refused {
	const char *text;
	int err;
	const char *sentence;
} refused[] = {
	/* Words that are unknown, missing, in the wrong place or too many. */
	{ "servce mail", -EINVAL, "line 1: unknown word \"servce\": " VERBS },
	{ "set service a", -EINVAL, "line 1: after \"a\": expected an option" },
	{ "set fastpath wan", -EINVAL,
	  "line 1: unknown word \"fastpath\": expected service or backend" },
	{ "set backend a/b mark 0", -ERANGE,
	  "line 1: mark \"0\": expected 1 to 4294967295, or 0x and hex digits" },
	{ "confirm 3601", -ERANGE, "line 1: confirm \"3601\": expected 1 to 3600 seconds" },
	{ "delete all", -EINVAL,
	  "line 1: unknown word \"all\": expected service, backend or fastpath" },
	{ "flush\n\nreplace", -EINVAL, "line 3: \"replace\": only allowed as the first statement" },
	{ "service", -EINVAL, "line 1: after \"service\": expected the name of a service" },
	{ "service a", -EINVAL, "line 1: after \"a\": expected tcp, udp, sctp or fwmark" },
	{ "service a tcp", -EINVAL,
	  "line 1: after \"tcp\": expected ADDRESS:PORT or [ADDRESS]:PORT" },
	{ "backend", -EINVAL, "line 1: after \"backend\": expected SERVICE/NAME" },
	{ "backend a/b", -EINVAL, "line 1: after \"a/b\": expected an IPv4 or IPv6 address" },
	{ "delete", -EINVAL,
	  "line 1: after \"delete\": expected service, backend or fastpath" },
	{ SVC "dev", -EINVAL, "line 1: after \"dev\": " IFNAME },
	{ BE "weight", -EINVAL, "line 1: after \"weight\": expected 0 to 1000" },
	{ "flush all", -EINVAL, "line 1: \"all\": expected the end of the statement" },
	{ "delete service a b", -EINVAL, "line 1: \"b\": expected the end of the statement" },
	{ SVC "dev a dev b", -EINVAL, "line 1: \"dev\": given twice" },
	{ BE "mark 1 weight 2 mark 1", -EINVAL, "line 1: \"mark\": given twice" },

	/* Values of options. */
	{ SVC "scheduler rr", -EINVAL,
	  "line 1: scheduler \"rr\": expected nth, random, hash or least" },
	{ SVC "on-empty no", -EINVAL, "line 1: on-empty \"no\": expected reject, accept or drop" },
	{ BE "state dead", -EINVAL, "line 1: state \"dead\": expected up, drain or down" },
	{ SVC "dev abcdefghijklmnop", -ENAMETOOLONG, "line 1: dev \"abcdefghijklmnop\": " IFNAME },
	{ SVC "dev a/b", -EINVAL, "line 1: dev \"a/b\": " IFNAME },
	{ BE "condition abcdefghijklmnopqrstuvwxyz12345", -ENAMETOOLONG,
	  "line 1: condition \"abcdefghijklmnopqrstuvwxyz12345\": " FNAME },
	{ BE "condition ..", -EINVAL, "line 1: condition \"..\": " FNAME },
	{ BE "weight 1001", -ERANGE, "line 1: weight \"1001\": expected 0 to 1000" },
	{ BE "weight 4294967297", -ERANGE, "line 1: weight \"4294967297\": expected 0 to 1000" },
	{ BE "weight -1", -EINVAL, "line 1: weight \"-1\": expected 0 to 1000" },
	{ BE "weight 010", -EINVAL, "line 1: weight \"010\": a number has no leading zero" },
	{ BE "mark 0", -ERANGE,
	  "line 1: mark \"0\": expected 1 to 4294967295, or 0x and hex digits" },
	{ BE "mark 0x100000000", -ERANGE,
	  "line 1: mark \"0x100000000\": expected 1 to 4294967295, or 0x and hex digits" },

	/* The fast path. */
	{ "fastpath", -EINVAL, "line 1: after \"fastpath\": expected the names of interfaces" },
	{ "fastpath a b a", -EINVAL, "line 1: fastpath \"a\": given twice" },
	{ "fastpath a/b", -EINVAL, "line 1: fastpath \"a/b\": " IFNAME },
	{ "fastpath a abcdefghijklmnop", -ENAMETOOLONG,
	  "line 1: fastpath \"abcdefghijklmnop\": " IFNAME },
	{ "fastpath eth*", -EINVAL,
	  "line 1: fastpath \"eth*\": " NFTABLES },
	{ "fastpath a b c d e f g h i j k l m n o p q", -E2BIG,
	  "line 1: fastpath \"q\": expected at most 16 interfaces" },
	{ "delete fastpath a", -EINVAL, "line 1: \"a\": expected the end of the statement" },

	/* Names. */
	{ "service " A32 " tcp", -ENAMETOOLONG,
	  "line 1: service \"" A32 "\": a name has at most 31 characters" },
	{ "delete service a/b", -EINVAL,
	  "line 1: service \"a/b\": a name has letters, digits, \"_\", \"-\" and \".\"" },
	{ "delete service -a", -EINVAL,
	  "line 1: service \"-a\": a name begins with a letter, a digit or \"_\"" },
	{ "delete backend a", -EINVAL, "line 1: \"a\": expected SERVICE/NAME" },
	{ "delete backend a/", -EINVAL, "line 1: backend \"\": expected a name" },
	{ "backend a/service 1.2.3.4", -EINVAL,
	  "line 1: \"a/service\": sysfs has the files of the service there; take another name" },
	{ "delete service " A32 "bbbbbbbbb", -ENAMETOOLONG,
	  "line 1: service \"" A32 "bbbbb...\": a name has at most 31 characters" },

	/* Protocols, addresses, ports. */
	{ "service a icmp 1.2.3.4:5", -EINVAL,
	  "line 1: protocol \"icmp\": expected tcp, udp, sctp or fwmark" },
	{ "service a tcp 1.2.3.4", -EINVAL,
	  "line 1: \"1.2.3.4\": expected ADDRESS:PORT or [ADDRESS]:PORT" },
	{ "service a tcp 1.2.3.256:5", -EINVAL,
	  "line 1: \"1.2.3.256:5\": expected an IPv4 or IPv6 address" },
	{ "backend a/b fe80::1%eth0", -EINVAL,
	  "line 1: \"fe80::1%eth0\": expected an IPv4 or IPv6 address" },
	{ "backend a/b [::1", -EINVAL, "line 1: \"[::1\": the bracket is not closed" },
	{ "backend a/b ::1]", -EINVAL, "line 1: \"::1]\": the bracket is not opened" },
	{ "backend a/b [1.2.3.4]:5", -EINVAL,
	  "line 1: \"[1.2.3.4]:5\": brackets hold an IPv6 address" },
	{ "backend a/b [::1]5", -EINVAL, "line 1: \"[::1]5\": expected [ADDRESS]:PORT" },
	{ "service a tcp 1.2.3.4:0", -ERANGE, "line 1: port \"0\": expected 1 to 65535" },
	{ "backend a/b 1.2.3.4:65536", -ERANGE, "line 1: port \"65536\": expected 1 to 65535" },
	{ "service a tcp 1.2.3.4:smtp", -EINVAL, "line 1: port \"smtp\": expected 1 to 65535" },
	{ "service a tcp 1.2.3.4:025", -EINVAL,
	  "line 1: port \"025\": a number has no leading zero" },
	{ "service a tcp 1.2.3.4:25-20", -ERANGE, "line 1: \"25-20\": the port range is reversed" },
	{ "service a tcp 1.2.3.4:20-25,25", -EINVAL,
	  "line 1: port \"25\": given twice for this address" },
	{ "service a tcp 1.2.3.4:25 [::1]:25", -EAFNOSUPPORT,
	  "line 1: \"[::1]:25\": the VIPs of a service are of one family" },
	{ "service a fwmark 0", -ERANGE,
	  "line 1: fwmark \"0\": expected 1 to 4294967295, or 0x and hex digits" },
	{ "backend a/b 1.2.3.4:20-25", -EINVAL, "line 1: \"20-25\": a backend has one port" },
	{ "service a tcp 0.0.0.0:5", -EINVAL,
	  "line 1: \"0.0.0.0:5\": this address stands for every address" },
	{ "backend a/b ff02::1", -EINVAL, "line 1: \"ff02::1\": this is a multicast address" },
	{ "backend a/b 255.255.255.255", -EINVAL,
	  "line 1: \"255.255.255.255\": this is the broadcast address" },
	{ "backend a/b ::ffff:1.2.3.4", -EINVAL,
	  "line 1: \"::ffff:1.2.3.4\": this is an IPv4 address: write it as IPv4" },

	/* Bytes that are not text. */
	{ "flush\x01", -EINVAL, "line 1: byte 0x01 is not text" },
	{ "\n\xc3\xa9", -EINVAL, "line 2: byte 0xc3 is not text" },
	{ "flush\r;flush", -EINVAL, "line 1: byte 0x0d is not text" },
	{ "# a \x1b[31m", -EINVAL, "line 1: byte 0x1b is not text" },
};

/* Some texts would not show in a list of results as they are. */
static void describe_refused(const struct refused *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%*pE", (int)strlen(row->text), row->text);
}

KUNIT_ARRAY_PARAM(refused, refused, describe_refused);

static void expect_refused(struct kunit *test, const char *text, size_t len, int err,
			   const char *sentence)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	int ret;

	start(test, &p, text, len);
	do {
		ret = nf_vip_parse_next(&p, &st);
	} while (ret > 0);
	KUNIT_EXPECT_EQ(test, err, ret);
	KUNIT_EXPECT_STREQ(test, sentence, p.error);
}

static void refusal(struct kunit *test)
{
	const struct refused *row = test->param_value;

	expect_refused(test, row->text, strlen(row->text), row->err, row->sentence);
}

static void nul_is_not_text(struct kunit *test)
{
	expect_refused(test, "flush\0flush", 11, -EINVAL, "line 1: byte 0x00 is not text");
	expect_refused(test, "\n#\0#", 4, -EINVAL, "line 2: byte 0x00 is not text");
}

static void ends_lines_and_comments(struct kunit *test)
{
	static const char text[] =
		"# a comment, with \xc3\xa9; flush\r\n"
		" ;; \t;\n"
		"replace;service a tcp 10.0.0.1:1;# flush\n"
		"\n"
		"\tbackend\t a/b   192.168.0.1 \t#flush\n"
		"delete backend a/b;delete service a\r\n"
		"flush";
	static const struct {
		enum nf_vip_verb verb;
		unsigned int line;
	} wanted[] = {
		{ NF_VIP_REPLACE, 3 },
		{ NF_VIP_SERVICE, 3 },
		{ NF_VIP_BACKEND, 5 },
		{ NF_VIP_DELETE_BACKEND, 6 },
		{ NF_VIP_DELETE_SERVICE, 6 },
		{ NF_VIP_FLUSH, 7 },
	};
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	unsigned int i;

	start(test, &p, text, strlen(text));
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		KUNIT_ASSERT_EQ_MSG(test, 1, nf_vip_parse_next(&p, &st), "%s", p.error);
		KUNIT_EXPECT_EQ(test, wanted[i].verb, st.verb);
		KUNIT_EXPECT_EQ(test, wanted[i].line, st.line);
	}
	KUNIT_EXPECT_EQ(test, 0, nf_vip_parse_next(&p, &st));
	KUNIT_EXPECT_EQ(test, 0, nf_vip_parse_next(&p, &st));
}

static void nothing_is_a_text(struct kunit *test)
{
	static const char * const texts[] = { "", "\n", ";", "#", " ", "\r", "\n\n;#;\n" };
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		start(test, &p, texts[i], strlen(texts[i]));
		KUNIT_EXPECT_EQ(test, 0, nf_vip_parse_next(&p, &st));
	}
}

static struct kunit_case parse_cases[] = {
	KUNIT_CASE_PARAM(statement, accepted_gen_params),
	KUNIT_CASE_PARAM(refusal, refused_gen_params),
	KUNIT_CASE(nul_is_not_text),
	KUNIT_CASE(ends_lines_and_comments),
	KUNIT_CASE(nothing_is_a_text),
	{}
};

static struct kunit_suite parse_suite = {
	.name = "nf_vip_parse",
	.test_cases = parse_cases,
};

kunit_test_suite(parse_suite);
