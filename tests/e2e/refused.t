#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# New connections that no backend gets: each is counted, by the reason. lib.sh's LAN; beyond it there is no route.
. "$(dirname "$0")/lib.sh"

# refused SERVICE: empty, full, clash, no-route, no-memory
refused()
{
	local name line="" word
	while read -r line; do [[ $line != "service $1 "* ]] || break; done <$proc/status
	for name in empty full clash no-route no-memory; do
		for word in $line; do [[ $word != $name=* ]] || echo -n "${word#*=} "; done
	done
	echo
}

# The stack may or may not tell the client: it sends such errors at its own rate.
lost() { call -u -e -w 100 "$1" 23 >/dev/null; }

load
lan 1
serve b1 25
configure 'service empty tcp 10.0.0.1:21
service full tcp 10.0.0.1:22
backend full/b1 192.168.0.1:25 max-conns 1
service far udp 10.0.0.1:23
backend far/b1 198.51.100.1
service far6 udp [2001:db8::1]:23
backend far6/b1 2001:db8:ffff::1
service good tcp 10.0.0.1:24
backend good/b1 192.168.0.1:25
service good6 tcp [2001:db8::1]:24
backend good6/b1 [fd00::1]:25'

is "$(call -c 2 10.0.0.1 21) / $(refused empty)" "ECONNREFUSED=2 / 2 0 0 0 0 " "no backend"
hold one client 10.0.0.1 22
is "$(call -c 2 10.0.0.1 22) / $(refused full)" "ECONNREFUSED=2 / 0 2 0 0 0 " "every backend is full"
for rp_filter in 0 1 2; do
	settings net/ipv4/conf/all/rp_filter=$rp_filter net/ipv4/conf/wan/rp_filter=$rp_filter
	is "$(lost 10.0.0.1)$(refused far)" "0 0 0 $((rp_filter + 1)) 0 " \
		"no route to the backend, rp_filter=$rp_filter"
	is "$(call 10.0.0.1 24)" "b1=1" "a backend with a route is reached"
done
is "$(lost 2001:db8::1)$(refused far6)" "0 0 0 1 0 " "over IPv6"
is "$(call 2001:db8::1 24)" "b1=1" "a backend with a route is reached"
agent call -u -e -w 100 10.0.0.1 23 >/dev/null
agent call -u -e -w 100 2001:db8::1 23 >/dev/null
is "$(refused far)/ $(refused far6)" "0 0 0 4 0 / 0 0 0 2 0 " "connections of the gateway itself, too"
is "$(refused good)$(refused good6)" "0 0 0 0 0 0 0 0 0 0 " "nothing was refused of those that came through"
ip -batch - <<-END
	rule add iif wan lookup 100 priority 100
	rule add lookup main priority 200
	rule del lookup main priority 32766
END
is "$(lost 10.0.0.1)$(refused far)" "0 0 0 5 0 " "with rules of policy routing"
is "$(call 10.0.0.1 24)" "b1=1" "a backend with a route is reached"
done_testing
