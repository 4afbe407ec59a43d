#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each network namespace has services of its own, and takes them with it when it goes, traffic or not.
#
#    client ------ gateway (this shell), lib.sh's LAN ------ b1, b2
#
#    left --- gate --- right                  a second gateway, with the same names and the same VIP
. "$(dirname "$0")/lib.sh"

# gate NETNS: the network of the second gateway
gate()
{
	node "$1" left right
	"$peer" set "${FORWARD[@]}" "$1"
	in_netns "$1" <<-END
		link set lo up
		link add wan type veth peer name eth0 netns left
		link add lan type veth peer name eth0 netns right
		link set wan up
		link set lan up
		address add 10.0.0.254/24 dev wan
		address add 10.0.0.1/32 dev wan
		address add 2001:db8::fe/64 dev wan
		address add 192.168.0.254/24 dev lan
		address add fd00::fe/64 dev lan
	END
	ends left 10.0.0.9/24 10.0.0.254 2001:db8::9/64 2001:db8::fe
	ends right 192.168.0.1/24 192.168.0.254 fd00::1/64 fd00::fe
}

# in_gate TEXT: a shell in the second gateway, with its own /sys
in_gate() { ip netns exec gate bash -c "$1"; }

load
lan 2
serve b1 25
serve b2 25
gate gate
serve right 25

configure 'service mail tcp 10.0.0.1:25; backend mail/one 192.168.0.1; backend mail/two 192.168.0.2'
is "$(in_gate "cat $proc/config; ls $sys $cond")" $'replace\n/proc/net/nf_condition:\n\n/sys/kernel/nf_vip:' \
	"another namespace sees nothing of it"
in_gate "echo 'service mail tcp 10.0.0.1:25; backend mail/one 192.168.0.1 condition one' >$proc/config"
is "$(in_gate "ls $sys/mail $cond" | grep -c one)" 2 "it can have a service of the same name and the same VIP"
is "$(ls $cond) $(ls -d $sys/mail/two)" " $sys/mail/two" "and this one sees nothing of that"
is "$(call -c 4 10.0.0.1 25)" "b1=2 b2=2" "connections are balanced here"
is "$("$peer" -n left call -c 3 10.0.0.1 25)" "right=3" "and there"
in_gate "echo 0 >$sys/mail/one/up"
is "$("$peer" -n left call -c 1 10.0.0.1 25) $(call -c 2 10.0.0.1 25)" "ECONNREFUSED=1 b1=1 b2=1" \
	"a backend that is down there is not down here"
in_gate "echo 1 >$sys/mail/one/up"
is "$(nsenter --net=/run/netns/gate cat $sys/mail/two/up 2>&1)" 1 \
	"/sys shows the namespace that it was mounted in, as with every file of it"

# --- vipctl -n ---
is "$("$vipctl" -n gate save)" "$(in_gate "cat $proc/config")" "vipctl -n: what it reads is of that namespace"
"$vipctl" -n gate add backend mail/more 192.168.0.7 weight 3
is "$("$vipctl" -n gate show -j mail | jq -c '[.service[].backend[] | .name, .weight]') $(ls -d $sys/mail/more 2>&1)" \
	'["one",1,"more",3] '"ls: cannot access '$sys/mail/more': No such file or directory" "add, and show in JSON"
"$vipctl" -n gate down mail/one mail/more
is "$("$vipctl" -n gate status mail | head -n 1) $(<$sys/mail/one/state)" "mail: 0 of 2 usable, 0 live connections up" \
	"down goes through its /sys, not through ours"
is "$("$peer" -n left call -c 1 10.0.0.1 25) $(call -c 2 10.0.0.1 25)" "ECONNREFUSED=1 b1=1 b2=1" "as connections see it"
"$vipctl" -n gate up mail/one
is "$("$vipctl" -n gate drain --wait mail/more; "$vipctl" -n gate status -j | jq -c '[.service[].backend[].state]')" \
	$'mail/more: has no connections\n["up","drain"]' "up, and drain"
"$vipctl" -n gate del backend mail/more
is "$("$vipctl" -n gate metrics | grep -c 'backend="two"') $("$vipctl" save | grep -c more)" "0 0" "nothing of it is here"
open_way there "$vipctl" -n gate -j monitor
there=$!
ok "monitor listens there" poll "ip netns exec gate grep -Eq '^[0-9a-f]+ 15 +[0-9]+ +00000001' /proc/net/netlink"
echo 5 >$sys/mail/one/weight
"$vipctl" -n gate drain mail/one
read -r -t $patience -u "${way_out[there]}" line
is "$(jq -c '[.backend, .what, .value]' <<<"$line")" '["one","state","drain"]' "and hears of that namespace only"
kill -TERM $there
"$vipctl" -n gate up mail/one
echo 1 >$sys/mail/one/weight
like "$("$vipctl" -n nowhere show 2>&1; echo $?)" $'no such network namespace.*\n1$' "one that is not there"

# --- a namespace of a user namespace ---
# The owner of /proc/net is known when the namespace is made: the user namespace comes first.
mine="mount -t sysfs sysfs /sys
echo 'service a tcp 10.0.0.1:25; backend a/b 192.168.0.1 condition c' >$proc/config && cat $proc/error $sys/a/b/up
echo 1 >$cond/c && cat $sys/a/b/usable && echo down >$sys/a/b/state && cat $sys/a/b/state"
is "$(unshare --user --map-root-user unshare --net --mount bash -c "$mine" 2>&1)" $'1\n0\ndown' \
	"root of a user namespace configures its own"
is "$(unshare --user --map-root-user bash -c "echo flush >$proc/config" 2>&1 | grep -c "not permitted")" 1 \
	"and nobody else's"
is "$(field 'service mail' backends)" 2 "nothing changed here"

# --- a namespace goes away under traffic ---
# The client asks as long as it is let; what counts is that the kernel does not complain, and that all of it goes.
rounds=$((SLOW > 1 ? 1 : 5))
for ((i = 0; i < rounds; i++)); do
	[ $i = 0 ] || { gate gate; serve right 25; }
	in_gate "echo 'replace; service mail tcp 10.0.0.1:25; backend mail/one 192.168.0.1 condition one
		service dns udp 10.0.0.1:25; backend dns/one 192.168.0.1' >$proc/config"
	"$peer" -n left call -w 200 -j 2 -c 100000 10.0.0.1 25 >/dev/null &
	tcp=$!
	"$peer" -n left call -u -w 200 -j 2 -c 100000 10.0.0.1 25 >/dev/null &
	udp=$!
	poll "[ \$(ip netns exec gate sed -n 's/^service dns .* chosen=\([0-9]*\) .*/\1/p' $proc/status) -gt 20 ]" ||
		bail "no traffic"
	kill "$server"
	ip netns del gate
	kill $tcp $udp
	wait $tcp $udp 2>/dev/null
	ip netns del left
	ip netns del right
done
pass "$rounds times a namespace went away under traffic"
is "$(call -c 4 10.0.0.1 25)" "b1=2 b2=2" "connections are balanced here as before"
done_testing
