#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Clients who want a healthy backend ejected: what one address can do, or 64 bits of IPv6, whatever it sends, and what
# several can. For each kind of failure: silence, a reset, an ICMP error. lib.sh's LAN, path.sh's path: the backend far,
# which everybody gets while it may be chosen, is one hop behind b1; b2 (tier 2) takes the rest.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/path.sh"

# More than anybody is meant to need for an ejection.
many=12
others=(10.0.0.21 10.0.0.22 10.0.0.23)

# failing SERVICE: what far failed, in $failures
failing() { failures=$(<"$sys/$1/far/failed"); }
# stays SERVICE NAME COMMAND: it was failed $many times or more since $failures were counted, and is where it was. A slow
# machine loses some of what COMMAND does, so COMMAND comes as often as it takes.
stays()
{
	ok "$2: failures are counted" poll "$3; [ \$(<$sys/$1/far/failed) -ge $((failures + many)) ]"
	# What ejects is work on one queue, and this waits until all of that is done.
	is "$(put "$sys/$1/far/weight" 1) $(<"$sys/$1/far/ejected") $(<"$sys/$1/far/usable")" "ok 0 1" "$2: nobody is ejected"
}
# is_out SERVICE NAME COMMAND: what COMMAND does ejects it
is_out() { ok "$2: it is ejected" poll "$3; [ \$(<$sys/$1/far/ejected) != 0 ]"; }

# silent VIP ADDRESS COUNT: SYNs whose TTL ends before far, each with its repetition
silent() { agent_do -n client call -s "$2" -t 2 -w 1500 -j "$3" "$1" 25; }
# refused VIP ADDRESS COUNT: connections that far's firewall refuses
refused() { agent_do -n client call -s "$2" -w 50 -c "$3" "$1" 26; }
# unreachable VIP ADDRESS COUNT: datagrams that an ICMP error answers
unreachable() { agent_do -n client call -u -s "$2" -w 20 -c "$3" "$1" 27; }

load
lan 2
beyond
serve deep 25 28
serve b2 25 26 28
# Before far has answered: the client is faster.
ip netns exec deep nft -f - <<-END || bail "no nft"
	table inet t {
		chain in {
			type filter hook input priority 0
			udp dport 28 ip saddr 10.0.0.9 udp sport 6000-6999 drop
		}
	}
END
# Who means harm does not give up when he is told that his SYN has not arrived.
ip netns exec client nft -f - <<-END || bail "no nft"
	table inet t {
		chain in {
			type filter hook input priority 0
			icmp type time-exceeded drop
			icmpv6 type time-exceeded drop
		}
	}
END
for i in "${others[@]}"; do echo "address add $i/24 dev eth0"; done | in_netns client
for i in 1 2 3; do
	echo "address add 2001:db8::1$i/64 dev eth0 nodad"
	echo "address add 2001:db8:a$i::9/64 dev eth0 nodad"
	ip route add "2001:db8:a$i::/64" via 2001:db8::9
done | in_netns client
is4='backend S/far 192.168.9.1; backend S/b2 192.168.0.2 tier 2'
is6='backend S/far fd00:9::1; backend S/b2 fd00::2 tier 2'
configure "service t tcp 10.0.0.1:25-26 eject 3 60 60
${is4//S/t}
service u udp 10.0.0.1:27-28 eject 3 60 60
${is4//S/u}
service t6 tcp [2001:db8::1]:25-26 eject 3 60 60
${is6//S/t6}
service u6 udp [2001:db8::1]:27-28 eject 3 60 60
${is6//S/u6}"
is "$(call 10.0.0.1 25) $(call 2001:db8::1 25) $(call -u 10.0.0.1 28) $(field 'service t' eject-clients)" \
	"deep=1 deep=1 deep=1 3" "far is well"

# --- one address ---
for kind in silent:t refused:t unreachable:u; do
	service=${kind#*:} kind=${kind%:*}
	failing "$service"
	stays "$service" "$kind, one client" "$kind 10.0.0.1 10.0.0.9 $many"
	failing "${service}6"
	stays "${service}6" "$kind, one client, IPv6" "$kind 2001:db8::1 2001:db8::9 $many"
done
failing u
forge() { ip netns exec client "$HERE/forge.py" 10.0.0.9 6000 10.0.0.1 28 192.168.9.1 28 "$many" eth0; }
ok "ICMP errors of the client's own making" forge
stays u "forged" forge
is "$(call 10.0.0.1 25) $(call -u 10.0.0.1 28)" "deep=1 deep=1" "others are not moved"

# --- many addresses of one network of IPv6 ---
for i in 1 2 3; do
	failing t6
	refused 2001:db8::1 2001:db8::1$i $many
	failing u6
	stays u6 "four addresses of one /64, $i" "unreachable 2001:db8::1 2001:db8::1$i $many"
done
is "$(<$sys/t6/far/ejected)" 0 "nor by resets"

# --- as many as it takes, and no less ---
refused 10.0.0.1 "${others[0]}" 1
is "$(<$sys/t/far/ejected)" 0 "a second client"
# The first ones are told again, too: on a slow machine they may be too long ago.
three() { refused 10.0.0.1 10.0.0.9 1; refused 10.0.0.1 "${others[0]}" 1; silent 10.0.0.1 "${others[1]}" 1; }
is_out t "a third, by whatever failure" three
is "$(call 10.0.0.1 25) $(field 'service t' usable)" "b2=1 1" "b2 has everything"
for i in "${others[@]}"; do
	silent 10.0.0.1 "$i" 3
	refused 10.0.0.1 "$i" 3
done
is "$(call 10.0.0.1 25) $(<$sys/t/b2/ejected)" "b2=1 0" "and the last one stays, whatever they do"
networks() { for i in 2001:db8::9 2001:db8:a1::9 2001:db8:a2::9; do refused 2001:db8::1 "$i" 1; done; }
is_out t6 "three /64s" networks
each() { for i in "${others[@]}"; do "$1" 10.0.0.1 "$i" 1; done; }
is_out u "ICMP errors, four clients" "each unreachable"

# --- on trial ---
is "$(put $sys/t/service/eject '3 60 1')" ok "shorter times"
echo 0 >$sys/t/far/ejected
is_out t "three clients again" "each refused"
# And nobody asks meanwhile: what fails on trial ejects again, for longer.
ok "on trial" poll "[ \$(field 'backend t/far' warm) = 6 ]"
# Nobody else, so that far is tried every time.
failing t
for ((i = 0; i < 16; i++)); do refused 10.0.0.1 10.0.0.9 16; done
ok "one client finds it on trial" test "$(<$sys/t/far/failed)" -gt "$failures"
is "$(<$sys/t/far/ejected) $(field 'backend t/far' warm)" "0 6" "and does not eject it again"

# --- who says so has it with one client ---
is "$(config 'set service u eject-clients 1') $(put $sys/u/far/ejected 0)" "ok ok" "eject-clients 1"
is_out u "one client" "unreachable 10.0.0.1 10.0.0.9 3"
for i in "0:ERANGE" "9:ERANGE" "x:EINVAL"; do
	like "$(config "set service u eject-clients ${i%:*}")" "^${i#*:} line 1: eject-clients \"${i%:*}\": expected 1 to 8" \
		"eject-clients ${i%:*}"
done

done_testing
