// SPDX-License-Identifier: GPL-2.0
/*
 * Every refusal of the parser: one table of texts, each with the error number
 * and the exact sentence.
 */
#include "nf_vip_option.h"
#include "tap.h"

struct row {
	const char *text;
	int err;
	const char *sentence;
};

#define VERBS	"expected service, backend, fastpath, set, delete, flush, confirm, revert or "	\
		"replace"
#define SVC	"service a tcp 1.2.3.4:5 "
#define BE	"backend a/b 1.2.3.4 "
#define A32	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NO_ADDR	"expected an IPv4 or IPv6 address"
#define PORTS	"expected 1 to 65535"
#define VIPPORT	"expected ADDRESS:PORT or [ADDRESS]:PORT"
#define CHARS	"a name has letters, digits, \"_\", \"-\" and \".\""
#define BEGIN	"a name begins with a letter, a digit or \"_\""
#define LONG	"a name has at most 31 characters"
#define IFNAME	"expected an interface name of 1 to 15 characters"
#define NFTABLES \
	"nftables takes no interface with \", * or \\ in its name"
#define FNAME	"expected a file name of 1 to 30 characters"
#define MARKS	"expected 1 to 4294967295, or 0x and hex digits"
#define UP_TO_16 "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16"
#define TWICE	"given twice for this address"
/* Stand for the words of all options, so that a new one is nothing to these rows. */
#define OPTIONS	"expected SERVICE OPTIONS"
#define BACKEND_OPTIONS	"expected BACKEND OPTIONS"
#define EJECT	"expected 1 to 1000 failures, 1 to 3600 seconds, 1 to 3600 seconds"
#define ZERO	"a number has no leading zero"

static const struct row rows[] = {
	/* Words that start a statement. */
	{ "servce mail", -EINVAL, "line 1: unknown word \"servce\": " VERBS },
	{ "Service mail", -EINVAL, "line 1: unknown word \"Service\": " VERBS },
	{ "services", -EINVAL, "line 1: unknown word \"services\": " VERBS },
	{ "f", -EINVAL, "line 1: unknown word \"f\": " VERBS },
	{ "flush\n\nreplace", -EINVAL,
	  "line 3: \"replace\": only allowed as the first statement" },
	{ "replace;replace", -EINVAL,
	  "line 1: \"replace\": only allowed as the first statement" },

	/* Missing and trailing words. */
	{ "service", -EINVAL,
	  "line 1: after \"service\": expected the name of a service" },
	{ "service a", -EINVAL, "line 1: after \"a\": expected tcp, udp, sctp or fwmark" },
	{ "service a;tcp 1.2.3.4:5", -EINVAL,
	  "line 1: after \"a\": expected tcp, udp, sctp or fwmark" },
	{ "service a # tcp", -EINVAL,
	  "line 1: after \"a\": expected tcp, udp, sctp or fwmark" },
	{ "service a\ntcp", -EINVAL, "line 1: after \"a\": expected tcp, udp, sctp or fwmark" },
	{ "service a tcp", -EINVAL, "line 1: after \"tcp\": " VIPPORT },
	{ SVC "dev", -EINVAL, "line 1: after \"dev\": " IFNAME },
	{ SVC "scheduler", -EINVAL,
	  "line 1: after \"scheduler\": expected nth, random, hash or least" },
	{ SVC "on-empty", -EINVAL,
	  "line 1: after \"on-empty\": expected reject, accept or drop" },
	{ "\nbackend", -EINVAL,
	  "line 2: after \"backend\": expected SERVICE/NAME" },
	{ "backend a/b", -EINVAL, "line 1: after \"a/b\": " NO_ADDR },
	{ BE "weight", -EINVAL, "line 1: after \"weight\": expected 0 to 1000" },
	{ BE "mark", -EINVAL, "line 1: after \"mark\": " MARKS },
	{ BE "condition", -EINVAL, "line 1: after \"condition\": " FNAME },
	{ BE "state", -EINVAL,
	  "line 1: after \"state\": expected up, drain or down" },
	{ "set", -EINVAL, "line 1: after \"set\": expected service or backend" },
	{ "set fastpath wan", -EINVAL,
	  "line 1: unknown word \"fastpath\": expected service or backend" },
	{ "set service", -EINVAL,
	  "line 1: after \"service\": expected the name of a service" },
	{ "set service a", -EINVAL, "line 1: after \"a\": expected an option" },
	{ "set service a;dev eth0", -EINVAL, "line 1: after \"a\": expected an option" },
	{ "set backend", -EINVAL, "line 1: after \"backend\": expected SERVICE/NAME" },
	{ "set backend a weight 1", -EINVAL, "line 1: \"a\": expected SERVICE/NAME" },
	{ "\nset backend a/b", -EINVAL, "line 2: after \"a/b\": expected an option" },
	{ "delete", -EINVAL,
	  "line 1: after \"delete\": expected service, backend or fastpath" },
	{ "delete service", -EINVAL,
	  "line 1: after \"service\": expected the name of a service" },
	{ "delete backend", -EINVAL,
	  "line 1: after \"backend\": expected SERVICE/NAME" },
	{ "delete all", -EINVAL,
	  "line 1: unknown word \"all\": expected service, backend or fastpath" },
	{ "delete service a b", -EINVAL,
	  "line 1: \"b\": expected the end of the statement" },
	{ "delete backend a/b c", -EINVAL,
	  "line 1: \"c\": expected force or the end of the statement" },
	{ "delete backend a/b forced", -EINVAL,
	  "line 1: \"forced\": expected force or the end of the statement" },
	{ "delete backend a/b force force", -EINVAL,
	  "line 1: \"force\": expected the end of the statement" },
	{ "delete service a force", -EINVAL,
	  "line 1: \"force\": expected the end of the statement" },
	{ "confirm 0", -ERANGE, "line 1: confirm \"0\": expected 1 to 3600 seconds" },
	{ "confirm 3601", -ERANGE, "line 1: confirm \"3601\": expected 1 to 3600 seconds" },
	{ "confirm 4294967296", -ERANGE,
	  "line 1: confirm \"4294967296\": expected 1 to 3600 seconds" },
	{ "confirm 1m", -EINVAL, "line 1: confirm \"1m\": expected 1 to 3600 seconds" },
	{ "confirm 060", -EINVAL, "line 1: confirm \"060\": " ZERO },
	{ "confirm 5 6", -EINVAL, "line 1: \"6\": expected the end of the statement" },
	{ "revert 5", -EINVAL, "line 1: \"5\": expected the end of the statement" },
	{ "flush all", -EINVAL,
	  "line 1: \"all\": expected the end of the statement" },
	{ "replace all", -EINVAL,
	  "line 1: \"all\": expected the end of the statement" },

	/* Options. */
	{ SVC "weight 1", -EINVAL,
	  "line 1: unknown word \"weight\": " OPTIONS },
	{ BE "dev eth0", -EINVAL,
	  "line 1: unknown word \"dev\": " BACKEND_OPTIONS },
	{ "set service a weight 1", -EINVAL, "line 1: unknown word \"weight\": " OPTIONS },
	{ "set service a tcp 1.2.3.4:5", -EINVAL, "line 1: unknown word \"tcp\": " OPTIONS },
	{ "set service a family ipv6", -EINVAL, "line 1: unknown word \"family\": " OPTIONS },
	{ "set backend a/b dev eth0", -EINVAL,
	  "line 1: unknown word \"dev\": " BACKEND_OPTIONS },
	{ "set backend a/b 1.2.3.4", -EINVAL,
	  "line 1: unknown word \"1.2.3.4\": " BACKEND_OPTIONS },
	{ "set backend a/b weight", -EINVAL, "line 1: after \"weight\": expected 0 to 1000" },
	{ "set backend a/b weight 1001", -ERANGE, "line 1: weight \"1001\": expected 0 to 1000" },
	{ "set backend a/b weight -", -EINVAL, "line 1: weight \"-\": expected 0 to 1000" },
	{ "set backend a/b mark 0", -ERANGE, "line 1: mark \"0\": " MARKS },
	{ "set backend a/b weight 1 tier 1 weight 1", -EINVAL, "line 1: \"weight\": given twice" },
	{ "set backend a/b condition -x/", -EINVAL, "line 1: condition \"-x/\": " FNAME },
	{ "set service a eject 3", -EINVAL, "line 1: after \"3\": " EJECT },
	{ "set service a eject 3 0 1", -ERANGE, "line 1: eject \"0\": " EJECT },
	{ "set service a eject 0 0 0", -EINVAL, "line 1: unknown word \"0\": " OPTIONS },
	{ SVC "eject 0", -ERANGE, "line 1: eject \"0\": " EJECT },
	{ SVC "dev a dev b", -EINVAL, "line 1: \"dev\": given twice" },
	{ SVC "scheduler nth scheduler nth", -EINVAL,
	  "line 1: \"scheduler\": given twice" },
	{ SVC "on-empty drop dev a on-empty drop", -EINVAL,
	  "line 1: \"on-empty\": given twice" },
	{ BE "weight 1 weight 1", -EINVAL, "line 1: \"weight\": given twice" },
	{ BE "mark 1 mark 1", -EINVAL, "line 1: \"mark\": given twice" },
	{ BE "condition a condition a", -EINVAL,
	  "line 1: \"condition\": given twice" },
	{ BE "state up state up", -EINVAL, "line 1: \"state\": given twice" },
	{ SVC "scheduler rr", -EINVAL,
	  "line 1: scheduler \"rr\": expected nth, random, hash or least" },
	{ SVC "on-empty rejected", -EINVAL,
	  "line 1: on-empty \"rejected\": expected reject, accept or drop" },
	{ SVC "hash-key", -EINVAL,
	  "line 1: after \"hash-key\": expected addr or addr-port" },
	{ SVC "hash-key port", -EINVAL,
	  "line 1: hash-key \"port\": expected addr or addr-port" },
	{ SVC "hash-seed", -EINVAL,
	  "line 1: after \"hash-seed\": expected 0 to 4294967295, or 0x and hex digits" },
	{ SVC "hash-seed 4294967296", -ERANGE,
	  "line 1: hash-seed \"4294967296\": expected 0 to 4294967295, or 0x and hex digits" },
	{ SVC "hash-seed x", -EINVAL,
	  "line 1: hash-seed \"x\": expected 0 to 4294967295, or 0x and hex digits" },
	{ SVC "persist", -EINVAL,
	  "line 1: after \"persist\": expected 0 to 604800 seconds" },
	{ SVC "persist 604801", -ERANGE,
	  "line 1: persist \"604801\": expected 0 to 604800 seconds" },
	{ SVC "persist -1", -EINVAL,
	  "line 1: persist \"-1\": expected 0 to 604800 seconds" },
	{ SVC "persist 5m", -EINVAL,
	  "line 1: persist \"5m\": expected 0 to 604800 seconds" },
	{ SVC "mask", -EINVAL,
	  "line 1: after \"mask\": expected 1 to 128" },
	{ SVC "mask 0", -ERANGE,
	  "line 1: mask \"0\": expected 1 to 128" },
	{ SVC "mask 129", -ERANGE,
	  "line 1: mask \"129\": expected 1 to 128" },
	{ SVC "mask /24", -EINVAL,
	  "line 1: mask \"/24\": expected 1 to 128" },
	{ SVC "max-clients", -EINVAL,
	  "line 1: after \"max-clients\": expected 1 to 1048576" },
	{ SVC "max-clients 0", -ERANGE,
	  "line 1: max-clients \"0\": expected 1 to 1048576" },
	{ SVC "max-clients 1048577", -ERANGE,
	  "line 1: max-clients \"1048577\": expected 1 to 1048576" },
	{ SVC "max-clients 1k", -EINVAL,
	  "line 1: max-clients \"1k\": expected 1 to 1048576" },
	{ SVC "snat", -EINVAL,
	  "line 1: after \"snat\": expected off, on or auto" },
	{ SVC "snat yes", -EINVAL,
	  "line 1: snat \"yes\": expected off, on or auto" },
	{ SVC "window", -EINVAL,
	  "line 1: after \"window\": expected liberal or strict" },
	{ SVC "window loose", -EINVAL,
	  "line 1: window \"loose\": expected liberal or strict" },
	{ SVC "on-down-tcp", -EINVAL,
	  "line 1: after \"on-down-tcp\": expected keep, reset or move" },
	{ SVC "on-down-tcp drop", -EINVAL,
	  "line 1: on-down-tcp \"drop\": expected keep, reset or move" },
	{ SVC "on-down-udp moved", -EINVAL,
	  "line 1: on-down-udp \"moved\": expected keep, reset or move" },
	{ SVC "min-live 101", -ERANGE,
	  "line 1: min-live \"101\": expected 0 to 100 percent" },
	{ SVC "min-live 50%", -EINVAL,
	  "line 1: min-live \"50%\": expected 0 to 100 percent" },
	{ SVC "on-few accept", -EINVAL,
	  "line 1: on-few \"accept\": expected open, tier, drop or reject" },
	{ SVC "on-down-udp keep on-down-udp keep", -EINVAL,
	  "line 1: \"on-down-udp\": given twice" },
	{ "service a udp 1.2.3.4:1 hold 5", -EINVAL,
	  "line 1: \"hold\": goes with tcp and fwmark only" },
	{ "service a sctp 1.2.3.4:1 hold 5", -EINVAL,
	  "line 1: \"hold\": goes with tcp and fwmark only" },
	{ SVC "hold", -EINVAL,
	  "line 1: after \"hold\": expected 0 to 3600 seconds" },
	{ SVC "hold 3601", -ERANGE,
	  "line 1: hold \"3601\": expected 0 to 3600 seconds" },
	{ SVC "hold 5s", -EINVAL,
	  "line 1: hold \"5s\": expected 0 to 3600 seconds" },
	{ SVC "hold 5 hold 5", -EINVAL, "line 1: \"hold\": given twice" },
	{ SVC "eject", -EINVAL, "line 1: after \"eject\": " EJECT },
	{ SVC "eject 3", -EINVAL, "line 1: after \"3\": " EJECT },
	{ SVC "eject 3 10", -EINVAL, "line 1: after \"10\": " EJECT },
	{ SVC "eject 0 10 30", -ERANGE, "line 1: eject \"0\": " EJECT },
	{ SVC "eject 1001 10 30", -ERANGE, "line 1: eject \"1001\": " EJECT },
	{ SVC "eject 3 0 30", -ERANGE, "line 1: eject \"0\": " EJECT },
	{ SVC "eject 3 3601 30", -ERANGE, "line 1: eject \"3601\": " EJECT },
	{ SVC "eject 3 10 0", -ERANGE, "line 1: eject \"0\": " EJECT },
	{ SVC "eject 3 10 3601", -ERANGE, "line 1: eject \"3601\": " EJECT },
	{ SVC "eject 3 10 4294967296", -ERANGE,
	  "line 1: eject \"4294967296\": " EJECT },
	{ SVC "eject 3 10 snat on", -EINVAL, "line 1: eject \"snat\": " EJECT },
	{ SVC "eject 3 010 30", -EINVAL, "line 1: eject \"010\": " ZERO },
	{ SVC "eject 3,10,30", -EINVAL, "line 1: eject \"3,10,30\": " EJECT },
	{ SVC "eject off", -EINVAL, "line 1: eject \"off\": " EJECT },
	{ SVC "eject 3 10 30 eject 3 10 30", -EINVAL,
	  "line 1: \"eject\": given twice" },
	{ SVC "eject 3 10 30 40", -EINVAL,
	  "line 1: unknown word \"40\": " OPTIONS },
	{ SVC "repick", -EINVAL,
	  "line 1: after \"repick\": expected 0 to 86400 seconds" },
	{ SVC "repick 86401", -ERANGE,
	  "line 1: repick \"86401\": expected 0 to 86400 seconds" },
	{ SVC "repick never", -EINVAL,
	  "line 1: repick \"never\": expected 0 to 86400 seconds" },
	{ SVC "accounting", -EINVAL,
	  "line 1: after \"accounting\": expected off or on" },
	{ SVC "accounting 1", -EINVAL,
	  "line 1: accounting \"1\": expected off or on" },
	{ BE "tier", -EINVAL,
	  "line 1: after \"tier\": expected 1 to 16" },
	{ BE "tier 0", -ERANGE,
	  "line 1: tier \"0\": expected 1 to 16" },
	{ BE "tier 17", -ERANGE,
	  "line 1: tier \"17\": expected 1 to 16" },
	{ BE "tier one", -EINVAL,
	  "line 1: tier \"one\": expected 1 to 16" },
	{ BE "max-conns", -EINVAL,
	  "line 1: after \"max-conns\": expected 0 to 1000000000" },
	{ BE "max-conns 1000000001", -ERANGE,
	  "line 1: max-conns \"1000000001\": expected 0 to 1000000000" },
	{ BE "max-conns -1", -EINVAL,
	  "line 1: max-conns \"-1\": expected 0 to 1000000000" },
	{ BE "warmup", -EINVAL,
	  "line 1: after \"warmup\": expected 0 to 3600 seconds" },
	{ BE "warmup 3601", -ERANGE,
	  "line 1: warmup \"3601\": expected 0 to 3600 seconds" },
	{ BE "warmup 1.5", -EINVAL,
	  "line 1: warmup \"1.5\": expected 0 to 3600 seconds" },
	{ BE "initial", -EINVAL,
	  "line 1: after \"initial\": expected up, down or unknown" },
	{ BE "initial drain", -EINVAL,
	  "line 1: initial \"drain\": expected up, down or unknown" },
	{ BE "initial 1", -EINVAL,
	  "line 1: initial \"1\": expected up, down or unknown" },
	{ BE "lease-end", -EINVAL,
	  "line 1: after \"lease-end\": expected down or up" },
	{ BE "lease-end Up", -EINVAL,
	  "line 1: lease-end \"Up\": expected down or up" },
	{ BE "lease-end up lease-end up", -EINVAL,
	  "line 1: \"lease-end\": given twice" },
	{ BE "drain", -EINVAL, "line 1: after \"drain\": expected 0 to 604800 seconds" },
	{ BE "drain 604801", -ERANGE,
	  "line 1: drain \"604801\": expected 0 to 604800 seconds" },
	{ BE "drain 4294967296", -ERANGE,
	  "line 1: drain \"4294967296\": expected 0 to 604800 seconds" },
	{ BE "drain -1", -EINVAL, "line 1: drain \"-1\": expected 0 to 604800 seconds" },
	{ BE "drain 30s", -EINVAL, "line 1: drain \"30s\": expected 0 to 604800 seconds" },
	{ BE "drain 030", -EINVAL, "line 1: drain \"030\": " ZERO },
	{ BE "drain 5 drain 5", -EINVAL, "line 1: \"drain\": given twice" },
	{ SVC "drain 5", -EINVAL, "line 1: unknown word \"drain\": " OPTIONS },
	{ SVC "repick 5", -EINVAL,
	  "line 1: \"repick\": goes with udp only" },
	{ SVC "mask 33 persist 5", -ERANGE,
	  "line 1: \"mask\": expected 1 to 32, as the VIP is IPv4" },
	{ SVC "snat on snat on", -EINVAL, "line 1: \"snat\": given twice" },
	{ BE "state dead", -EINVAL,
	  "line 1: state \"dead\": expected up, drain or down" },
	{ SVC "dev abcdefghijklmnop", -ENAMETOOLONG,
	  "line 1: dev \"abcdefghijklmnop\": " IFNAME },
	/* To set it is none, and so it is to readers of status. */
	{ SVC "dev -", -EINVAL, "line 1: dev \"-\": " IFNAME },
	{ BE "condition -", -EINVAL, "line 1: condition \"-\": " FNAME },
	{ SVC "dev a/b", -EINVAL, "line 1: dev \"a/b\": " IFNAME },
	{ SVC "dev eth0:1", -EINVAL, "line 1: dev \"eth0:1\": " IFNAME },
	{ SVC "dev .", -EINVAL, "line 1: dev \".\": " IFNAME },
	{ SVC "dev ..", -EINVAL, "line 1: dev \"..\": " IFNAME },
	{ BE "condition abcdefghijklmnopqrstuvwxyz12345", -ENAMETOOLONG,
	  "line 1: condition \"abcdefghijklmnopqrstuvwxyz12345\": " FNAME },
	{ BE "condition ../config", -EINVAL,
	  "line 1: condition \"../config\": " FNAME },
	{ BE "condition .", -EINVAL, "line 1: condition \".\": " FNAME },
	{ BE "condition ..", -EINVAL, "line 1: condition \"..\": " FNAME },

	/* The fast path. */
	{ "fastpath", -EINVAL,
	  "line 1: after \"fastpath\": expected the names of interfaces" },
	{ "fastpath # eth0", -EINVAL,
	  "line 1: after \"fastpath\": expected the names of interfaces" },
	{ "fastpath a b a", -EINVAL, "line 1: fastpath \"a\": given twice" },
	{ "fastpath eth0:1", -EINVAL, "line 1: fastpath \"eth0:1\": " IFNAME },
	{ "fastpath a a/b", -EINVAL, "line 1: fastpath \"a/b\": " IFNAME },
	{ "fastpath ..", -EINVAL, "line 1: fastpath \"..\": " IFNAME },
	{ "fastpath abcdefghijklmnop", -ENAMETOOLONG,
	  "line 1: fastpath \"abcdefghijklmnop\": " IFNAME },
	{ "fastpath eth*", -EINVAL, "line 1: fastpath \"eth*\": " NFTABLES },
	{ "fastpath a\\", -EINVAL, "line 1: fastpath \"a\\\": " NFTABLES },
	{ "fastpath a\"b", -EINVAL, "line 1: fastpath \"a\"b\": " NFTABLES },
	{ "\nfastpath e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 e10 e11 e12 e13 e14 e15 e16", -E2BIG,
	  "line 2: fastpath \"e16\": expected at most 16 interfaces" },
	{ "fastpath a\xc3", -EINVAL, "line 1: byte 0xc3 is not text" },
	{ "delete fastpath eth0", -EINVAL,
	  "line 1: \"eth0\": expected the end of the statement" },

	/* Numbers. */
	{ "\n" BE "weight 5000", -ERANGE,
	  "line 2: weight \"5000\": expected 0 to 1000" },
	{ BE "weight 1001", -ERANGE,
	  "line 1: weight \"1001\": expected 0 to 1000" },
	{ BE "weight 4294967297", -ERANGE,
	  "line 1: weight \"4294967297\": expected 0 to 1000" },
	{ BE "weight 18446744073709551617", -ERANGE,
	  "line 1: weight \"18446744073709551617\": expected 0 to 1000" },
	{ BE "weight 18446744073709551617x", -EINVAL,
	  "line 1: weight \"18446744073709551617x\": expected 0 to 1000" },
	{ BE "weight -1", -EINVAL, "line 1: weight \"-1\": expected 0 to 1000" },
	{ BE "weight +1", -EINVAL, "line 1: weight \"+1\": expected 0 to 1000" },
	{ BE "weight 1k", -EINVAL, "line 1: weight \"1k\": expected 0 to 1000" },
	{ BE "weight 1.0", -EINVAL,
	  "line 1: weight \"1.0\": expected 0 to 1000" },
	{ BE "weight 0x1", -EINVAL,
	  "line 1: weight \"0x1\": expected 0 to 1000" },
	{ BE "weight 010", -EINVAL, "line 1: weight \"010\": " ZERO },
	{ BE "weight 00", -EINVAL, "line 1: weight \"00\": " ZERO },
	{ BE "mark 0", -ERANGE, "line 1: mark \"0\": " MARKS },
	{ BE "mark 0x0", -ERANGE, "line 1: mark \"0x0\": " MARKS },
	{ BE "mark 0x", -EINVAL, "line 1: mark \"0x\": " MARKS },
	{ BE "mark 0xg", -EINVAL, "line 1: mark \"0xg\": " MARKS },
	{ BE "mark ff", -EINVAL, "line 1: mark \"ff\": " MARKS },
	{ BE "mark -1", -EINVAL, "line 1: mark \"-1\": " MARKS },
	{ BE "mark 0x-1", -EINVAL, "line 1: mark \"0x-1\": " MARKS },
	{ BE "mark 1/1", -EINVAL, "line 1: mark \"1/1\": " MARKS },
	{ BE "mark 010", -EINVAL, "line 1: mark \"010\": " ZERO },
	{ BE "mark 4294967296", -ERANGE, "line 1: mark \"4294967296\": " MARKS },
	{ BE "mark 0x100000000", -ERANGE,
	  "line 1: mark \"0x100000000\": " MARKS },

	/* Names. */
	{ "service " A32 " tcp", -ENAMETOOLONG,
	  "line 1: service \"" A32 "\": " LONG },
	{ "delete service a/b", -EINVAL, "line 1: service \"a/b\": " CHARS },
	{ "delete service ../a", -EINVAL, "line 1: service \"../a\": " BEGIN },
	{ "delete service .", -EINVAL, "line 1: service \".\": " BEGIN },
	{ "delete service -a", -EINVAL, "line 1: service \"-a\": " BEGIN },
	{ "delete service a:b", -EINVAL, "line 1: service \"a:b\": " CHARS },
	{ "delete service a\"b", -EINVAL, "line 1: service \"a\"b\": " CHARS },
	{ "backend a 1.2.3.4", -EINVAL, "line 1: \"a\": expected SERVICE/NAME" },
	{ "delete backend a", -EINVAL, "line 1: \"a\": expected SERVICE/NAME" },
	{ "backend a/b/c 1.2.3.4", -EINVAL, "line 1: backend \"b/c\": " CHARS },
	{ "backend a/.. 1.2.3.4", -EINVAL, "line 1: backend \"..\": " BEGIN },
	{ "backend a/ 1.2.3.4", -EINVAL,
	  "line 1: backend \"\": expected a name" },
	{ "backend /b 1.2.3.4", -EINVAL,
	  "line 1: service \"\": expected a name" },
	{ "backend " A32 "/b 1.2.3.4", -ENAMETOOLONG,
	  "line 1: service \"" A32 "\": " LONG },
	{ "backend b/" A32 " 1.2.3.4", -ENAMETOOLONG,
	  "line 1: backend \"" A32 "\": " LONG },
	{ "delete service " A32 "bbbbbbbb", -ENAMETOOLONG,
	  "line 1: service \"" A32 "bbbbbbbb\": " LONG },
	{ "delete service " A32 "bbbbbbbbb", -ENAMETOOLONG,
	  "line 1: service \"" A32 "bbbbb...\": " LONG },

	/* Protocol, address and port. */
	{ "service a icmp 1.2.3.4:5", -EINVAL,
	  "line 1: protocol \"icmp\": expected tcp, udp, sctp or fwmark" },
	{ "service a tcp 1.2.3.4", -EINVAL, "line 1: \"1.2.3.4\": " VIPPORT },
	{ "service a tcp 2001:db8::1", -EINVAL,
	  "line 1: \"2001:db8::1\": " VIPPORT },
	{ "service a tcp [2001:db8::1]", -EINVAL,
	  "line 1: \"[2001:db8::1]\": " VIPPORT },
	{ "service a tcp 25", -EINVAL, "line 1: \"25\": " NO_ADDR },
	{ "service a tcp :25", -EINVAL, "line 1: \":25\": " NO_ADDR },
	{ "service a tcp 1.2.3:25", -EINVAL, "line 1: \"1.2.3:25\": " NO_ADDR },
	{ "service a tcp 1.2.3.4.5:25", -EINVAL,
	  "line 1: \"1.2.3.4.5:25\": " NO_ADDR },
	{ "service a tcp 1.2.3.256:25", -EINVAL,
	  "line 1: \"1.2.3.256:25\": " NO_ADDR },
	{ "service a tcp 01.2.3.4:25", -EINVAL,
	  "line 1: \"01.2.3.4:25\": " NO_ADDR },
	{ "service a tcp mail.example:25", -EINVAL,
	  "line 1: \"mail.example:25\": " NO_ADDR },
	{ "backend a/b 10.0.0.0/8", -EINVAL, "line 1: \"10.0.0.0/8\": " NO_ADDR },
	{ "backend a/b fe80::1%eth0", -EINVAL,
	  "line 1: \"fe80::1%eth0\": " NO_ADDR },
	{ "backend a/b 2001:db8:::1", -EINVAL,
	  "line 1: \"2001:db8:::1\": " NO_ADDR },
	{ "backend a/b [2001:db8::1", -EINVAL,
	  "line 1: \"[2001:db8::1\": the bracket is not closed" },
	{ "backend a/b [", -EINVAL,
	  "line 1: \"[\": the bracket is not closed" },
	{ "backend a/b 2001:db8::1]:25", -EINVAL,
	  "line 1: \"2001:db8::1]:25\": the bracket is not opened" },
	{ "backend a/b []:25", -EINVAL,
	  "line 1: \"[]:25\": brackets hold an IPv6 address" },
	{ "backend a/b [1.2.3.4]:25", -EINVAL,
	  "line 1: \"[1.2.3.4]:25\": brackets hold an IPv6 address" },
	{ "backend a/b [::1]25", -EINVAL,
	  "line 1: \"[::1]25\": expected [ADDRESS]:PORT" },
	{ "backend a/b [::1]]:25", -EINVAL,
	  "line 1: \"[::1]]:25\": expected [ADDRESS]:PORT" },
	{ "backend a/b [[::1]:25", -EINVAL, "line 1: \"[[::1]:25\": " NO_ADDR },
	{ "service a tcp 1.2.3.4:0", -ERANGE, "line 1: port \"0\": " PORTS },
	{ "service a tcp 1.2.3.4:65536", -ERANGE,
	  "line 1: port \"65536\": " PORTS },
	{ "service a tcp 1.2.3.4:4294967321", -ERANGE,
	  "line 1: port \"4294967321\": " PORTS },
	{ "service a tcp 1.2.3.4:", -EINVAL, "line 1: port \"\": " PORTS },
	{ "service a tcp 1.2.3.4:smtp", -EINVAL, "line 1: port \"smtp\": " PORTS },
	{ "service a tcp 1.2.3.4:0x19", -EINVAL, "line 1: port \"0x19\": " PORTS },
	{ "service a tcp 1.2.3.4:025", -EINVAL, "line 1: port \"025\": " ZERO },
	{ "backend a/b 1.2.3.4:0", -ERANGE, "line 1: port \"0\": " PORTS },
	{ "backend a/b [::1]:70000", -ERANGE, "line 1: port \"70000\": " PORTS },
	{ "backend a/b [::1]:", -EINVAL, "line 1: port \"\": " PORTS },
	{ "backend a/b [::1]:1:2", -EINVAL, "line 1: port \"1:2\": " PORTS },
	{ "\n\n\nservice a tcp 1.2.3.4:25-20", -ERANGE,
	  "line 4: \"25-20\": the port range is reversed" },
	{ "backend a/b [::1]:20-25", -EINVAL,
	  "line 1: \"20-25\": a backend has one port" },
	{ "backend a/b 1.2.3.4:25-20", -ERANGE,
	  "line 1: \"25-20\": the port range is reversed" },
	{ "service a tcp 1.2.3.4:-25", -EINVAL, "line 1: port \"-25\": " PORTS },
	{ "service a tcp 1.2.3.4:25-", -EINVAL, "line 1: port \"25-\": " PORTS },
	{ "service a tcp 1.2.3.4:1-2-3", -EINVAL,
	  "line 1: port \"1-2-3\": " PORTS },
	{ "service a tcp 1.2.3.4:1-70000", -EINVAL,
	  "line 1: port \"1-70000\": " PORTS },
	{ "service a tcp 1.2.3.4:0-5", -EINVAL, "line 1: port \"0-5\": " PORTS },

	/* Lists of ports, and several VIPs. */
	{ "service a tcp 1.2.3.4:25,", -EINVAL, "line 1: port \"\": " PORTS },
	{ "service a tcp 1.2.3.4:,25", -EINVAL, "line 1: port \"\": " PORTS },
	{ "service a tcp 1.2.3.4:25,,26", -EINVAL, "line 1: port \"\": " PORTS },
	{ "service a tcp 1.2.3.4:25,0", -ERANGE, "line 1: port \"0\": " PORTS },
	{ "service a tcp 1.2.3.4:25,9-8", -ERANGE,
	  "line 1: \"9-8\": the port range is reversed" },
	{ "service a tcp 1.2.3.4:*-5", -EINVAL, "line 1: port \"*-5\": " PORTS },
	{ "service a tcp 1.2.3.4:**", -EINVAL, "line 1: port \"**\": " PORTS },
	{ "service a tcp 1.2.3.4:25,25", -EINVAL, "line 1: port \"25\": " TWICE },
	{ "service a tcp 1.2.3.4:*,25", -EINVAL, "line 1: port \"25\": " TWICE },
	{ "service a tcp 1.2.3.4:25,*", -EINVAL, "line 1: port \"*\": " TWICE },
	{ "service a tcp 1.2.3.4:20-30,30-40", -EINVAL,
	  "line 1: port \"30-40\": " TWICE },
	{ "service a tcp 1.2.3.4:20-30 1.2.3.5:5 1.2.3.4:1-65535", -EINVAL,
	  "line 1: port \"1-65535\": " TWICE },
	{ "service a tcp 1.2.3.4:25 1.2.3.5", -EINVAL, "line 1: \"1.2.3.5\": " VIPPORT },
	{ "service a tcp 1.2.3.4:25 ::1", -EINVAL, "line 1: \"::1\": " VIPPORT },
	{ "service a tcp 1.2.3.4:25 dev eth0 1.2.3.5:25", -EINVAL,
	  "line 1: unknown word \"1.2.3.5:25\": " OPTIONS },
	{ "service a tcp 1.2.3.4:25 [::1]:25", -EAFNOSUPPORT,
	  "line 1: \"[::1]:25\": the VIPs of a service are of one family" },
	{ "service a tcp 1.2.3.4:" UP_TO_16 " 1.2.3.5:" UP_TO_16 ",17-18", -E2BIG,
	  "line 1: \"17-18\": expected at most 32 ports and ranges of a service" },
	{ "backend a/b 1.2.3.4:*", -EINVAL, "line 1: port \"*\": " PORTS },
	{ "backend a/b 1.2.3.4:1,2", -EINVAL, "line 1: port \"1,2\": " PORTS },
	{ "backend a/b 1.2.3.4:5-5", -EINVAL,
	  "line 1: \"5-5\": a backend has one port" },

	/* Marks. */
	{ "service a fwmark", -EINVAL, "line 1: after \"fwmark\": " MARKS },
	{ "service a fwmark 0", -ERANGE, "line 1: fwmark \"0\": " MARKS },
	{ "service a fwmark 0x100000000", -ERANGE,
	  "line 1: fwmark \"0x100000000\": " MARKS },
	{ "service a fwmark 1.2.3.4:5", -EINVAL,
	  "line 1: fwmark \"1.2.3.4:5\": " MARKS },
	{ "service a fwmark 07", -EINVAL, "line 1: fwmark \"07\": " ZERO },
	{ "service a fwmark 0x7/0xff", -EINVAL, "line 1: fwmark \"0x7/0xff\": " MARKS },
	{ "service a fwmark 7 1.2.3.4:5", -EINVAL,
	  "line 1: unknown word \"1.2.3.4:5\": " OPTIONS },
	{ "service a fwmark 7 family", -EINVAL,
	  "line 1: after \"family\": expected ipv4 or ipv6" },
	{ "service a fwmark 7 family inet", -EINVAL,
	  "line 1: family \"inet\": expected ipv4 or ipv6" },
	{ "service a fwmark 7 family ipv4 family ipv6", -EINVAL,
	  "line 1: unknown word \"family\": " OPTIONS },
	{ "service a fwmark 7 repick 5", -EINVAL, "line 1: \"repick\": goes with udp only" },
	{ SVC "family ipv4", -EINVAL, "line 1: unknown word \"family\": " OPTIONS },

	/* Addresses that nobody can connect to. */
	{ "service a tcp 0.0.0.0:25", -EINVAL,
	  "line 1: \"0.0.0.0:25\": this address stands for every address" },
	{ "service a tcp [::]:25", -EINVAL,
	  "line 1: \"[::]:25\": this address stands for every address" },
	{ "backend a/b 0.0.0.0", -EINVAL,
	  "line 1: \"0.0.0.0\": this address stands for every address" },
	{ "backend a/b ::", -EINVAL,
	  "line 1: \"::\": this address stands for every address" },
	{ "service a udp 224.0.0.1:25", -EINVAL,
	  "line 1: \"224.0.0.1:25\": this is a multicast address" },
	{ "backend a/b 239.255.255.255", -EINVAL,
	  "line 1: \"239.255.255.255\": this is a multicast address" },
	{ "backend a/b ff02::1", -EINVAL,
	  "line 1: \"ff02::1\": this is a multicast address" },
	{ "service a udp 255.255.255.255:25", -EINVAL,
	  "line 1: \"255.255.255.255:25\": this is the broadcast address" },
	{ "service a tcp [::ffff:10.0.0.1]:25", -EINVAL,
	  "line 1: \"[::ffff:10.0.0.1]:25\": this is an IPv4 address: write it as IPv4" },
	{ "backend a/b ::ffff:a00:1", -EINVAL,
	  "line 1: \"::ffff:a00:1\": this is an IPv4 address: write it as IPv4" },

	/* Bytes that are not text; words before them are read first. */
	{ "flush\x01", -EINVAL, "line 1: byte 0x01 is not text" },
	{ "fl\x7f", -EINVAL, "line 1: unknown word \"fl\": " VERBS },
	{ "\x7f", -EINVAL, "line 1: byte 0x7f is not text" },
	{ "\n\xc3\xa9", -EINVAL, "line 2: byte 0xc3 is not text" },
	{ "service a\xff tcp", -EINVAL, "line 1: byte 0xff is not text" },
	{ "flush\r;flush", -EINVAL, "line 1: byte 0x0d is not text" },
	{ "flush\v", -EINVAL, "line 1: byte 0x0b is not text" },
	{ "# a \x1b[31m", -EINVAL, "line 1: byte 0x1b is not text" },
	{ "#\n# a\rb", -EINVAL, "line 2: byte 0x0d is not text" },

	/* The first error wins, and lines are counted as editors count them. */
	{ "flush\nservice x\nservce", -EINVAL,
	  "line 2: after \"x\": expected tcp, udp, sctp or fwmark" },
	{ "#\r\n\r\n;;;\n\tservice", -EINVAL,
	  "line 4: after \"service\": expected the name of a service" },
};

/* Every option of a statement: "a, b or c". */
static void print_options(enum nf_vip_verb verb, char *to, size_t size)
{
	const struct nf_vip_option *option, *next = nf_vip_option_next(verb, NULL);
	size_t at = 0;

	for (option = next; option; option = next) {
		next = nf_vip_option_next(verb, option);
		at += (size_t)snprintf(to + at, size - at, "%s%s",
				       !at ? "" : next ? ", " : " or ",
				       nf_vip_option_name(option));
	}
}

/* The sentence of a row, with the words of options where it only speaks of them. */
static const char *sentence_of(const struct row *row, char *buf, size_t size)
{
	const char *end = strstr(row->sentence, " OPTIONS");
	enum nf_vip_verb verb;
	size_t at;

	if (!end)
		return row->sentence;
	at = (size_t)(end - row->sentence) - strlen("SERVICE");
	verb = strncmp(row->sentence + at, "SERVICE", 7) ? NF_VIP_BACKEND : NF_VIP_SERVICE;
	snprintf(buf, size, "%.*s", (int)at, row->sentence);
	print_options(verb, buf + at, size - at);
	return buf;
}

static void check(const struct row *row, size_t len, const char *name)
{
	char buf[NF_VIP_ERROR_MAX];
	const char *sentence = sentence_of(row, buf, sizeof(buf));
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	int ret;

	nf_vip_parse_start(&p, row->text, len);
	do {
		ret = nf_vip_parse_next(&p, &st);
	} while (ret > 0);
	if (!tap_ok(ret == row->err && !strcmp(p.error, sentence), name)) {
		tap_note("wanted %d %s", row->err, sentence);
		tap_note("got    %d %s", ret, p.error);
	}
}

/* NUL cannot stand in the table above. */
static void test_nul(void)
{
	static const struct row row[] = {
		{ "flush\0", -EINVAL, "line 1: byte 0x00 is not text" },
		{ "\n#\0#", -EINVAL, "line 2: byte 0x00 is not text" },
		{ "flush\0flush\0\0", -EINVAL, "line 1: byte 0x00 is not text" },
	};

	check(&row[0], 6, "a NUL at the end");
	check(&row[1], 4, "a NUL in a comment");
	check(&row[2], 13, "NULs between statements");
}

/* The folder of the service's own files is no backend; the ABI says so. */
static void test_reserved(void)
{
	static const char text[] = "backend a/service 1.2.3.4";
	static const struct row row = {
		text, -EINVAL,
		"line 1: \"a/service\": sysfs has the files of the service there; take another name"
	};

	check(&row, strlen(text), text);
}

#define ASK	"tcp 10.0.0.9:4000 -> 10.0.0.1:25 "

/* The same of questions, whose sentences have no line. */
static const struct row questions[] = {
	{ "", -EINVAL, "expected tcp, udp or sctp" },
	{ "\n", -EINVAL, "expected tcp, udp or sctp" },
	{ "icmp", -EINVAL, "protocol \"icmp\": expected tcp, udp or sctp" },
	{ "fwmark 1.2.3.4:5", -EINVAL, "protocol \"fwmark\": expected tcp, udp or sctp" },
	{ "TCP", -EINVAL, "protocol \"TCP\": expected tcp, udp or sctp" },
	{ "tcp", -EINVAL, "after \"tcp\": expected the client's ADDRESS:PORT" },
	{ "tcp ->", -EINVAL, "\"->\": " NO_ADDR },
	{ "tcp 10.0.0.9", -EINVAL, "\"10.0.0.9\": " VIPPORT },
	{ "tcp 10.0.0.9:", -EINVAL, "port \"\": " PORTS },
	{ "tcp 10.0.0.9:0", -ERANGE, "port \"0\": " PORTS },
	{ "tcp 10.0.0.9:65536", -ERANGE, "port \"65536\": " PORTS },
	{ "tcp 10.0.0.9:*", -EINVAL, "port \"*\": " PORTS },
	{ "tcp 10.0.0.9:40-50", -EINVAL, "\"10.0.0.9:40-50\": a connection has one port" },
	{ "tcp 10.0.0.9:4000", -EINVAL,
	  "after \"10.0.0.9:4000\": expected the VIP's ADDRESS:PORT" },
	{ "tcp 10.0.0.9:4000 ->", -EINVAL, "after \"->\": expected the VIP's ADDRESS:PORT" },
	{ "tcp 10.0.0.9:4000 -> 10.0.0.1", -EINVAL, "\"10.0.0.1\": " VIPPORT },
	{ "tcp 10.0.0.9:4000 0.0.0.0:25", -EINVAL,
	  "\"0.0.0.0:25\": this address stands for every address" },
	{ "tcp 10.0.0.9:4000 [fd00::1]:25", -EAFNOSUPPORT,
	  "\"[fd00::1]:25\": the client's address is of another family" },
	{ ASK "why", -EINVAL, "unknown word \"why\": expected dev, mark or fwmark" },
	{ ASK "dev", -EINVAL, "after \"dev\": " IFNAME },
	{ ASK "dev 0123456789abcdef", -ENAMETOOLONG, "dev \"0123456789abcdef\": " IFNAME },
	{ ASK "dev a/b", -EINVAL, "dev \"a/b\": " IFNAME },
	{ ASK "dev a dev a", -EINVAL, "\"dev\": given twice" },
	{ ASK "mark", -EINVAL, "after \"mark\": " MARKS },
	{ ASK "mark 0", -ERANGE, "mark \"0\": " MARKS },
	{ ASK "mark 07", -EINVAL, "mark \"07\": " ZERO },
	{ ASK "mark 4294967296", -ERANGE, "mark \"4294967296\": " MARKS },
	{ ASK "mark 1 mark 1", -EINVAL, "\"mark\": given twice" },
	{ ASK "fwmark x", -EINVAL, "fwmark \"x\": " MARKS },
	{ ASK "fwmark 1 dev a fwmark 1", -EINVAL, "\"fwmark\": given twice" },
	{ ASK "\n" ASK, -EINVAL, "byte 0x0a is not text" },
	{ ASK "# why", -EINVAL, "unknown word \"#\": expected dev, mark or fwmark" },
	{ "tcp\r", -EINVAL, "byte 0x0d is not text" },
	{ "tcp 10.0.0.9:4000\x01", -EINVAL, "byte 0x01 is not text" },
};

static void check_question(const char *text, size_t len, int err, const char *sentence)
{
	char error[NF_VIP_ERROR_MAX], name[128];
	struct nf_vip_question question;
	int ret = nf_vip_parse_question(text, len, &question, error);

	snprintf(name, sizeof(name), "question %.*s", (int)strcspn(text, "\n"), text);
	if (!tap_ok(ret == err && !strcmp(error, sentence), name)) {
		tap_note("wanted %d %s", err, sentence);
		tap_note("got    %d %s", ret, error);
	}
}

static void test_questions(void)
{
	char blanks[NF_VIP_QUESTION_MAX + 2] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(questions); i++)
		check_question(questions[i].text, strlen(questions[i].text), questions[i].err,
			       questions[i].sentence);
	check_question("tcp\0", 4, -EINVAL, "byte 0x00 is not text");
	memset(blanks, ' ', NF_VIP_QUESTION_MAX + 1);
	check_question(blanks, NF_VIP_QUESTION_MAX + 1, -E2BIG, "expected at most 255 bytes");
	check_question(blanks, NF_VIP_QUESTION_MAX, -EINVAL, "expected tcp, udp or sctp");
}

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check(&rows[i], strlen(rows[i].text), rows[i].text);
	test_nul();
	test_reserved();
	test_questions();
	return tap_done();
}
