#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl doctor: packets that come to the gateway, or go back, another way than they should, and what else wants them.
# lib.sh's LAN. How large conntrack's table may be is said in the outer network namespace, whose descriptor is 9.
[ -n "${NF_VIP_INSIDE-}" ] || exec 9</proc/self/ns/net
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=doctor.sh
. "$HERE/doctor.sh"

load
lan 2
serve b1 25
serve b2 25
healthy='service web tcp 10.0.0.1:25
backend web/b1 192.168.0.1
service web6 tcp [2001:db8::1]:25
backend web6/b1 fd00::1'
configure "$healthy"
finds "" "a healthy gateway"

# --- backends that are no other machine ---
configure 'backend web/self 192.168.0.254; backend web6/self fd00::fe'
finds "backend-local: backend web/self, backend-local: backend web6/self" "nothing listens on the gateway"
eval "$mend"
look
mends
configure 'backend web/self 192.168.0.254; backend web6/self fd00::fe'
agent serve self 25 >/dev/null
finds "" "now something does"
configure "replace; $healthy; service loop udp 10.0.0.77:25; backend loop/b1 10.0.0.77:26"
look loop
like "$found" "backend-is-vip: backend loop/b1" "the VIP as its own backend"
eval "$mend"
look loop
isnt "$found" "backend-is-vip: backend loop/b1" "mended by: $mend"

# --- nobody has the VIP ---
configure "replace; $healthy; service arp tcp 10.0.0.2:25; backend arp/b1 192.168.0.1
service ndp tcp [2001:db8::2]:25; backend ndp/b1 fd00::1"
isnt "$(call -w 300 10.0.0.2 25)" "b1=1" "nobody answers for the VIP"
finds "vip-unanswered: service arp, vip-unanswered: service ndp" "it is found"
eval "$mend"
look
mends
is "$(call 10.0.0.2 25) $(call 2001:db8::2 25)" "b1=1 b1=1" "traffic"
ip -batch - <<-END
	address del 10.0.0.2/32 dev wan
	neigh add proxy 10.0.0.2 dev wan
END
finds "" "a proxy entry is an answer, too"

# --- replies that go past the gateway ---
configure "replace; $healthy; service inside tcp 192.168.0.100:25-26 scheduler random; backend inside/b1 192.168.0.1:25"
ip address add 192.168.0.100/32 dev lan
is "$(agent -n b2 call -w 300 192.168.0.100 25)" "timeout=1" "a client in the subnet of the backend"
finds "reply-bypass: service inside" "it is found"
mends
is "$(agent -n b2 call 192.168.0.100 25)" "b1=1" "traffic"
like "$(<$proc/config)" "service inside tcp 192.168.0.100:25-26 scheduler random on-empty reject snat auto" "nothing else is different"
configure "replace; $healthy; service inside tcp 192.168.0.100:25 dev wan; backend inside/b1 192.168.0.1"
finds "" "clients from elsewhere are no such clients"

# --- no way back ---
in_netns b1 <<-END
	route del default
END
configure "replace; $healthy"
is "$(call -c 3 -w 300 10.0.0.1 25)" "timeout=3" "a backend without a route back"
finds "no-replies: backend web/b1" "it is found"
eval "$mend"
is "$(call 10.0.0.1 25)" "b1=1" "traffic"
finds "" "mended by: $mend"
in_netns b1 <<-END
	route add default via 192.168.0.254
END

# --- rp_filter ---
configure "replace; $healthy; service wan tcp 10.0.0.1:26 dev wan; backend wan/b1 192.168.0.1:25"
in_netns client <<-END
	address add 172.16.0.1/32 dev lo
END
ip route add default via 192.168.0.2
settings net/ipv4/conf/wan/rp_filter=1
finds "" "rp_filter is strict, but has dropped nothing"
# The first packet to a neighbour is an ARP request, which is dropped for the same reason and not counted.
is "$(call 10.0.0.1 26)" "b1=1" "a neighbour is served"
agent -n client call -w 300 -s 172.16.0.1 10.0.0.1 26 >/dev/null
finds "rp-filter: interface wan" "it dropped packets of clients that the default route does not lead to"
mends
is "$(</proc/sys/net/ipv4/conf/wan/rp_filter)" 2 "loose"

# --- conntrack ---
max=$(</proc/sys/net/netfilter/nf_conntrack_max) buckets=$(</proc/sys/net/netfilter/nf_conntrack_buckets)
hold many client -c 20 10.0.0.1 25
nsenter --net=/proc/self/fd/9 sysctl -qw net.netfilter.nf_conntrack_max=25
look
is "$found" "conntrack-full: net/netfilter/nf_conntrack_max" "the table is nearly full"
ok "mended by: $mend" nsenter --net=/proc/self/fd/9 sh -c "$mend"
finds "" "not any more"
nsenter --net=/proc/self/fd/9 sysctl -qw net.netfilter.nf_conntrack_max=$((9 * buckets))
finds "conntrack-hash: net/netfilter/nf_conntrack_buckets" "too few buckets"
ok "mended by: $mend" nsenter --net=/proc/self/fd/9 sh -c "$mend"
finds "" "enough of them"
nsenter --net=/proc/self/fd/9 sysctl -qw net.netfilter.nf_conntrack_buckets="$buckets" net.netfilter.nf_conntrack_max="$max"

# --- others ---
ipvsadm -R <<-END
	-A -t 10.0.0.1:25 -s rr
	-A -t [2001:db8::1]:25 -s rr
	-A -t 10.0.0.1:80 -s rr
	-A -u 10.0.0.1:25 -s rr
END
look
like "$found" "^ipvs: service web6?, ipvs: service web6?$" "IPVS has the same services"
eval "$mend"
look
mends
ipvsadm -C
unload
modprobe x_tables
insmod "$HERE/build/xt_condition-$KERNEL.ko"
modprobe nf_vip
configure 'service web tcp 10.0.0.1:25; backend web/b1 192.168.0.1'
finds "xt-condition: module xt_condition" "xt_condition has the flags"
mends
is "$(config 'backend web/b1 192.168.0.1 condition flag')" ok "now backends may have them"
unload
done_testing
