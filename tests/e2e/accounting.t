#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets and bytes, where a service asks for them. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# traffic OBJECT: in and out, packets and bytes
traffic()
{
	echo "$(field "$1" packets-in) $(field "$1" bytes-in) $(field "$1" packets-out) $(field "$1" bytes-out)"
}

load
lan 2
serve b1 25
serve b2 25
configure 'service u udp 10.0.0.1:25 accounting on
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2
service u6 udp [2001:db8::1]:25 accounting on
backend u6/b1 fd00::1
service off udp 10.0.0.1:26
backend off/b1 192.168.0.1:25'

# The server's answer is a line; a header of UDP has 8 bytes, of IPv4 20, of IPv6 40.
is "$(call -u -b 100 -c 6 10.0.0.1 25)" "b1=3 b2=3" "six datagrams of 100 bytes"
[[ $(traffic 'service u') =~ ^6\ 768\ 6\ ([0-9]+)$ ]] || fail "6 of 128 bytes in: $(traffic 'service u')"
out=${BASH_REMATCH[1]-0}
is "$(traffic 'service u')" "6 768 6 $out" "6 in, of 128 bytes each, and 6 out"
is "$(traffic 'backend u/b1') $(traffic 'backend u/b2')" "3 384 3 $((out / 2)) 3 384 3 $((out / 2))" "half of it at each backend"
call -u -b 100 -c 2 2001:db8::1 25 >/dev/null
like "$(traffic 'service u6')" "^2 296 2 [1-9]" "IPv6"
call -u -b 100 -c 2 10.0.0.1 26 >/dev/null
is "$(traffic 'service off') $(traffic 'backend off/b1')" "0 0 0 0 0 0 0 0" "off by default"

# A connection that is open when it is switched on.
hold flow client -u 10.0.0.1 26
echo on >$sys/off/service/accounting
ask flow
read -r packets _ answers _ <<<"$(traffic 'service off')"
is "$packets $answers" "1 1" "switched on: also for flows from before"
echo off >$sys/off/service/accounting
ask flow
is "$(traffic 'service off')" "$(traffic 'backend off/b1')" "switched off"
is "$(field 'service off' packets-in)" 1 "nothing more is counted"

is "$(put $sys/off/service/accounting 1) $(put $sys/off/service/accounting On) $(<$sys/off/service/accounting)" "EINVAL EINVAL off" "on and off, nothing else"

# The gateway's own.
is "$(agent call -u -b 100 10.0.0.1 25)" "b1=1" "a datagram of the gateway itself"
is "$(field 'service u' packets-in)" 7 "is counted, once"
configure 'backend u/b2 192.168.0.2 weight 2'
is "$(field 'backend u/b1' packets-in)" 4 "counters stay when something else changes"
configure 'delete backend u/b1'
is "$(field 'service u' packets-in)" 7 "a service keeps what a deleted backend had"
done_testing
