#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP and UDP over IPv4 and IPv6, with real programs; other ports behind the VIP; and the ICMP errors of the path, in
# the network of path.sh.
. "$(dirname "$0")/lib.sh"
. "$HERE/path.sh"

# web N, names N: nginx and dnsmasq as backend bN
web()
{
	echo "daemon off;
		master_process off;
		pid $tmp/nginx$1.pid;
		error_log $tmp/nginx$1.log;
		events { worker_connections 16; }
		http {
			access_log off;
			keepalive_timeout 0;
			server {
				listen 8080;
				listen [::]:8080;
				return 200 \"b$1 to \$server_port from \$remote_addr
\";
			}
		}" >"$tmp/nginx$1.conf"
	ip netns exec "b$1" nginx -e "$tmp/nginx$1.log" -c "$tmp/nginx$1.conf" >/dev/null 2>&1 &
	web[$1]=$!
}
names()
{
	ip netns exec "b$1" dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --pid-file= \
		--user=root --cache-size=0 "--txt-record=who.example,b$1" >"$tmp/dnsmasq$1.log" 2>&1 &
	names[$1]=$!
}
# Do they listen? Asked without a process: the first in /proc/net/tcp6, as 1F90 in state 0A, the other in udp6.
listen() { [[ $(</proc/"$1"/net/tcp6) == *":1F90 "*":0000 0A "* && $(</proc/"$2"/net/udp6) == *":0035 "* ]]; }

web=() names=()
load
lan 2
beyond
for i in 1 2; do web $i; names $i; done
serve b1 2525
serve b2 2525
configure 'service web tcp 10.0.0.1:80 ; backend web/b1 192.168.0.1:8080 ; backend web/b2 192.168.0.2:8080
service web6 tcp [2001:db8::1]:80 ; backend web6/b1 [fd00::1]:8080 ; backend web6/b2 [fd00::2]:8080
service dns udp 10.0.0.1:53 ; backend dns/b1 192.168.0.1 ; backend dns/b2 192.168.0.2
service dns6 udp [2001:db8::1]:53 ; backend dns6/b1 fd00::1 ; backend dns6/b2 fd00::2
service t tcp 10.0.0.1:25 ; backend t/b1 192.168.0.1:2525 ; backend t/b2 192.168.0.2:2525
service t6 tcp [2001:db8::1]:25 ; backend t6/b1 [fd00::1]:2525 ; backend t6/b2 [fd00::2]:2525
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1:2525 ; backend u/b2 192.168.0.2:2525
service u6 udp [2001:db8::1]:25 ; backend u6/b1 [fd00::1]:2525 ; backend u6/b2 [fd00::2]:2525'

# --- four kinds of connections ---
is "$(call -c 4 10.0.0.1 25)" "b1=2 b2=2" "TCP over IPv4: balanced"
is "$(call -f 2 -c 2 10.0.0.1 25)" "2525=2" "to the backend's port"
is "$(call -f 3 -c 2 10.0.0.1 25)" "10.0.0.9=2" "from the client's own address"
is "$(call -c 4 2001:db8::1 25)" "b1=2 b2=2" "TCP over IPv6: balanced"
is "$(call -f 2 -c 2 2001:db8::1 25)" "2525=2" "to the backend's port"
is "$(call -f 3 -c 2 2001:db8::1 25)" "2001:db8::9=2" "from the client's own address"
is "$(call -u -c 4 10.0.0.1 25)" "b1=2 b2=2" "UDP over IPv4: balanced"
is "$(call -u -f 2 -c 2 10.0.0.1 25)" "2525=2" "to the backend's port"
is "$(call -u -f 3 -c 2 10.0.0.1 25)" "10.0.0.9=2" "from the client's own address"
is "$(call -u -c 4 2001:db8::1 25)" "b1=2 b2=2" "UDP over IPv6: balanced"
is "$(call -u -f 2 -c 2 2001:db8::1 25)" "2525=2" "to the backend's port"
is "$(call -u -f 3 -c 2 2001:db8::1 25)" "2001:db8::9=2" "from the client's own address"
is "$(call 10.0.0.1 2525)" "ECONNREFUSED=1" "the backend's port is no port of the VIP"

hold udp client -u -c 3 10.0.0.1 25
first=$answer
for i in 1 2; do ask udp; first+=" / $answer"; done
is "$first" "b1 b2 b1 / b1 b2 b1 / b1 b2 b1" "a UDP client stays with its backend as long as it talks"

# One datagram of three fragments for each VIP, through files of the shell's.
# shellcheck disable=SC2016	# for the other shell
datagrams='for vip in 10.0.0.1 2001:db8::1; do
	exec 3<>/dev/udp/$vip/25
	printf %3000s . >&3
	timeout $0 head -n 1 <&3
done'
text=$(ip netns exec client bash -c "$datagrams" $patience 2>&1)
like "$text" $'^b[12] 192.168.0.[12] 2525 [^\n]*\nb[12] fd00::[12] 2525 ' "datagrams in fragments reach a backend whole"

# --- real programs ---
for i in 1 2; do
	poll "listen ${web[i]} ${names[i]}" || bail "no servers: $(cat $tmp/nginx$i.log $tmp/dnsmasq$i.log)"
done
text=$(ip netns exec client curl -sS --max-time $patience http://10.0.0.1/{1,2,3} "http://[2001:db8::1]/"{1,2,3} 2>&1)
is "$text" "b1 to 8080 from 10.0.0.9
b2 to 8080 from 10.0.0.9
b1 to 8080 from 10.0.0.9
b1 to 8080 from 2001:db8::9
b2 to 8080 from 2001:db8::9
b1 to 8080 from 2001:db8::9" "curl and two nginx, three pages over IPv4 and three over IPv6"
text=$(ip netns exec client dig +short +tries=1 +timeout=$patience \
	@10.0.0.1 who.example txt @10.0.0.1 who.example txt \
	@2001:db8::1 who.example txt @2001:db8::1 who.example txt 2>&1)
is "${text//$'\n'/ }" '"b1" "b2" "b1" "b2"' "dig and two dnsmasq, two questions over IPv4 and two over IPv6"

# --- the VIP is still an address of the gateway ---
for vip in 10.0.0.1 2001:db8::1; do
	like "$(ip netns exec client ping -c 1 -W $patience $vip 2>&1)" "1 received" "ping $vip"
done

# --- smaller MTUs behind both ends: TCP through a VIP of the gateway, UDP through one that no host has ---
serve deep 80
configure 'replace
service t tcp 10.0.0.1:80 ; backend t/deep 192.168.9.1
service t6 tcp [2001:db8::1]:80 ; backend t6/deep fd00:9::1
service u udp 10.1.0.1:80 ; backend u/deep 192.168.9.1
service u6 udp [2001:db8:1::1]:80 ; backend u6/deep fd00:9::1
service closed udp 10.1.0.1:81 ; backend closed/deep 192.168.9.1:9
service closed6 udp [2001:db8:1::1]:81 ; backend closed6/deep [fd00:9::1]:9'

transfer()
{
	local vip=$1 client=$2
	hold "tcp$vip" remote "$vip" 80
	is "$answer $(mtu_to remote "$vip" | grep -x 1300) $(mtu_to deep "$client" | grep -x 1400)" "deep  " \
		"$vip: connected; nobody knows of smaller MTUs"
	ask "tcp$vip" "put 300000"
	is "$answer" 300000 "$vip: 300000 bytes to the backend"
	is "$(mtu_to remote "$vip")" 1300 "$vip: the client learned of the backend's MTU, as one of the VIP"
	ask "tcp$vip" "get 300000"
	is "$answer" 300000 "$vip: 300000 bytes to the client"
	is "$(mtu_to deep "$client")" 1400 "$vip: the backend learned of the client's MTU"
}
transfer 10.0.0.1 10.9.0.9
transfer 2001:db8::1 2001:db8:9::9

remote() { agent -n remote call "$@"; }
for vip in 10.1.0.1 2001:db8:1::1; do
	is "$(remote -u $vip 80)" "deep=1" "$vip: UDP"
	is "$(remote -u -e -b 1350 $vip 80)" "EMSGSIZE@$vip=1" "$vip: a datagram too big for the backend: EMSGSIZE"
	is "$(mtu_to remote $vip)" 1300 "$vip: and the MTU"
	is "$(remote -u $vip 81)" "ECONNREFUSED=1" "$vip: nothing listens on the backend: ECONNREFUSED"
	is "$(remote -u -e $vip 81)" "ECONNREFUSED@$vip=1" "$vip: from the VIP"
done

# --- hops: 1 the client's router, 2 the gateway, 3 the backend's router ---
is "$(remote -u -e -t 1 10.1.0.1 80)" "EHOSTUNREACH@10.9.0.254=1" "TTL 1 ends before the gateway"
is "$(remote -u -e -t 1 2001:db8:1::1 80)" "EHOSTUNREACH@2001:db8:9::fe=1" "over IPv6"
for vip in 10.1.0.1 2001:db8:1::1; do
	like "$(remote -u -e -t 2 $vip 80)" "^EHOSTUNREACH@(10.0.0.254|2001:db8::fe|$vip)=1$" "$vip: TTL 2 ends at the gateway"
	is "$(remote -u -e -t 3 $vip 80)" "EHOSTUNREACH@$vip=1" "$vip: TTL 3 ends behind it; the error comes from the VIP"
	is "$(remote -u -e -t 4 $vip 80)" "deep=1" "$vip: TTL 4 is enough"
done

done_testing
