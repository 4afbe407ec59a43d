#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One client port, several VIPs, the same backends: the backend would see two connections with the same addresses and
# ports. lib.sh's LAN; the VIPs, 10.9.0.1 to 10.9.0.3, are nobody's addresses.
. "$(dirname "$0")/lib.sh"

load
lan 2
serve b1 25
serve b2 25

# --- one backend: the second connection needs another source port ---
configure 'service one tcp 10.9.0.1:25
service two tcp 10.9.0.2:25
backend one/b1 192.168.0.1
backend two/b1 192.168.0.1
service uone udp 10.9.0.1:25
service utwo udp 10.9.0.2:25
backend uone/b1 192.168.0.1
backend utwo/b1 192.168.0.1'
hold first client -p 5001 10.9.0.1 25
is "$answer" b1 "a connection from port 5001"
hold second client -p 5001 10.9.0.2 25
is "$answer" b1 "another from port 5001, to another VIP of the same backend"
ask first
is "$answer" b1 "the first still works"
ask second
is "$answer" b1 "the second, too"
is "$(conntrack -L -p tcp --sport 5001 2>/dev/null | grep -c ' dst=10.0.0.9 ')" 2 "both are translated back"
hold ufirst client -u -p 5001 10.9.0.1 25
hold usecond client -u -p 5001 10.9.0.2 25
is "$answer" b1 "the same with UDP"
ask ufirst
is "$answer" b1 "the first flow still works"
is "$(field 'service two' clash) $(field 'service utwo' clash)" "0 0" "nothing was refused"

# --- two backends: the second connection goes to the other one ---
configure 'replace
service one tcp 10.9.0.1:25
service two tcp 10.9.0.2:25
service three tcp 10.9.0.3:25
backend one/b1 192.168.0.1
backend two/b1 192.168.0.1
backend two/b2 192.168.0.2
backend three/b1 192.168.0.1
backend three/b2 192.168.0.2'
hold third client -p 5002 10.9.0.1 25
is "$answer" b1 "a connection from port 5002"
hold fourth client -p 5002 10.9.0.2 25
is "$answer" b2 "another avoids the backend whose tuple is taken"
like "$(conntrack -L -p tcp --sport 5002 -d 10.9.0.2 2>/dev/null)" "src=192.168.0.2 dst=10.0.0.9 sport=25 dport=5002 " \
	"and keeps its source port"
hold fifth client -p 5002 10.9.0.3 25
like "$answer" "^b[12]$" "a third finds both taken, and works as well"
for tag in third fourth fifth; do
	ask $tag
	like "$answer" "^b[12]$" "the $tag goes on"
done
is "$(field 'service one' chosen) $(field 'service two' chosen) $(field 'service three' chosen)" "2 2 1" \
	"each counts once, on top of what the first part counted"

# --- beside nf_nat's own source NAT ---
nft -f - <<-END || bail "no nft"
	table ip nat {
		chain post {
			type nat hook postrouting priority srcnat
			oifname lan masquerade
		}
	}
END
hold sixth client -p 5003 10.9.0.2 25
hold seventh client -p 5003 10.9.0.3 25
ask sixth
sixth=$answer
ask seventh
like "$sixth $answer" "^b[12] b[12]$" "with masquerading both work"
is "$(conntrack -L -p tcp --sport 5003 2>/dev/null | grep -c ' dst=192.168.0.254 ')" 2 "and both are masqueraded"
done_testing
