#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The route of a balanced connection is remembered; it must still be the one that the stack would take now. Backend b1
# has two ways in: the LAN of lib.sh, and a line of its own.
#
#   client --- wan [gateway] lan  --- eth0 [b1]
#                            line --- eth1
. "$(dirname "$0")/lib.sh"

load
lan 1
line_up()
{
	ip -batch - <<-END || bail "no second way"
		link add line type veth peer name eth1 netns b1
		address add 192.168.1.254/24 dev line
		link set line up
	END
	in_netns b1 <<-END
		link set eth1 up
		address add 192.168.1.1/24 dev eth1
	END
}
line_up
serve b1 25
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1'

# What passes, and where. No other packet than the client's counts.
nft 'table inet t {
	counter line { }
	counter came { }
	counter passed { }
	chain p { type filter hook prerouting priority raw; ip saddr 10.0.0.9 udp dport 25 counter name came; }
	chain f {
		type filter hook forward priority 0
		oifname line ip daddr 192.168.0.1 counter name line
		ip saddr 10.0.0.9 udp dport 25 counter name passed
	}
}' || bail "no counters"
packets() { nft list counter inet t "$1" | awk '$1 == "packets" { print $2 }'; }
sent() { packets line; }

# goes line|lan WHEN: both connections are answered, and their packets took that way
goes()
{
	local way=$1 when=$2 before after
	before=$(sent)
	ask tcp
	is "$answer" 192.168.0.1 "$when: the TCP connection goes on"
	ask udp
	is "$answer" 192.168.0.1 "$when: the UDP flow goes on"
	after=$(sent)
	if [ "$way" = line ]; then
		ok "$when: through the line" [ "$after" -ge $((before + 2)) ]
	else
		is "$after" "$before" "$when: not through the line"
	fi
}

hold tcp client -f 1 10.0.0.1 25
hold udp client -u -f 1 10.0.0.1 25
# Twice: the first packet after a change looks the route up, the next one remembers it.
goes lan "as it began"
goes lan "and again"

ip route add 192.168.0.1/32 via 192.168.1.1 dev line
goes line "with another route"
goes line "and again"
ip route del 192.168.0.1/32
goes lan "without it"
goes lan "and again"

# One client is said to be elsewhere: a strict gateway takes nothing from it any more, though it takes all that another
# sends on the same way to the same backend.
settings net/ipv4/conf/wan/rp_filter=1
in_netns client <<<"address add 10.0.0.8/24 dev eth0"
hold other client -u -s 10.0.0.8 -f 1 10.0.0.1 25
ip route add 10.0.0.9/32 dev line
ask other
ask other
is "$answer" 192.168.0.1 "with strict source validation: another client's flow goes on"
before=$(packets came) passed=$(packets passed)
echo >&"${way_in[udp]}"
ok "with strict source validation: the first client sends again" poll "[ \$(packets came) -gt $before ]"
is "$(packets passed)" "$passed" "with strict source validation: from the wrong side nothing passes, of a known flow either"
ip route del 10.0.0.9/32
settings net/ipv4/conf/wan/rp_filter=0

# The interface of a remembered route can go.
ip route add 192.168.0.1/32 via 192.168.1.1 dev line
hold tcp2 client -f 1 10.0.0.1 25
ask tcp2
is "$answer" 192.168.0.1 "a connection through the line"
ok "the line's interface can be deleted" ip link del line
ask tcp2
is "$answer" 192.168.0.1 "its connection goes on the other way"

# Rules by source, mark or interface: none of that is known of a remembered route, so none may be used. (Last: a
# namespace that ever had such a rule counts as one that has them.)
line_up
ip route add 192.168.0.1/32 via 192.168.1.1 dev line table 100
nft 'add chain inet t c { type filter hook prerouting priority mangle; }
add rule inet t c meta l4proto tcp meta mark set 7'
ip rule add fwmark 7 lookup 100
for time in once again; do
	before=$(sent)
	ask udp
	is "$(sent)" "$before" "with a rule for marked packets, $time: others go through the LAN"
	ask tcp
	ok "with a rule for marked packets, $time: they go through the line" [ "$(sent)" -gt "$before" ]
done
ip rule del fwmark 7
goes lan "with that gone"
nft delete chain inet t c

done_testing
