#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Datagrams of one new UDP flow that are under way at a time: all reach one backend, and none is lost. A resolver that
# asks for A and AAAA from one socket sends such two. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

rules() { nft -f - || bail "nft refuses"; }

# same ANSWERS: of `call -d`: "same" if the answers to each flow come from one backend, or what they are
same()
{
	local word first rest
	for word in ${1//=/ }; do
		[[ $word =~ ^[0-9]+$ ]] && continue
		first=${word%%+*}
		rest=${word//$first/}
		[ -z "${rest//+/}" ] || { echo "$1"; return; }
	done
	echo same
}

load
lan 3
servers=()
for i in 1 2 3; do
	serve b$i 53
	servers[i]=$server
done
config='service s udp 10.0.0.1:53; service s6 udp [2001:db8::1]:53'
for i in 1 2 3; do config+="; backend s/b$i 192.168.0.$i; backend s6/b$i fd00::$i"; done
configure "$config"

# --- the first datagram of each flow is lost behind us ---
rules <<-END
	table inet t {
		set seen {
			type inet_service
			size 1024
			flags dynamic
		}
		chain forward {
			type filter hook forward priority 0
			udp dport 53 udp sport != @seen add @seen { udp sport } drop
		}
	}
END
answers=
for i in 1 2 3; do answers+=" $(call -u -d 2 -a 1 -p "400$i" 10.0.0.1 53)"; done
like "$answers" '^( b[123]=1){3}$' "of two datagrams of a flow the first is dropped behind us"
is "$(field 'service s' chosen)" 3 "the second is no new choice"
is "$(field 'backend s/b1' chosen) $(field 'backend s/b2' chosen) $(field 'backend s/b3' chosen)" "1 1 1" \
	"so the backends have equal shares"
nft flush ruleset

# --- both are held before either is confirmed ---
# held PORT VIP N: N datagrams from this port, held together; in $answer what the queue says, in $reply the answers
held()
{
	open_queue queue "$3"
	agent_do -n client call -u -d "$3" -p "$1" "$2" 53
	read -r answer <&"${way_out[queue]}" || answer="not held"
}

if nft -f - 2>"$tmp/null" <<-END
	table inet t {
		chain forward {
			type filter hook forward priority 0
			udp dport 53 ct state new queue flags bypass to 0
		}
	}
END
then
	chosen=$(field 'service s' chosen)
	all=
	for i in 1 2; do
		held 500$i 10.0.0.1 2
		all+="$answer: $(same "$reply"); "
	done
	is "$all" "held 2: same; held 2: same; " "two new datagrams at a time: one backend"
	held 5010 10.0.0.1 5
	is "$answer: $(same "$reply")" "held 5: same" "five at a time: the same"
	is "$(($(field 'service s' chosen) - chosen))" 3 "each flow is one choice"
	held 5020 2001:db8::1 3
	is "$answer: $(same "$reply")" "held 3: same" "IPv6: the same"
	configure "${config//53;/53 scheduler random;}"
	held 5030 10.0.0.1 5
	is "$answer: $(same "$reply")" "held 5: same" "scheduler random: the same"
	is "$(conntrack -L -p udp --sport 5010 2>/dev/null | wc -l)" 1 "conntrack has one entry of a flow"

	# --- a resolver ---
	# getaddrinfo(3) asks for A and AAAA at once; each server has its own answers.
	configure "$config"
	mkdir -p /etc/netns/client
	echo "nameserver 10.0.0.1" >/etc/netns/client/resolv.conf
	for i in 1 2; do
		kill "${servers[i]}"
		ip netns exec b$i dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --keep-in-foreground \
			--user=root --address=/test/192.0.2.$i --address=/test/2001:db8:2::$i &
		poll "ip netns exec b$i ss -Hlun sport = 53 | grep -q ." || bail "no dnsmasq"
	done
	put $sys/s/b3/up 0 >"$tmp/null"
	open_queue queue 2
	hosts=$(ip netns exec client getent ahosts host.test | awk '{ print $1 }' | sort -u | paste -sd,)
	read -r answer <&"${way_out[queue]}" || answer="not held"
	like "$answer $hosts" '^held 2 (192\.0\.2\.1,2001:db8:2::1|192\.0\.2\.2,2001:db8:2::2)$' \
		"a resolver's two questions are answered by one server"
	nft flush ruleset
else
	diag "no queue in this kernel's nftables"
fi
done_testing
