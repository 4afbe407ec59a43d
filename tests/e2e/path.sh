# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Longer paths, for tests of ICMP errors. To be sourced after lib.sh.

# beyond: after `lan N`, a host behind the client and one behind b1, which forward. The last hop to either of them takes
# smaller packets than all others: it is found out by sending, so every error about it passes the gateway.
#
#    remote                client          gateway          b1                deep
#   10.9.0.9  --- <1400 10.9.0.254  ------         ------ 192.168.9.254 1300> --- 192.168.9.1
#   2001:db8:9::9         2001:db8:9::fe                    fd00:9::fe            fd00:9::1
beyond()
{
	node remote deep
	in_netns client <<-END
		link add behind type veth peer name eth0 netns remote
		link set behind up
		address add 10.9.0.254/24 dev behind
		address add 2001:db8:9::fe/64 dev behind
		route replace 10.9.0.0/24 dev behind mtu lock 1400
		route replace 2001:db8:9::9/128 dev behind mtu lock 1400
	END
	in_netns b1 <<-END
		link add behind type veth peer name eth0 netns deep
		link set behind up
		address add 192.168.9.254/24 dev behind
		address add fd00:9::fe/64 dev behind
		route replace 192.168.9.0/24 dev behind mtu lock 1300
		route replace fd00:9::1/128 dev behind mtu lock 1300
	END
	settings "${FORWARD[@]}" client b1
	ends remote 10.9.0.9/24 10.9.0.254 2001:db8:9::9/64 2001:db8:9::fe
	ends deep 192.168.9.1/24 192.168.9.254 fd00:9::1/64 fd00:9::fe
	ip -batch - <<-END || bail "the routes of the gateway"
		route add 10.9.0.0/24 via 10.0.0.9
		route add 192.168.9.0/24 via 192.168.0.1
		route add 2001:db8:9::/64 via 2001:db8::9
		route add fd00:9::/64 via fd00::1
	END
}

# mtu_to NETNS ADDRESS: what that host has learned about the path
mtu_to()
{
	local text
	text=$(ip -n "$1" route get "$2")
	[[ $text =~ " mtu "([0-9]+) ]] && text=${BASH_REMATCH[1]}
	echo "$text"
}
