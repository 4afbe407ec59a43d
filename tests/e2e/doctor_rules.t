#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl doctor: rules of nftables and of both kinds of iptables that are in the way of services. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=doctor.sh
. "$HERE/doctor.sh"

load
lan 1
serve b1 25
serve b1 53
configure 'service web tcp 10.0.0.1:25 dev wan
backend web/b1 192.168.0.1 mark 3
service web6 tcp [2001:db8::1]:25
backend web6/b1 fd00::1 mark 4'

# --- rules that harm nobody ---
nft -f - <<-END
	table inet good {
		set inside { type ipv4_addr; flags interval; elements = { 192.168.0.0/16 }; }
		chain forward1 {
			type filter hook forward priority 0; policy drop;
			ct state vmap { established : accept, related : accept, invalid : drop }
			iifname vmap { "wan" : jump from_wan }
		}
		chain from_wan {
			oifname { "dmz", "la*" } ip daddr 192.168.0.0/24 tcp dport { 22, 25-26 } accept
			ip6 daddr fd00::1 meta l4proto tcp counter accept
		}
		chain other {
			type nat hook prerouting priority -100;
			ip daddr 10.0.0.1 tcp dport 80 dnat ip to 192.168.0.7
			ip daddr 10.0.0.3 tcp dport 25 dnat ip to 192.168.0.7
			ip daddr 10.0.0.1 udp dport 25 redirect to :53
		}
		chain marks {
			type filter hook prerouting priority -150;
			ct mark set ct mark & 0x0000ffff | 0x10000
			iifname "none" meta nfproto ipv4 ct mark set 0x7
			ip saddr 10.0.0.77 ct mark set 0x3
			meta mark set ct mark
		}
		chain raw1 {
			type filter hook prerouting priority -300;
			ip daddr 10.0.0.1 tcp dport 22 notrack
		}
	}
END
finds "" "rules that harm nobody"
is "$(call 10.0.0.1 25) $(call 2001:db8::1 25)" "b1=1 b1=1" "traffic"
like "$("${as_nobody[@]}" "$(command -v vipctl)" doctor)" \
	"not looked at: rules of nftables: " "who may not see them is told"

# --- a policy ---
nft -f - <<-END
	flush chain inet good from_wan
	add rule inet good from_wan ip daddr 192.168.0.1 tcp dport 26 accept
	add rule inet good from_wan ip6 daddr fd00::2 accept
	add rule inet good from_wan iifname lan accept
END
is "$(call -w 300 10.0.0.1 25)" "timeout=1" "what nobody accepts is dropped"
finds "forward-drop: chain inet good forward1" "a chain of nftables that drops"
mends
is "$(call 10.0.0.1 25) $(call 2001:db8::1 25)" "b1=1 b1=1" "traffic"
nft delete table inet good

# --- marks, NAT and notrack ---
nft -f - <<-END
	table ip bad {
		chain pre {
			type nat hook prerouting priority -100;
			ip daddr 10.0.0.0/24 tcp dport { 25, 80 } dnat to 192.168.0.7
		}
		chain raw1 {
			type filter hook prerouting priority -300;
			ip daddr 10.0.0.1 ip protocol tcp notrack
		}
		chain post {
			type filter hook postrouting priority 0;
			ct mark set meta mark
			ct mark set ct mark & 0xffffff00
		}
	}
END
is "$(call -w 300 10.0.0.1 25)" "ECONNREFUSED=1" "a notrack rule"
mends_each 4
like "$all" "nat-rule: rule ip bad pre handle [0-9]+" "a rule for the same VIP"
like "$all" "notrack-rule: rule ip bad raw1 handle [0-9]+" "one that exempts it from conntrack"
like "$all" "mark-rule: rule ip bad post handle [0-9]+, mark-rule: rule ip bad post" "two that write our bits"
is "$n $found" "4 " "mended one by one"
is "$(call 10.0.0.1 25)" "b1=1" "traffic"

# --- iptables, both kinds ---
faults=3
nat='*nat
-A PREROUTING -d 10.0.0.1/32 -p tcp -m multiport --dports 24:26,80 -j DNAT --to-destination 192.168.0.7
-A PREROUTING -d 10.0.0.1/32 -p tcp -m tcp ! --dport 25 -j REDIRECT --to-ports 22
COMMIT'
has_dnat || nat='' faults=2
for kind in nft $(has_legacy && echo legacy); do
	"iptables-$kind-restore" <<-END
		*filter
		:FORWARD DROP [0:0]
		-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		-A FORWARD -i lan -m comment --comment "it's \$(false) inside" -j ACCEPT
		COMMIT
		*mangle
		-A PREROUTING -i wan -p tcp -m tcp --dport 25 -j CONNMARK --set-xmark 0x3/0xff
		-A PREROUTING -i wan -j CONNMARK --set-xmark 0x10000/0xff0000
		-A POSTROUTING -m comment --comment "it's \$(false) ours" -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff
		COMMIT
		$nat
	END
	is "$(call -w 300 10.0.0.1 25)" "timeout=1" "iptables-$kind drops"
	mends_each $faults
	like "$all" "forward-drop: .*FORWARD" "its policy"
	[ -z "$nat" ] || like "$all" "nat-rule: .*PREROUTING" "a rule for the same VIP"
	like "$all" "mark-rule: iptables-$kind -t mangle -A POSTROUTING " "one that saves another mark"
	is "$n $found" "$faults " "mended one by one"
	is "$(call 10.0.0.1 25)" "b1=1" "traffic"
	"iptables-$kind-restore" <<-END
		*filter
		:FORWARD ACCEPT [0:0]
		COMMIT
		*mangle
		COMMIT
		*nat
		COMMIT
	END
done
if has_legacy; then
	ip6tables-legacy -P FORWARD DROP
	finds "forward-drop: ip6tables-legacy chain FORWARD" "IPv6"
	mends
fi

# --- the fast path ---
vipctl fastpath wan lan
finds "" "a fast path"
nft delete table inet nf_vip
finds "fastpath-missing: table inet nf_vip" "somebody deleted it"
mends
if has_legacy; then
	ip6tables-legacy -F
	ip6tables-legacy -P FORWARD ACCEPT
fi
vipctl flush
done_testing
