#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl check: whole configurations, good and bad.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh

build_vipctl || exit 1
conf=$tap_dir/conf
A="service a tcp 10.0.0.1:25"

# good NAME SERVICES BACKENDS, of the configuration in $conf
good()
{
	is "$1" 0 "$conf: good, $2, $3" "" vipctl check "$conf"
}

# bad SENTENCE, of the configuration in $conf
bad()
{
	is "$1" 1 "" "vipctl: $conf: $1" vipctl check "$conf"
}

# lines PREFIX COUNT SUFFIX: numbered lines
lines()
{
	seq -f "$1%.0f$3" 1 "$2"
}

: >"$conf"
nothing='no statement; "replace" alone means that there shall be no services'
bad "$nothing"
printf '# only a comment\n;\n\n' >"$conf"
bad "$nothing"
printf '# the deadline of nothing\nconfirm 60\n' >"$conf"
bad "$nothing"

printf '# only a comment\n\nreplace' >"$conf"
good "nothing but replace" "0 services" "0 backends"

cat >"$conf" <<END
replace
$A dev bond0.204
backend a/mail1 192.168.0.1 condition mail1up mark 1
backend a/mail2 192.168.0.2 condition mail1up mark 0x2
END
good "one service, two backends, one flag" "1 service" "2 backends"

cat >"$conf" <<END
$A
service b udp 10.0.0.1:25
service c tcp 10.0.0.1:26
service d tcp 10.0.0.1:25 dev eth0
service e tcp 10.0.0.1:25 dev eth1
service f tcp [a00:1::]:25
backend a/x 10.1.0.1
backend b/x 10.1.0.1
backend f/x [2001:db8::1]:25
END
good "services that differ by one thing" "6 services" "3 backends"

cat >"$conf" <<END
$A ; delete service a ; $A
backend a/x 10.1.0.1 mark 5 ; delete backend a/x ; backend a/x ::1
delete backend a/x ; backend a/y 10.1.0.1 mark 5
END
good "deleted and stated again" "1 service" "1 backend"

printf '%s\nbackend a/x 10.1.0.1\nflush\n' "$A" >"$conf"
good "flush leaves nothing" "0 services" "0 backends"

cat >"$conf" <<END
fastpath wan lan
$A
delete fastpath
fastpath wan lan bond0.204; flush; fastpath wan
END
good "the fast path, deleted, flushed and stated again" "0 services" "0 backends"

printf 'fastpath a\n%s\nfastpath b\n' "$A" >"$conf"
bad 'line 3: fastpath: stated on line 1 already'

printf '%s\ndelete fastpath\n' "$A" >"$conf"
bad 'line 2: fastpath: expected one that exists'

printf 'replace\nfastpath a b a\n' >"$conf"
bad 'line 2: fastpath "a": given twice'

{ echo "$A"; lines "backend a/b" 4096 " 10.1.0.1 weight 256"; } >"$conf"
good "the largest service, every slot used" "1 service" "4096 backends"

{ echo "$A"; lines "backend a/b" 4096 " 10.1.0.1 weight 1000"; } >"$conf"
good "weights with a common divisor" "1 service" "4096 backends"

lines "service s" 65535 " tcp 10.0.0.1:" | awk 'sub(/:$/, ":" NR)' >"$conf"
echo "service s65536 udp 10.0.0.1:1" >>"$conf"
good "as many services as there may be" "65536 services" "0 backends"

check_stdin()
{
	vipctl check - <"$conf"
}
is "the standard input" 0 "standard input: good, 65536 services, 0 backends" \
	"" check_stdin

echo "service s0 udp 10.0.0.1:2" >>"$conf"
bad 'expected at most 65536 services'

{ echo "$A"; lines "backend a/b" 4097 " 10.1.0.1"; } >"$conf"
bad 'line 4098: service "a": expected at most 4096 backends'

{ echo "$A"; lines "backend a/b" 4095 " 10.1.0.1 weight 257"; } >"$conf"
echo "backend a/c 10.1.0.1 weight 0" >>"$conf"
good "a backend without weight takes no slot" "1 service" "4096 backends"

sed -i 's/^backend a\/c .*/backend a\/c 10.1.0.1 weight 1/' "$conf"
bad 'line 4097: service "a": the weights need more than 1048576 slots'

echo "service a tcp 10.0.0.1:25-20" >"$conf"
bad 'line 1: "25-20": the port range is reversed'

printf 'backend a/x 10.1.0.1\n%s\n' "$A" >"$conf"
bad 'line 1: service "a": expected one that exists'

printf '%s\ndelete service b\n' "$A" >"$conf"
bad 'line 2: service "b": expected one that exists'

printf '%s\ndelete backend b/x\n' "$A" >"$conf"
bad 'line 2: service "b": expected one that exists'

printf '%s\ndelete backend a/x\n' "$A" >"$conf"
bad 'line 2: backend "a/x": expected one that exists'

printf '%s\nbackend a/x 10.1.0.1\ndelete service a\nbackend a/x 10.1.0.1\n' \
	"$A" >"$conf"
bad 'line 4: service "a": expected one that exists'

printf '%s\n\nservice a udp 10.0.0.9:53\n' "$A" >"$conf"
bad 'line 3: service "a": stated on line 1 already'

printf '%s\nbackend a/x 10.1.0.1;backend a/x 10.1.0.2\n' "$A" >"$conf"
bad 'line 2: backend "a/x": stated on line 2 already'

printf '%s\nbackend a/x 2001:db8::1\n' "$A" >"$conf"
bad 'line 2: backend "a/x": expected an IPv4 address, as the VIP is'

printf 'service a tcp [2001:db8::9]:25\nbackend a/x 10.1.0.1\n' >"$conf"
bad 'line 2: backend "a/x": expected an IPv6 address, as the VIP is'

printf '%s dev eth0\nservice b tcp 10.0.0.1:25 scheduler random dev eth0\n' \
	"$A" >"$conf"
bad 'line 2: service "b": another service has 10.0.0.1:25 and the same dev'

printf 'service a tcp [2001:db8::1]:25\nservice b tcp [2001:DB8:0::0:1]:25\n' \
	>"$conf"
bad 'line 2: service "b": another service has [2001:db8::1]:25 and the same dev'

cat >"$conf" <<END
service a tcp 10.0.0.1:25,80-90 10.0.0.2:*
service b tcp 10.0.0.1:26,85
service c tcp 10.0.0.2:1-100
service d tcp 10.0.0.1:*
service e udp 10.0.0.1:80-90
service f tcp 10.0.0.1:80-90 dev eth0
service g fwmark 7
service h fwmark 7 family ipv6
service i tcp 10.0.0.1:91-99,70-79
END
good "the same port alone, in a range, among all ports, and other things that differ" \
	"9 services" "0 backends"

# Either end of the later range, all of it inside, all of the earlier inside.
for range in 70-80 90-91 85-86 2-100; do
	printf 'service a tcp 10.0.0.9:5,80-90\nservice b tcp 10.0.0.1:25 10.0.0.9:1,%s\n' $range >"$conf"
	bad "line 2: service \"b\": another service has ports of 10.0.0.9:$range and the same dev"
done
printf 'service a tcp 10.0.0.1:*\nservice b tcp 10.0.0.1:25,80-90 10.0.0.2:1 10.0.0.1:26\n' >"$conf"
printf 'service c tcp 10.0.0.1:1-65535\n' >>"$conf"
bad 'line 3: service "c": another service has 10.0.0.1:* and the same dev'
printf 'service a fwmark 7 dev eth0\nservice c fwmark 7\nservice b fwmark 0x7 dev eth0\n' >"$conf"
bad 'line 3: service "b": another service has fwmark 0x7 and the same dev'

printf 'service a tcp 10.0.0.1:25 10.0.0.2:25\nbackend a/x 2001:db8::1\n' >"$conf"
bad 'line 2: backend "a/x": expected an IPv4 address, as the VIP is'

# 34953 services of 30 blocks each.
perl -e 'printf "service s%d tcp 10.%d.%d.1:1-65534\n", $_, $_ >> 8, $_ & 255 for 1 .. 34953' >"$conf"
bad 'the port ranges need more than 1048576 entries'
sed -i '$d' "$conf"
good "as many ranges as the map holds" "34952 services" "0 backends"

printf '%s\nbackend a/x 10.1.0.1 mark 16\n' "$A" >"$conf"
printf 'service b udp 10.0.0.1:25\nbackend b/x 10.1.0.1 mark 0x10\n' >>"$conf"
bad 'line 4: mark "0x10": another backend has it'

perl -e 'srand(6); print map { chr(int(rand(256))) } 1 .. 1 << 20' >"$conf"
status=0
vipctl check "$conf" >"$tap_dir/out" 2>"$tap_dir/err" || status=$?
[ $status = 1 ] && [ ! -s "$tap_dir/out" ] &&
	[ "$(wc -l <"$tap_dir/err")" = 1 ] &&
	grep -q "^vipctl: $conf: line 1: " "$tap_dir/err"
result $? "1 MiB of garbage gets one sentence" "$tap_dir/err"

# 16 MiB is what one transaction takes; apply needs a few bytes of it.
{ echo "$A"; yes '# 16 MiB of comments'; } | head -c $((16 << 20)) >"$conf"
bad 'larger than 16 MiB'
truncate -s -8 "$conf"
good "a file of almost 16 MiB" "1 service" "0 backends"

is "a file that is not there" 1 "" "vipctl: none: No such file or directory" \
	vipctl check none
finish
