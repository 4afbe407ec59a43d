#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VIP behind IPsec: what the client sees is encrypted, though the answers come from a backend that no policy knows; and
# so is what the gateway itself sends to a backend on a port that has a policy. The network is that of lib.sh.
. "$(dirname "$0")/lib.sh"

load
lan 1
ip netns attach self $$ || bail "no name for the gateway"
serve b1 25
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1
service s6 tcp [2001:db8:1::1]:25 ; backend s6/b1 fd00::1
service u6 udp [2001:db8:1::1]:25 ; backend u6/b1 fd00::1
service port tcp 192.168.0.1:2500 ; backend port/b1 192.168.0.1:25'
ip route add 2001:db8:1::/48 via 2001:db8::9

# states SPI A B MODE: security associations for both directions
keys="enc cbc(aes) 0x00112233445566778899aabbccddeeff auth-trunc hmac(sha256)"
keys+=" 0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff 128"
states()
{
	echo "xfrm state add src $2 dst $3 proto esp spi $1 mode $4 $keys"
	echo "xfrm state add src $3 dst $2 proto esp spi $(($1 + 1)) mode $4 $keys"
}
# policies A B SELECTOR-A-TO-B SELECTOR-B-TO-A TEMPLATE: at A, for what it sends to B and gets from there
policies()
{
	echo "xfrm policy add dir out $3 tmpl src $1 dst $2 proto esp $5"
	echo "xfrm policy add dir in $4 tmpl src $2 dst $1 proto esp $5"
	echo "xfrm policy add dir fwd $4 tmpl src $2 dst $1 proto esp $5"
}
# Transport mode for the VIP that is the gateway's, a tunnel for the one that is not.
in_netns client <<-END
	$(states 0x10 10.0.0.9 10.0.0.1 transport)
	$(policies 10.0.0.9 10.0.0.1 'src 10.0.0.9 dst 10.0.0.1' 'src 10.0.0.1 dst 10.0.0.9' 'mode transport')
	$(states 0x20 2001:db8::9 2001:db8::fe tunnel)
	$(policies 2001:db8::9 2001:db8::fe 'src 2001:db8::9 dst 2001:db8:1::1' 'src 2001:db8:1::1 dst 2001:db8::9' 'mode tunnel')
END
in_netns b1 <<-END
	$(states 0x30 192.168.0.1 192.168.0.254 transport)
	$(policies 192.168.0.1 192.168.0.254 'src 192.168.0.1 dst 192.168.0.254 proto tcp sport 25' \
		'src 192.168.0.254 dst 192.168.0.1 proto tcp dport 25' 'mode transport')
END
in_netns self <<-END
	$(states 0x10 10.0.0.9 10.0.0.1 transport)
	$(policies 10.0.0.1 10.0.0.9 'src 10.0.0.1 dst 10.0.0.9' 'src 10.0.0.9 dst 10.0.0.1' 'mode transport')
	$(states 0x20 2001:db8::9 2001:db8::fe tunnel)
	$(policies 2001:db8::fe 2001:db8::9 'src 2001:db8:1::1 dst 2001:db8::9' 'src 2001:db8::9 dst 2001:db8:1::1' 'mode tunnel')
	$(states 0x30 192.168.0.1 192.168.0.254 transport)
	$(policies 192.168.0.254 192.168.0.1 'src 192.168.0.254 dst 192.168.0.1 proto tcp dport 25' \
		'src 192.168.0.1 dst 192.168.0.254 proto tcp sport 25' 'mode transport')
END
# What each of them gets: encrypted, and not.
for n in client b1 self; do
	ip netns exec $n nft 'table inet t {
		counter encrypted { }
		counter plain { }
		chain pre {
			type filter hook prerouting priority raw
			meta l4proto esp counter name encrypted
			meta ipsec missing iifname { eth0, wan } meta l4proto { tcp, udp } th sport { 25, 2500 } counter name plain
			meta ipsec missing iifname { eth0, wan } meta l4proto { tcp, udp } th dport { 25, 2500 } counter name plain
		}
	}' || bail "no nft in $n"
done
# got NETNS...: at each of them, were packets encrypted, and how many were not?
got()
{
	local n
	for n in "$@"; do
		ip netns exec "$n" nft reset counters table inet t | awk '
			$1 == "counter" { name = $2 }
			$1 == "packets" { count[name] = $2 }
			END { printf "%s %d ", count["encrypted"] ? "esp" : "nothing", count["plain"] }'
	done
	echo
}

both_ways()
{
	is "$(call 10.0.0.1 25) $(call -u 10.0.0.1 25)" "b1=1 b1=1" "$1: TCP and UDP, transport mode"
	is "$(call 2001:db8:1::1 25) $(call -u 2001:db8:1::1 25)" "b1=1 b1=1" "$1: TCP and UDP over IPv6, in a tunnel"
	is "$(got client self)" "esp 0 esp 0 " "$1: all of it encrypted, both ways"
}
both_ways "without nf_nat's hooks"
# In transport mode nobody tells the backend that its packets grow on the way.
nft 'table ip t {
	chain forward { type filter hook forward priority filter; tcp flags syn tcp option maxseg size set 1300; }
}'
for vip in 10.0.0.1 2001:db8:1::1; do
	hold bulk client $vip 25
	ask bulk "get 200000"
	is "$answer" 200000 "$vip: 200000 bytes from the backend"
	ask bulk "put 200000"
	is "$answer" 200000 "$vip: and to it"
done
is "$(got client self)" "esp 0 esp 0 " "all of them encrypted"

got b1 >/dev/null
is "$(agent call 192.168.0.1 2500)" b1=1 "from the gateway, to a VIP that is the backend's own address"
is "$(got b1)" "esp 0 " "by the policy of the backend's port"

nft 'table inet nat {
	chain pre { type nat hook prerouting priority dstnat; }
	chain post { type nat hook postrouting priority srcnat; }
}'
both_ways "with them"

done_testing
