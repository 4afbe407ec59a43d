#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Services of several ports and VIPs: lists, ranges, all ports; each connection at its own port or all of them at one;
# which of several services has a port; and what config, status and sysfs show. The
# VIPs are addresses of the gateway: what is not balanced gets there.
. "$(dirname "$0")/lib.sh"

# at ARGS...: the backends' ports that calls reach
at() { call -f 2 "$@"; }
wide=(25 26 587 7999 8000 8063 8064 8100 8101 9000)

load
lan 2
serve b1 "${wide[@]}"
serve b2 "${wide[@]}"
agent serve gateway 26 7999 8101 >/dev/null

# --- a list with a range, 1:1 ---
configure 'service s tcp 10.0.0.1:25,587,8000-8100
backend s/b1 192.168.0.1
backend s/b2 192.168.0.2'
for port in 25 587 8000 8063 8064 8100; do
	is "$(at -c 2 10.0.0.1 $port)" "$port=2" "port $port is at the same one of the backends"
done
is "$(field 'service s' chosen)" 12 "all of them are connections of the service"
is "$(call -c 4 10.0.0.1 8042)" "ECONNREFUSED=4" "a port in between where nobody listens"
is "$(field 'service s' chosen)" 16 "but it was sent there"
for port in 26 7999 8101; do
	is "$(call 10.0.0.1 $port)" "gateway=1" "port $port is not the service's"
done
is "$(field 'service s' chosen)" 16 "nor counted"
is "$(field 'service s' vip) $(field 'backend s/b1' address)" "10.0.0.1:25,587,8000-8100 192.168.0.1:*" "status shows them"
is "$(<$sys/s/service/vip) $(<$sys/s/b1/address)" "10.0.0.1:25,587,8000-8100 192.168.0.1:*" "sysfs does"
like "$("$vipctl" show)" "s  tcp 10.0.0.1:25,587,8000-8100" "vipctl does"

# --- a drained backend gets no port any more: every entry was changed ---
agent put $sys/s/b1/state drain >/dev/null
for port in 25 587 8000 8063 8064 8100; do calls+=$(call -c 2 10.0.0.1 $port)' '; done
is "$calls" "b2=2 b2=2 b2=2 b2=2 b2=2 b2=2 " "b1 drained: b2 gets all, on every port"
agent put $sys/s/b1/state up >/dev/null

# --- onto one port; two VIPs of one service share backends and turns ---
configure 'replace
service s tcp 10.0.0.1:8000-8100 10.0.0.254:25 10.0.0.1:26
backend s/b1 192.168.0.1:9000
backend s/b2 192.168.0.2
service u udp [2001:db8::1]:25,8000-8100 [2001:db8::fe]:*
backend u/b1 [fd00::1]:9000
backend u/b2 fd00::2'
for to in 10.0.0.1:8000 10.0.0.254:25 10.0.0.1:26 10.0.0.1:8100; do order+=$(call "${to%:*}" "${to#*:}")' '; done
is "$order" "b1=1 b2=1 b1=1 b2=1 " "VIPs and ports of a service take turns together"
is "$(at -c 2 10.0.0.1 8064)" "8064=1 9000=1" "one backend has all at one port, the other each at its own"
is "$(at -u -c 2 2001:db8::1 8063) $(at -u -c 2 2001:db8::fe 587)" "8063=1 9000=1 587=1 9000=1" "UDP over IPv6 alike"
is "$(call 10.0.0.254 26)" "gateway=1" "a port of one VIP is not of the other"
config=$(<$proc/config)
like "$config" 's tcp 10.0.0.1:8000-8100 10.0.0.254:25 10.0.0.1:26 .*u udp \[2001:db8::1\]:25,8000-8100 \[2001:db8::fe\]:\* ' \
	"config shows what was stated"
is "$(field 'service u' vip)" "[2001:db8::1]:25,8000-8100+[2001:db8::fe]:*" "status in one word"
configure "$config"
is "$(<$proc/config)" "$config" "config reads back to the same"

# --- precedence: one port, a range, all ports; within each an interface goes first ---
configure 'replace
service all tcp 10.0.0.1:*
backend all/b1 192.168.0.1:25
service range tcp 10.0.0.1:20-30
backend range/b1 192.168.0.1:587
service port tcp 10.0.0.1:25
backend port/b1 192.168.0.1:8000'
is "$(at 10.0.0.1 25) $(at 10.0.0.1 26) $(at 10.0.0.1 31)" "8000=1 587=1 25=1" "one port before a range before all ports"
configure 'service alldev tcp 10.0.0.1:* dev wan
backend alldev/b2 192.168.0.2:8063
service rangedev tcp 10.0.0.1:26-200 dev wan
backend rangedev/b2 192.168.0.2:8064'
# Ports 28 and 29 are a block of the one range, 28 to 31 one of the other.
is "$(at 10.0.0.1 25) $(at 10.0.0.1 24) $(at 10.0.0.1 28) $(at 10.0.0.1 200) $(at 10.0.0.1 201)" \
	"8000=1 587=1 8064=1 8064=1 8063=1" "the interface counts within ranges, and within all ports"
is "$(agent call -f 2 10.0.0.1 28) $(agent call -f 2 10.0.0.1 201)" "587=1 25=1" "the gateway itself gets those without"

# --- two services, one port ---
before=$(<$proc/config)
mapfile -t rows <<'END'
service x tcp 10.0.0.1:30-40|range 30-40
service x tcp 10.9.0.9:1 10.0.0.1:5,10-20|10-20
service x tcp 10.0.0.1:21-29|21-29
service x tcp 10.0.0.1:1-40|1-40
service x tcp 10.0.0.1:80-90,24-31|24-31
service x tcp 10.0.0.1:20-30|20-30
service x tcp 10.0.0.1:100-210 dev wan|100-210
END
for row in "${rows[@]}"; do
	is "$(config "${row%|*}")" "EEXIST line 1: service \"x\": another service has ports of 10.0.0.1:${row##*[| ]} and the same dev" \
		"${row%|*}"
done
is "$(config 'service x tcp 10.0.0.1:9,25')" \
	'EEXIST line 1: service "x": another service has 10.0.0.1:25 and the same dev' "one port of a list"
is "$(config 'service range tcp 10.0.0.1:20-30; service port tcp 10.0.0.1:1-65535')" \
	'EEXIST line 1: service "port": another service has 10.0.0.1:* and the same dev' "all ports"
is "$(<$proc/config)" "$before" "nothing changed"
ok "ranges side by side, of another protocol, dev and VIP" configure 'service x tcp 10.0.0.1:10-19,31-40 10.0.0.2:20-30
service y udp 10.0.0.1:20-30; service z tcp 10.0.0.1:20-30 dev lan'

# --- a UDP flow that went past is dropped when a range takes its port ---
configure flush
hold past client -u -p 5001 10.0.0.1 26
configure 'service u udp 10.0.0.1:20-30
backend u/b1 192.168.0.1'
ask past
is "$answer" b1 "a flow that went past the new range is balanced from now on"

# --- the parameters of the module take ports, too ---
unload
modprobe nf_vip vip=sctp:10.9.0.1:25,8000-8100 backends=192.168.0.1 || fail "modprobe"
unload

done_testing
