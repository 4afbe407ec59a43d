// SPDX-License-Identifier: GPL-2.0
/*
 * What the parser makes of texts that it accepts: one table of texts, each
 * with the statements that have to come out, printed in one canonical form.
 */
#include "nf_vip_option.h"
#include "tap.h"

#define END	" dev= nth reject|"

struct row {
	const char *text;
	const char *want;
};

static const struct row rows[] = {
	/* Statements. */
	{ "service mail tcp 10.0.0.1:25",
	  "1 service mail tcp 10.0.0.1 25 dev= nth reject|" },
	{ "service d udp [2001:db8::1]:53",
	  "1 service d udp 2001:db8::1 53 dev= nth reject|" },
	{ "backend mail/m1 192.168.0.1",
	  "1 backend mail/m1 192.168.0.1 0 w=1 m=0 c= up|" },
	{ "backend mail/m1 192.168.0.1:2525",
	  "1 backend mail/m1 192.168.0.1 2525 w=1 m=0 c= up|" },
	{ "backend d/a 2001:db8::2",
	  "1 backend d/a 2001:db8::2 0 w=1 m=0 c= up|" },
	{ "backend d/a [2001:db8::2]",
	  "1 backend d/a 2001:db8::2 0 w=1 m=0 c= up|" },
	{ "backend d/a [2001:db8::2]:65535",
	  "1 backend d/a 2001:db8::2 65535 w=1 m=0 c= up|" },
	{ "backend d/a 2001:db8::1:25",
	  "1 backend d/a 2001:db8::1:25 0 w=1 m=0 c= up|" },
	{ "set service mail scheduler hash",
	  "1 set-service mail scheduler=hash|" },
	{ "set service mail dev - eject 0 mask 128 repick 5",
	  "1 set-service mail dev= mask=128 repick=5 eject=0 0 0|" },
	{ "set service mail eject 3 10 30 dev eth0\nflush",
	  "1 set-service mail dev=eth0 eject=3 10 30|2 flush|" },
	{ "set backend mail/m1 weight 0;set backend a/b mark 0x7 condition x",
	  "1 set-backend mail/m1 weight=0|1 set-backend a/b mark=0x7 condition=x|" },
	{ "set backend a/b condition -", "1 set-backend a/b condition=|" },
	{ "set backend a/b drain 30", "1 set-backend a/b state=drain drain=30|" },
	{ "set backend a/b drain 30 state up", "1 set-backend a/b state=up drain=30|" },
	{ "delete service mail", "1 delete-service mail|" },
	{ "delete backend mail/m1", "1 delete-backend mail/m1|" },
	{ "delete backend mail/m1 force;delete backend a/force",
	  "1 delete-backend mail/m1 force|1 delete-backend a/force|" },
	{ "flush", "1 flush|" },
	{ "replace", "1 replace|" },
	{ "fastpath eth0", "1 fastpath eth0|" },
	{ "fastpath wan bond0.204 wan0\nflush", "1 fastpath wan bond0.204 wan0|2 flush|" },
	{ "fastpath off;fastpath fastpath # x", "1 fastpath off|1 fastpath fastpath|" },
	{ "fastpath abcdefghijklmno a'$@{}, ...",
	  "1 fastpath abcdefghijklmno a'$@{}, ...|" },
	{ "fastpath e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11 e12 e13 e14 e15",
	  "1 fastpath e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11 e12 e13 e14 e15|" },
	{ "confirm;confirm 1;confirm 3600;revert",
	  "1 confirm 0|1 confirm 1|1 confirm 3600|1 revert|" },
	{ "delete fastpath", "1 delete-fastpath|" },

	/* Options, each value, any order. */
	{ "service a tcp 1.2.3.4:1 dev bond0.204",
	  "1 service a tcp 1.2.3.4 1 dev=bond0.204 nth reject|" },
	{ "service a tcp 1.2.3.4:1 dev abcdefghijklmno",
	  "1 service a tcp 1.2.3.4 1 dev=abcdefghijklmno nth reject|" },
	{ "service a tcp 1.2.3.4:1 dev ...",
	  "1 service a tcp 1.2.3.4 1 dev=... nth reject|" },
	{ "service a tcp 1.2.3.4:1 scheduler nth",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:1 scheduler random",
	  "1 service a tcp 1.2.3.4 1 dev= random reject|" },
	{ "service a tcp 1.2.3.4:1 on-empty reject",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:1 on-empty accept",
	  "1 service a tcp 1.2.3.4 1 dev= nth accept|" },
	{ "service a tcp 1.2.3.4:1 on-empty drop",
	  "1 service a tcp 1.2.3.4 1 dev= nth drop|" },
	{ "service a tcp 1.2.3.4:1 on-empty drop dev eth0 scheduler random",
	  "1 service a tcp 1.2.3.4 1 dev=eth0 random drop|" },
	{ "backend a/b 1.2.3.4 weight 0",
	  "1 backend a/b 1.2.3.4 0 w=0 m=0 c= up|" },
	{ "backend a/b 1.2.3.4 weight 1000",
	  "1 backend a/b 1.2.3.4 0 w=1000 m=0 c= up|" },
	{ "backend a/b 1.2.3.4 mark 1",
	  "1 backend a/b 1.2.3.4 0 w=1 m=1 c= up|" },
	{ "backend a/b 1.2.3.4 mark 4294967295",
	  "1 backend a/b 1.2.3.4 0 w=1 m=4294967295 c= up|" },
	{ "backend a/b 1.2.3.4 mark 0xffffffff",
	  "1 backend a/b 1.2.3.4 0 w=1 m=4294967295 c= up|" },
	{ "backend a/b 1.2.3.4 mark 0X00000000Ab",
	  "1 backend a/b 1.2.3.4 0 w=1 m=171 c= up|" },
	{ "backend a/b 1.2.3.4 condition mail1up",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c=mail1up up|" },
	{ "backend a/b 1.2.3.4 condition .\"!{}~abcdefghijklmnopqrstuvw",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c=.\"!{}~abcdefghijklmnopqrstuvw up|" },
	{ "backend a/b 1.2.3.4 state up",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= up|" },
	{ "backend a/b 1.2.3.4 state drain",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= drain|" },
	{ "backend a/b 1.2.3.4 state down",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= down|" },
	{ "backend a/b 1.2.3.4:5 state down mark 7 condition c weight 9",
	  "1 backend a/b 1.2.3.4 5 w=9 m=7 c=c down|" },

	{ "service a tcp 1.2.3.4:1 scheduler hash hash-key addr-port hash-seed 0xfff",
	  "1 service a tcp 1.2.3.4 1 dev= hash reject hash-key=addr-port hash-seed=0xfff|" },
	{ "service a tcp 1.2.3.4:1 hash-key addr hash-seed 0 scheduler least",
	  "1 service a tcp 1.2.3.4 1 dev= least reject|" },
	{ "service a tcp 1.2.3.4:1 hash-seed 4294967295",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject hash-seed=0xffffffff|" },
	{ "service a tcp 1.2.3.4:1 max-clients 1048576 persist 604800 mask 32",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject persist=604800 mask=32 max-clients=1048576|" },
	{ "service a tcp 1.2.3.4:1 max-clients 65536 persist 0",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject|" },
	{ "service a tcp [2001:db8::1]:1 persist 1 mask 128 max-clients 1",
	  "1 service a tcp 2001:db8::1 1 dev= nth reject persist=1 mask=128 max-clients=1|" },
	{ "service a tcp 1.2.3.4:1 snat on window strict accounting on",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject snat=on window=strict accounting=on|" },
	{ "service a tcp 1.2.3.4:1 snat auto window liberal accounting off",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject snat=auto|" },
	{ "service a fwmark 7 on-down-tcp reset on-down-udp keep",
	  "1 service a fwmark 0x7/2 dev= nth reject on-down-tcp=reset on-down-udp=keep|" },
	{ "service a tcp 1.2.3.4:1 on-down-udp reset on-down-tcp move",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject on-down-tcp=move on-down-udp=reset|" },
	{ "service a udp 1.2.3.4:1 min-live 100 on-few tier",
	  "1 service a udp 1.2.3.4 1 dev= nth reject min-live=100 on-few=tier|" },
	{ "service a udp 1.2.3.4:1 on-few open min-live 0",
	  "1 service a udp 1.2.3.4 1 dev= nth reject|" },
	{ "service a udp 1.2.3.4:1 on-down-udp move on-down-tcp keep",
	  "1 service a udp 1.2.3.4 1 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:1 hold 3600",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject hold=3600|" },
	{ "service a fwmark 7 hold 1", "1 service a fwmark 0x7/2 dev= nth reject hold=1|" },
	{ "service a udp 1.2.3.4:1 hold 0",
	  "1 service a udp 1.2.3.4 1 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:1 eject 1 1 1",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject eject=1 1 1|" },
	{ "service a tcp 1.2.3.4:1 eject 1000 3600 3600 snat on",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject snat=on eject=1000 3600 3600|" },
	{ "service a udp 1.2.3.4:1 repick 86400 snat off",
	  "1 service a udp 1.2.3.4 1 dev= nth reject repick=86400|" },
	{ "service a tcp 1.2.3.4:1 repick 0",
	  "1 service a tcp 1.2.3.4 1 dev= nth reject|" },
	{ "backend a/b 1.2.3.4 tier 16 max-conns 1000000000 warmup 3600",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= up tier=16 max-conns=1000000000 warmup=3600|" },
	{ "backend a/b 1.2.3.4 lease-end up initial down",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= up initial=down lease-end=up|" },
	{ "backend a/b 1.2.3.4 lease-end down initial up",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= up|" },
	{ "backend a/b 1.2.3.4 drain 30",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= drain drain=30|" },
	{ "backend a/b 1.2.3.4 drain 604800 state up",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= up drain=604800|" },
	{ "backend a/b 1.2.3.4 state down drain 0",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= down|" },
	{ "backend a/b 1.2.3.4 drain 0",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= drain|" },
	{ "backend a/b 1.2.3.4 tier 1 max-conns 0 warmup 0",
	  "1 backend a/b 1.2.3.4 0 w=1 m=0 c= up|" },

	/* Ports and VIPs. */
	{ "service a tcp 1.2.3.4:1-2", "1 service a tcp 1.2.3.4 1-2 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:25-25", "1 service a tcp 1.2.3.4 25 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:2-65535",
	  "1 service a tcp 1.2.3.4 2-65535 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:1-65535",
	  "1 service a tcp 1.2.3.4 1-65535 dev= nth reject|" },
	{ "service a sctp [2001:db8::1]:*",
	  "1 service a sctp 2001:db8::1 1-65535 dev= nth reject|" },
	{ "service a tcp 1.2.3.4:25,587,8000-8100,24,8101",
	  "1 service a tcp 1.2.3.4 25 1.2.3.4 587 1.2.3.4 8000-8100 1.2.3.4 24 1.2.3.4 8101" END },
	{ "service a udp 1.2.3.4:53 1.2.3.5:53 dev eth0",
	  "1 service a udp 1.2.3.4 53 1.2.3.5 53 dev=eth0 nth reject|" },
	{ "service a udp [::2]:1,2 [::3]:* [::2]:3-9;flush",
	  "1 service a udp ::2 1 ::2 2 ::3 1-65535 ::2 3-9 dev= nth reject|1 flush|" },

	/* Marks. */
	{ "service a fwmark 7", "1 service a fwmark 0x7/2 dev= nth reject|" },
	{ "service a fwmark 0xffffffff family ipv6 dev eth0",
	  "1 service a fwmark 0xffffffff/10 dev=eth0 nth reject|" },
	{ "service a fwmark 1 family ipv4 on-empty drop;flush",
	  "1 service a fwmark 0x1/2 dev= nth drop|1 flush|" },
	{ "service a fwmark 1 scheduler random\nflush",
	  "1 service a fwmark 0x1/2 dev= random reject|2 flush|" },

	/* Names: every kind of character, and the longest. */
	{ "delete service _.-aZ09", "1 delete-service _.-aZ09|" },
	{ "delete backend 0/vip", "1 delete-backend 0/vip|" },
	{ "delete service aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "1 delete-service aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|" },
	{ "backend vip/vip1 1.2.3.4",
	  "1 backend vip/vip1 1.2.3.4 0 w=1 m=0 c= up|" },
	{ "service flush tcp 1.2.3.4:1",
	  "1 service flush tcp 1.2.3.4 1 dev= nth reject|" },

	/* Addresses that look like the refused ones. */
	{ "backend a/b 0.0.0.1", "1 backend a/b 0.0.0.1 0 w=1 m=0 c= up|" },
	{ "backend a/b 223.255.255.255",
	  "1 backend a/b 223.255.255.255 0 w=1 m=0 c= up|" },
	{ "backend a/b 240.0.0.0", "1 backend a/b 240.0.0.0 0 w=1 m=0 c= up|" },
	{ "backend a/b 255.255.255.254",
	  "1 backend a/b 255.255.255.254 0 w=1 m=0 c= up|" },
	{ "backend a/b ::1", "1 backend a/b ::1 0 w=1 m=0 c= up|" },
	{ "backend a/b fe80::1", "1 backend a/b fe80::1 0 w=1 m=0 c= up|" },
	{ "backend a/b 64:ff9b::192.0.2.33",
	  "1 backend a/b 64:ff9b::c000:221 0 w=1 m=0 c= up|" },

	/* Between statements: lines, `;`, comments, blanks. */
	{ "", "" },
	{ "\n\n;;\n # nothing\n", "" },
	{ "#", "" },
	{ "# caf\xc3\xa9 \xff\n\nflush", "3 flush|" },
	{ "flush # caf\xc3\xa9\nflush", "1 flush|2 flush|" },
	{ "flush#x;flush\nflush", "1 flush|2 flush|" },
	{ "flush;flush\nflush;", "1 flush|1 flush|2 flush|" },
	{ " \t flush \t ; \t flush \t ", "1 flush|1 flush|" },
	{ "flush\r\nflush\r\n", "1 flush|2 flush|" },
	{ "# dos\r\nflush\r", "2 flush|" },
	{ "\r\n\r\nflush", "3 flush|" },
	{ "replace;flush\nflush", "1 replace|1 flush|2 flush|" },
	{ "# first\n\n;replace", "3 replace|" },
	{ "delete\tservice\t\ta;delete backend a/b",
	  "1 delete-service a|1 delete-backend a/b|" },
};

/* The options that a statement need not have, from @first on. */
static size_t put_options(char *out, size_t size, enum nf_vip_verb verb,
			  const char *first, const void *spec)
{
	const struct nf_vip_option *option = nf_vip_option_find(verb, first);
	char value[NF_VIP_OPTION_SIZE];
	size_t used = 0;

	for (; option; option = nf_vip_option_next(verb, option))
		if (nf_vip_option_differs(option, spec))
			used += (size_t)snprintf(out + used, size - used, " %s=%s",
						 nf_vip_option_name(option),
						 nf_vip_option_print(option, spec, value));
	return used + (size_t)snprintf(out + used, size - used, "|");
}

static size_t put_match(char *out, size_t size, __u8 family,
			const struct nf_vip_match *match)
{
	char a[INET6_ADDRSTRLEN];

	inet_ntop(family == NFPROTO_IPV4 ? AF_INET : AF_INET6, &match->addr, a,
		  sizeof(a));
	if (match->first == match->last)
		return (size_t)snprintf(out, size, " %s %u", a, match->first);
	return (size_t)snprintf(out, size, " %s %u-%u", a, match->first,
				match->last);
}

static size_t put_service(char *out, size_t size,
			  const struct nf_vip_statement *st)
{
	const struct nf_vip_service_spec *s = &st->svc;
	unsigned int i;
	size_t used;

	used = (size_t)snprintf(out, size, "%u service %s %s", st->line,
				st->service, nf_vip_proto_name(s->proto));
	if (s->fwmark)
		used += (size_t)snprintf(out + used, size - used, " %#x/%u",
					 s->fwmark, s->family);
	for (i = 0; i < s->nr_matches; i++)
		used += put_match(out + used, size - used, s->family,
				  &s->matches[i]);
	used += (size_t)snprintf(out + used, size - used, " dev=%s %s %s",
				 s->dev, nf_vip_scheduler_name(s->policy.scheduler),
				 nf_vip_on_empty_name(s->on_empty));
	return used + put_options(out + used, size - used, NF_VIP_SERVICE,
				  "hash-key", s);
}

static size_t put_backend(char *out, size_t size,
			  const struct nf_vip_statement *st)
{
	const struct nf_vip_backend_spec *b = &st->be;
	char a[INET6_ADDRSTRLEN];
	size_t used;

	inet_ntop(b->family == NFPROTO_IPV4 ? AF_INET : AF_INET6, &b->addr, a,
		  sizeof(a));
	used = (size_t)snprintf(out, size,
				"%u backend %s/%s %s %u w=%u m=%u c=%s %s",
				st->line, st->service, st->backend, a,
				ntohs(b->port), b->weight, b->mark,
				b->condition, nf_vip_state_name(b->state));
	return used + put_options(out + used, size - used, NF_VIP_BACKEND,
				  "tier", b);
}

static size_t put_fastpath(char *out, size_t size,
			   const struct nf_vip_statement *st)
{
	size_t used = (size_t)snprintf(out, size, "%u fastpath", st->line);
	unsigned int i;

	for (i = 0; i < st->fastpath.nr; i++)
		used += (size_t)snprintf(out + used, size - used, " %s",
					 st->fastpath.dev[i]);
	return used + (size_t)snprintf(out + used, size - used, "|");
}

/* The options that were given, and no other. */
static size_t put_given(char *out, size_t size, const struct nf_vip_statement *st,
			const void *spec)
{
	const struct nf_vip_option *option = NULL;
	char value[NF_VIP_OPTION_SIZE];
	size_t used;
	unsigned int i;

	used = (size_t)snprintf(out, size, st->backend[0] ? "%u set-%s %s/%s" : "%u set-%s %s%s",
				st->line, st->backend[0] ? "backend" : "service", st->service,
				st->backend);
	for (i = 0; (option = nf_vip_option_next(st->verb, option)); i++)
		if (st->given & 1U << i)
			used += (size_t)snprintf(out + used, size - used, " %s=%s",
						 nf_vip_option_name(option),
						 nf_vip_option_print(option, spec, value));
	return used + (size_t)snprintf(out + used, size - used, "|");
}

static size_t put(char *out, size_t size, const struct nf_vip_statement *st)
{
	switch (st->verb) {
	case NF_VIP_SERVICE:
		return put_service(out, size, st);
	case NF_VIP_BACKEND:
		return put_backend(out, size, st);
	case NF_VIP_SET_SERVICE:
		return put_given(out, size, st, &st->svc);
	case NF_VIP_SET_BACKEND:
		return put_given(out, size, st, &st->be);
	case NF_VIP_DELETE_SERVICE:
		return (size_t)snprintf(out, size, "%u delete-service %s|",
					st->line, st->service);
	case NF_VIP_DELETE_BACKEND:
		return (size_t)snprintf(out, size, "%u delete-backend %s/%s%s|",
					st->line, st->service, st->backend,
					st->force ? " force" : "");
	case NF_VIP_FASTPATH:
		return put_fastpath(out, size, st);
	case NF_VIP_DELETE_FASTPATH:
		return (size_t)snprintf(out, size, "%u delete-fastpath|",
					st->line);
	case NF_VIP_CONFIRM:
		return (size_t)snprintf(out, size, "%u confirm %u|", st->line,
					st->seconds);
	case NF_VIP_REVERT:
		return (size_t)snprintf(out, size, "%u revert|", st->line);
	case NF_VIP_FLUSH:
		return (size_t)snprintf(out, size, "%u flush|", st->line);
	case NF_VIP_REPLACE:
		return (size_t)snprintf(out, size, "%u replace|", st->line);
	}
	return 0;
}

static void run(const struct row *row)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	char got[2048] = "";
	size_t used = 0;
	int ret;

	nf_vip_parse_start(&p, row->text, strlen(row->text));
	while ((ret = nf_vip_parse_next(&p, &st)) > 0)
		used += put(got + used, sizeof(got) - used, &st);
	if (!tap_ok(!ret && !strcmp(got, row->want), row->text)) {
		tap_note("returned %d %s", ret, p.error);
		tap_note("wanted %s", row->want);
		tap_note("got    %s", got);
	}
}

/* What the verb does not name is zero, whatever was in the caller's struct. */
static void test_zero(void)
{
	static const char text[] = "service a tcp 1.2.3.4:5 dev eth0\nflush";
	struct nf_vip_statement st, zero;
	struct nf_vip_parser p;

	memset(&st, 0xa5, sizeof(st));
	memset(&zero, 0, sizeof(zero));
	nf_vip_parse_start(&p, text, strlen(text));
	nf_vip_parse_next(&p, &st);
	tap_ok(!memcmp(st.backend, zero.backend, sizeof(st.backend)) &&
	       !memcmp((char *)&st.svc.matches[0].addr + 4,
		       (char *)&zero.svc.matches[0].addr + 4, 12) &&
	       !memcmp(&st.svc.matches[1], &zero.svc.matches[1],
		       sizeof(zero.svc.matches) - sizeof(zero.svc.matches[0])),
	       "unused bytes of a service are zero");
	nf_vip_parse_next(&p, &st);
	zero.verb = NF_VIP_FLUSH;
	zero.line = 2;
	tap_ok(!memcmp(&st, &zero, sizeof(st)), "unused bytes are zero");
}

/* Words of an option, there and back. */
static bool words_agree(enum nf_vip_verb verb, const char *name, int nr)
{
	const struct nf_vip_option *option = nf_vip_option_find(verb, name);
	union {
		struct nf_vip_service_spec svc;
		struct nf_vip_backend_spec be;
	} spec;
	char word[NF_VIP_OPTION_SIZE];
	bool pass = option;
	__u32 value, i;

	memset(&spec, 0, sizeof(spec));
	for (i = 0; pass && i < (__u32)nr; i++) {
		nf_vip_option_put(option, &spec, i);
		pass &= nf_vip_option_get(option, &spec) == i &&
			!nf_vip_option_parse(option,
					     nf_vip_option_print(option, &spec, word),
					     &value) && value == i;
	}
	nf_vip_option_put(option, &spec, (__u32)nr);
	return pass && !strcmp(nf_vip_option_print(option, &spec, word), "?");
}

static void test_words(void)
{
	const struct nf_vip_option *scheduler, *tier;
	__u32 value = 7;

	tap_ok(words_agree(NF_VIP_SERVICE, "scheduler", NF_VIP_SCHED_LEAST + 1) &&
	       words_agree(NF_VIP_SERVICE, "on_empty", NF_VIP_EMPTY_DROP + 1) &&
	       words_agree(NF_VIP_SERVICE, "hash-key", NF_VIP_HASH_ADDR_PORT + 1) &&
	       words_agree(NF_VIP_SERVICE, "snat", NF_VIP_SNAT_AUTO + 1) &&
	       words_agree(NF_VIP_SERVICE, "window", NF_VIP_WINDOW_STRICT + 1) &&
	       words_agree(NF_VIP_SERVICE, "accounting", NF_VIP_ACCOUNTING_ON + 1) &&
	       words_agree(NF_VIP_SERVICE, "on_down_tcp", NF_VIP_DOWN_MOVE + 1) &&
	       words_agree(NF_VIP_SERVICE, "on_down_udp", NF_VIP_DOWN_MOVE + 1) &&
	       words_agree(NF_VIP_SERVICE, "on_few", NF_VIP_FEW_REJECT + 1) &&
	       words_agree(NF_VIP_BACKEND, "initial", NF_VIP_INITIAL_UNKNOWN + 1) &&
	       words_agree(NF_VIP_BACKEND, "state", NF_VIP_STATE_DOWN + 1),
	       "words of the enums, there and back");
	scheduler = nf_vip_option_find(NF_VIP_SERVICE, "scheduler");
	tier = nf_vip_option_find(NF_VIP_BACKEND, "tier");
	tap_ok(nf_vip_option_parse(scheduler, "nthx", &value) == -EINVAL &&
	       nf_vip_option_parse(scheduler, "", &value) == -EINVAL &&
	       nf_vip_option_parse(scheduler, "Nth", &value) == -EINVAL &&
	       nf_vip_option_parse(tier, "0", &value) == -ERANGE &&
	       nf_vip_option_parse(tier, "17", &value) == -ERANGE &&
	       nf_vip_option_parse(tier, "1 ", &value) == -EINVAL &&
	       nf_vip_option_parse(nf_vip_option_find(NF_VIP_SERVICE, "dev"), "eth0",
				   &value) == -EINVAL && value == 7,
	       "other values are refused");
	tap_ok(nf_vip_scheduler_name(99) && nf_vip_on_empty_name(99) &&
	       nf_vip_state_name(99) && nf_vip_proto_name(99),
	       "a value without a word has something to print");
	tap_ok(nf_vip_option_find(NF_VIP_BACKEND, "max_conns") &&
	       nf_vip_option_find(NF_VIP_BACKEND, "max-conns") &&
	       !nf_vip_option_find(NF_VIP_BACKEND, "max") &&
	       !nf_vip_option_find(NF_VIP_BACKEND, "max_conns_") &&
	       !nf_vip_option_find(NF_VIP_BACKEND, "snat"), "options by name");
}

/* As its file in sysfs has it. */
static int read_eject(const char *text, __u32 fails, __u32 window, __u32 time)
{
	const struct nf_vip_option *eject = nf_vip_option_find(NF_VIP_SERVICE, "eject");
	__u32 values[3] = { 7, 7, 7 };
	int err;

	err = nf_vip_option_parse_list(eject, text, values);
	if (err)
		return err;
	return values[0] != fails || values[1] != window || values[2] != time;
}

static void test_numbers(void)
{
	static const char * const wrong[] = {
		"", " ", "3", "3 10", "3 10 30 ", " 3 10 30", "3  10 30", "3 10 30 40",
		"3 10 x", "03 10 30", "3,10,30",
	};
	static const char * const outside[] = {
		"0 10 30", "0 0", "0 ", "3 0 30", "3 10 0", "1001 10 30", "3 3601 30", "3 10 3601",
		"4294967297 10 30",
	};
	bool pass = true;
	size_t i;

	tap_ok(!read_eject("3 10 30", 3, 10, 30) && !read_eject("0", 0, 0, 0) &&
	       !read_eject("0 0 0", 0, 0, 0) && !read_eject("1000 3600 3600", 1000, 3600, 3600),
	       "an option of several numbers");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		pass &= read_eject(wrong[i], 0, 0, 0) == -EINVAL;
	for (i = 0; i < ARRAY_SIZE(outside); i++)
		pass &= read_eject(outside[i], 0, 0, 0) == -ERANGE;
	tap_ok(pass, "refuses what is not just those");
}

static void test_names(void)
{
	tap_ok(!nf_vip_name_valid("a") && !nf_vip_name_valid("_.-") &&
	       !nf_vip_name_valid("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	       "valid names");
	tap_ok(nf_vip_name_valid("") == -EINVAL &&
	       nf_vip_name_valid(".") == -EINVAL &&
	       nf_vip_name_valid("-a") == -EINVAL &&
	       nf_vip_name_valid("a/b") == -EINVAL &&
	       nf_vip_name_valid("a b") == -EINVAL &&
	       nf_vip_name_valid("\xc3\xa9") == -EINVAL, "invalid names");
	tap_ok(nf_vip_name_valid("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") ==
	       -ENAMETOOLONG, "a name that is too long");
	tap_ok(nf_vip_backend_name_reserved("service") &&
	       !nf_vip_backend_name_reserved("services") &&
	       !nf_vip_backend_name_reserved("hold") &&
	       !nf_vip_backend_name_reserved(""), "reserved names");
}

/* Blocks cover a range without a gap, and are as few as nf_vip_block_bits() says. */
static void test_blocks(void)
{
	static const __u16 ranges[][3] = {
		{ 1, 65534, 30 }, { 8000, 8100, 4 }, { 1024, 65535, 6 }, { 2, 3, 1 },
		{ 1, 2, 2 }, { 32768, 65535, 1 }, { 65534, 65535, 1 }, { 1, 65535, 1 },
		{ 25, 25, 1 },
	};
	bool pass = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		struct nf_vip_service_spec spec = {
			.nr_matches = 1,
			.matches[0] = { .first = ranges[i][0], .last = ranges[i][1] },
		};
		__u32 port = ranges[i][0];

		while (port <= ranges[i][1]) {
			__u32 size = 1U << nf_vip_block_bits(port, ranges[i][1]);

			pass &= !(port % size);
			port += size;
		}
		pass &= port == ranges[i][1] + 1U && nf_vip_entries(&spec) == ranges[i][2];
	}
	tap_ok(pass, "blocks of ranges");
}

/* What set does not give stays, of every kind of option; and so does the rest. */
static void test_merge(void)
{
	static const char text[] =
		"service a udp 1.2.3.4:5 dev eth0 scheduler hash persist 60 eject 3 10 30\n"
		"set service a dev - persist 61 eject 0 repick 7\n"
		"set service a scheduler least mask 33 dev wan\n";
	struct nf_vip_statement st;
	struct nf_vip_service_spec spec;
	struct nf_vip_misfit misfit;
	struct nf_vip_parser p;
	bool pass;

	nf_vip_parse_start(&p, text, strlen(text));
	nf_vip_parse_next(&p, &st);
	spec = st.svc;
	nf_vip_parse_next(&p, &st);
	nf_vip_set_merge(&st, &spec);
	pass = !spec.dev[0] && spec.policy.scheduler == NF_VIP_SCHED_HASH &&
	       spec.policy.persist == 61 && spec.policy.repick == 7 &&
	       !spec.eject.fails && !spec.eject.time &&
	       spec.matches[0].first == 5 && spec.max_clients == NF_VIP_CLIENTS_DEFAULT &&
	       !nf_vip_service_fits(&spec, &misfit);
	nf_vip_parse_next(&p, &st);
	nf_vip_set_merge(&st, &spec);
	pass &= !strcmp(spec.dev, "wan") && spec.policy.scheduler == NF_VIP_SCHED_LEAST &&
		spec.policy.persist == 61 && spec.policy.repick == 7;
	tap_ok(pass, "set changes what it gives");
	tap_ok(nf_vip_service_fits(&spec, &misfit) == -ERANGE && !strcmp(misfit.option, "mask"),
	       "what does not go with the service");
}

static bool ask(const char *text, struct nf_vip_question *question)
{
	char error[NF_VIP_ERROR_MAX];

	return !nf_vip_parse_question(text, strlen(text), question, error) && !error[0];
}

static void test_questions(void)
{
	struct nf_vip_question q, other;

	tap_ok(ask("tcp 203.0.113.7:40000 -> 10.0.0.1:25", &q) && q.proto == IPPROTO_TCP &&
	       q.family == NFPROTO_IPV4 && q.client.ip == htonl(0xcb007107) &&
	       q.vip.ip == htonl(0x0a000001) && q.client_port == htons(40000) &&
	       q.vip_port == htons(25) && !q.dev[0] && !q.mark && !q.fwmark, "a question");
	tap_ok(ask("\ttcp  203.0.113.7:40000 10.0.0.1:25\t\n", &other) &&
	       !memcmp(&q, &other, sizeof(q)), "the same without an arrow, with other blanks");
	tap_ok(ask("udp [fd00::9]:1 -> [2001:db8::1]:65535 fwmark 0x7 mark 5 dev eth0.204", &q) &&
	       q.proto == IPPROTO_UDP && q.family == NFPROTO_IPV6 && q.vip_port == 0xffff &&
	       q.vip.all[0] == htonl(0x20010db8) && q.client.all[3] == htonl(9) &&
	       q.mark == 5 && q.fwmark == 7 && !strcmp(q.dev, "eth0.204"),
	       "IPv6 and options in any order");
	tap_ok(ask("sctp 10.0.0.9:2 10.0.0.1:1 mark 0xffffffff", &q) &&
	       q.proto == IPPROTO_SCTP && q.mark == 0xffffffff, "SCTP, and a large mark");
}

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		run(&rows[i]);
	test_zero();
	test_merge();
	test_words();
	test_numbers();
	test_names();
	test_blocks();
	test_questions();
	return tap_done();
}
