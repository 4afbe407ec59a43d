#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which interfaces a fast path wants: VLANs, bridges and their ports; interfaces that come and go while vipctl follows
# them; packets that are too big. lib.sh's LAN and what path.sh puts behind it, and a VLAN on the client's wire:
#
#             client                  gateway
#     10.5.0.9  eth0.5  ---[ VLAN 5 ] wan.5  10.5.0.254       to 10.1.0.1 and 2001:db8:1::1 from the client
#   2001:db8:5::9                            2001:db8:5::fe
. "$(dirname "$0")/lib.sh"
. "$HERE/path.sh"
. "$HERE/fast.sh"

# vlan [INDEX]: the gateway's end
vlan()
{
	ip -batch - <<-END || bail "no VLAN"
		link add link wan name wan.5 ${1-} type vlan id 5
		link set wan.5 up
		address add 10.5.0.254/24 dev wan.5
		address add 2001:db8:5::fe/64 dev wan.5
	END
}

# fastpath IFACE...: those, and no others
fastpath() { "$vipctl" fastpath "$@" || bail "no fast path on $*"; }

# ways TAG...: of these connections
ways()
{
	local tag all=
	for tag; do
		way_of "$tag"
		all+="${all:+, }$way"
	done
	ways=$all
}

# follower LINE NAME: vipctl follow says so, perhaps after other things
follower()
{
	local said=nothing all=
	while [ "$said" != "$1" ] && read -r -t $patience -u "${way_out[follow]}" said; do
		all+="$said, "
	done
	is "$said" "$1" "$2" || diag "all: $all"
}

load
lan 2
beyond
vlan
in_netns client <<-END
	link add link eth0 name eth0.5 type vlan id 5
	link set eth0.5 up
	address add 10.5.0.9/24 dev eth0.5
	address add 2001:db8:5::9/64 dev eth0.5
	route add 10.1.0.1 via 10.5.0.254
	route add 2001:db8:1::1 via 2001:db8:5::fe
END
serve b1 25
serve deep 80
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1
service s6 tcp [2001:db8::1]:25 ; backend s6/b1 fd00::1
service v tcp 10.1.0.1:25 ; backend v/b1 192.168.0.1
service v6 tcp [2001:db8:1::1]:25 ; backend v6/b1 fd00::1
service u udp 10.1.0.1:25 ; backend u/b1 192.168.0.1
service u6 udp [2001:db8:1::1]:25 ; backend u6/b1 fd00::1
service deep tcp 10.0.0.1:80 ; backend deep/b1 192.168.9.1
service deep6 tcp [2001:db8::1]:80 ; backend deep6/b1 fd00:9::1
service far udp 10.0.0.1:80 ; backend far/b1 192.168.9.1
service far6 udp [2001:db8::1]:80 ; backend far6/b1 fd00:9::1'

# --- bridges and VLANs ---
hold s client 10.0.0.1 25
hold s6 client 2001:db8::1 25
hold v client 10.1.0.1 25
hold v6 client 2001:db8:1::1 25
# By a flowtable that vipctl has not made: does this kernel take what is there, or does it want what lies below?
nft -f - <<-END || bail "nft refuses"
	table inet plain {
		flowtable f { hook ingress priority filter; devices = { wan, lan }; }
		chain c {
			type filter hook forward priority filter + 10
			ct status dnat ct status seen-reply meta l4proto tcp flow add @f
		}
	}
END
ways s
case $ways in
"b1 fast")	below=no ;;
"b1 slow")	below=yes ;;
*)		below=$ways ;;
esac
nft delete table inet plain
diag "this kernel wants what lies below an interface: $below"
fastpath wan lan
# in_flowtable: the interfaces that vipctl has put into its own
in_flowtable()
{
	nft list table inet nf_vip | sed -n 's/"//g; s/.*devices = { \(.*\) }.*/\1/p' | tr -d , | xargs -n 1 | sort | xargs
}
if [ "$below" = no ]; then want="lan wan"; else want="b1 b2 lan wan"; fi
is "$(in_flowtable)" "$want" "the flowtable has what the kernel wants, and no more"
ways s s6 v v6
is "$ways" "b1 fast, b1 fast, b1 fast, b1 fast" "an interface is enough for the VLANs on it, a bridge for its ports"
fastpath wan b1
ways s s6 v v6
is "$ways" "b1 fast, b1 fast, b1 fast, b1 fast" "so are the ports of the bridge that connections use"
fastpath wan.5 lan
ways v v6 s s6
if [ "$below" = no ]; then others="b1 slow, b1 slow"; else others="b1 fast, b1 fast"; fi
is "$ways" "b1 fast, b1 fast, $others" "a VLAN is enough for its own connections; where it needs what is below, for all"

# --- nothing is taken: by a conntrack helper here, and where one interface of two is not enough ---
# untaken TAG: of so many packets of a connection
untaken()
{
	local i
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do ask "$1"; done
	"$vipctl" doctor >"$tmp/doctor"
	found=$(sed -n 's/^warning \(fastpath.*\)/\1/p' "$tmp/doctor")
	mend=$(sed -n '/^warning fastpath/,/mend: /s/.*mend: *//p' "$tmp/doctor")
	said=$("$vipctl" fastpath 2>&1 >/dev/null)
}
fastpath wan lan
untaken s
is "$found,$said" "," "a connection is taken: nobody complains"
nft -f - <<-END || bail "nft refuses"
	table ip helped {
		ct helper ftp { type "ftp" protocol tcp; l3proto ip; }
		chain c {
			type filter hook prerouting priority filter
			tcp dport 25 ct helper set "ftp"
		}
	}
END
hold helped client 10.0.0.1 25
fastpath wan lan
untaken helped
is "$found" "fastpath-not-taken: table inet nf_vip" "none is taken: doctor says so"
like "$said" "^vipctl: fastpath: none of [0-9]+ packets" "and vipctl fastpath"
nft delete table ip helped
fastpath wan
untaken s
if [ "$below" = yes ]; then
	is "$found, $mend" "fastpath-not-taken: table inet nf_vip, vipctl fastpath wan lan" \
		"one interface is not enough: doctor says so, and what is"
	(PATH=$tmp/bin:$PATH; eval "$mend")
	ways s
	is "$ways" "b1 fast" "mended by: $mend"
else
	is "$found" "" "one interface is enough for one direction"
fi

# --- packets that are too big, behind the backend ---
fastpath wan lan
for vip in 10.0.0.1 2001:db8::1; do
	is "$(call -u -c 3 -p 7001 $vip 80)" "deep=3" "$vip: a UDP flow"
	is "$(call -u -e -b 1350 -p 7001 $vip 80)" "EMSGSIZE@$vip=1" "a datagram too big for the path: EMSGSIZE from the VIP"
	is "$(mtu_to client $vip)" 1300 "and the MTU"
	hold "deep$vip" client $vip 80
	ask "deep$vip" "put 300000"
	is "$answer" 300000 "300000 bytes by this MTU"
	way_of "deep$vip"
	is "$way" "deep fast" "which go the fast way"
done

# --- interfaces that come and go ---
fastpath wan.5 lan
open_way follow "$vipctl" follow
follower=$!
follower "fast path: wan.5 lan" "vipctl follow"
ip link del wan.5
follower "fast path: lan; not there: wan.5" "an interface goes"
vlan
follower "fast path: wan.5 lan" "and comes back"
ways v v6
is "$ways" "b1 fast, b1 fast" "its connections take the fast path again"
# A port that comes later.
ip link add b9 type veth peer name b9-peer
ip link set b9 master lan
if [ "$below" = no ]; then want=""; else want=" b9"; fi
poll "[[ \" \$(in_flowtable) \" = *\" b9 \"* ]] || [ $below = no ]"
like " $(in_flowtable)" " b2$want lan|^ lan wan.5" "a port of the bridge comes"
ip link del b9
poll "[[ \" \$(in_flowtable) \" != *\" b9 \"* ]]"
is "$(in_flowtable | grep -c b9)" 0 "and goes"
# vipctl sees the same as before; to nftables it is another one.
index=$(</sys/class/net/wan.5/ifindex)
kill -STOP $follower
ip link del wan.5
vlan "index $index"
kill -CONT $follower
poll "ways v v6; [ \"\$ways\" = 'b1 fast, b1 fast' ]"
is "$ways" "b1 fast, b1 fast" "the same with another interface of its name and index"
# Only an interface that is down can be renamed, on 6.1 at least.
settings net/ipv6/conf/all/keep_addr_on_down=1
printf '%s\n' 'link set wan.5 down' 'link set wan.5 name five up' | ip -batch -
follower "fast path: lan; not there: wan.5" "it gets another name"
printf '%s\n' 'link set five down' 'link set five name wan.5 up' | ip -batch -
follower "fast path: wan.5 lan" "and its own back"

# --- a smaller MTU of the gateway's interface ---
for vip in 10.1.0.1 2001:db8:1::1; do
	is "$(call -u -c 3 -p 7002 $vip 25)" "b1=3" "$vip: a UDP flow"
done
ip link set lan mtu 1290
follower "fast path: wan.5 lan" "the interface gets a smaller MTU"
for vip in 10.1.0.1 2001:db8:1::1; do
	is "$(call -u -e -b 1350 -p 7002 $vip 25)" "EMSGSIZE@$vip=1" "$vip: a datagram too big for it: EMSGSIZE from the VIP"
	is "$(call -u -g -b 1350 -p 7002 $vip 25)" "b1=1" "one that may go in fragments arrives"
done
for tag in s s6; do
	ask $tag "put 300000"
	is "$answer" 300000 "TCP: 300000 bytes by this MTU"
done
kill -TERM $follower
wait $follower
is $? 0 "SIGTERM ends it"
is "$("$vipctl" fastpath)" "fast path: wan.5 lan" "and leaves the fast path as it is"
done_testing
