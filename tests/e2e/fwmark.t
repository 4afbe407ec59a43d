#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Services of packets with a mark: a rule says what belongs together, whatever the addresses and ports. The VIPs are
# addresses of the gateway: what is not balanced gets there.
. "$(dirname "$0")/lib.sh"

at() { call -f 2 "$@"; }

load
lan 2
serve b1 80 443 8080 8443
serve b2 80 443 8080 8443
agent serve gateway 8080 8443 >/dev/null
nft -f - <<'END' || bail "no nft"
table inet mangle {
	chain pre {
		type filter hook prerouting priority mangle
		ip daddr { 10.0.0.1, 10.0.0.254 } tcp dport { 80, 443 } meta mark set 7
		ip daddr 10.0.0.1 udp dport 80 meta mark set 7
		ip6 daddr 2001:db8::1 meta mark set 7
		ip daddr 10.0.0.1 icmp type echo-request meta mark set 7
		ip daddr 10.0.0.1 tcp dport 8443 meta mark set 0x107
		ip daddr 10.0.0.1 udp dport 8443 meta mark set 0x107
	}
	chain out {
		type route hook output priority mangle
		ip daddr 10.0.0.1 tcp dport 80 meta mark set 7
	}
}
END
configure 'service web fwmark 0x7
backend web/b1 192.168.0.1
backend web/b2 192.168.0.2'
for to in 10.0.0.1:80 10.0.0.1:443 10.0.0.254:443 10.0.0.254:80; do order+=$(call "${to%:*}" "${to#*:}")' '; done
is "$order" "b1=1 b2=1 b1=1 b2=1 " "two ports of two addresses take turns together"
is "$(at 10.0.0.1 443) $(at -u 10.0.0.1 80)" "443=1 80=1" "each at its own port; UDP, too"
is "$(agent call 10.0.0.1 80)" b1=1 "the gateway's own connections, if their rule marks them"
is "$(call 10.0.0.1 8080) $(call 10.0.0.1 8443)" "gateway=1 gateway=1" "not without the mark, nor with more bits than it"
like "$(ip netns exec client ping -c 1 -W $patience 10.0.0.1 2>&1)" "1 received" "a ping with the mark is answered by the gateway"
is "$(field 'service web' chosen)" 7 "what was counted"
is "$(call -u 2001:db8::1 8080)" "gateway=1" "a service of IPv4 has none of IPv6"

# --- shown and read back ---
configure 'service web6 fwmark 7 family ipv6 scheduler random
backend web6/b2 [fd00::2]:8080'
is "$(at 2001:db8::1 80) $(at -u 2001:db8::1 443)" "8080=1 8080=1" "IPv6, onto one port"
is "$(field 'service web' proto) $(field 'service web' vip) $(field 'service web6' vip) $(field 'backend web/b1' address)" \
	"fwmark 0x7 0x7/ipv6 192.168.0.1:*" "status"
is "$(<$sys/web/service/proto) $(<$sys/web/service/vip) $(<$sys/web6/service/vip)" "fwmark 0x7 0x7 family ipv6" "sysfs"
text=$(<$proc/config)
like "$text" 'service web fwmark 0x7 scheduler nth.*service web6 fwmark 0x7 family ipv6 scheduler random' "config"
configure "$text"
is "$(<$proc/config)" "$text" "reads back to the same"
is "$(config 'service x fwmark 7')" 'EEXIST line 1: service "x": another service has fwmark 0x7 and the same dev' "one mark, two services"
is "$(config 'service x fwmark 0')" 'ERANGE line 1: fwmark "0": expected 1 to 4294967295, or 0x and hex digits' "no mark"

# --- before VIPs, and with an interface ---
configure 'service vip tcp 10.0.0.1:80
backend vip/b1 192.168.0.1:8080
service dev fwmark 7 dev wan
backend dev/b2 192.168.0.2:443
service more fwmark 0x107
backend more/b1 192.168.0.1'
is "$(at 10.0.0.1 80)" "443=1" "the mark goes before the VIP"
is "$(field 'service dev' chosen) $(field 'service vip' chosen)" "1 0" "and its interface before none"
is "$(at 10.0.0.1 8443)" "8443=1" "all bits of a mark count"
configure 'delete service web; delete service dev'
is "$(call 10.0.0.1 80) $(field 'service vip' chosen)" "b1=1 1" "without the mark's service the VIP's has it"

# --- no backend ---
agent put $sys/more/b1/state down >/dev/null
is "$(call 10.0.0.1 8443) $(call -u 10.0.0.1 8443)" "ECONNREFUSED=1 ECONNREFUSED=1" "reject, as any service"
done_testing
