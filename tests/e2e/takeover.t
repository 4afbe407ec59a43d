#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two gateways of which one takes the connections of the other over: with hash and nothing else, with entries that are
# carried over by hand, and with keepalived and conntrackd as userspace/examples/two-gateways sets them up.
#
#                  [ wan ]--- gw1 ---[ lan ]            wan and lan are bridges of this shell's namespace, and the
#      client ---[       ]           [     ]--- b1      interfaces of both gateways; sync is between the two
#     10.0.0.9     [     ]--- gw2 ---[     ]--- b2
#
# VIP 10.0.0.1 and 192.168.0.254, the backends' router, are where the active gateway is.
. "$(dirname "$0")/lib.sh"

examples=$HERE/../../userspace/examples/two-gateways

# on GATEWAY COMMANDS: in its shell, which sees its /sys, has its own /etc and /run; in $reply, as one line
on()
{
	echo "$2" >&"${way_in["$1"]}"
	read -r reply <&"${way_out["$1"]}" || bail "the shell of $1 is gone"
}

# shows GATEWAY COMMANDS WANTED: for poll
shows() { on "$1" "$2"; [ "$reply" = "$3" ]; }

# gate NAME LAST: its network, its shell. ip-netns(8) shows it /etc/netns/NAME as /etc. What the packages have in these
# folders stays: without its keepalived.config-opts keepalived 2.3 ends at once.
gate()
{
	local etc=/etc/netns/$1
	mkdir -p "$etc/nf_vip" /etc/nf_vip /etc/keepalived /etc/conntrackd
	cp -r /etc/keepalived /etc/conntrackd "$etc/"
	cp "$examples/notify" "$examples/nf_vip.conf" "$examples/nftables.conf" "$vipctl" "$etc/nf_vip/"
	cp "$examples/keepalived.conf" "$etc/keepalived/"
	cp "$examples/conntrackd.conf" "$etc/conntrackd/"
	in_netns "$1" <<-END
		link set lo up
		link set wan up
		link set lan up
		link set sync up
		address add 10.0.0.$2/24 dev wan
		address add 192.168.0.$2/24 dev lan
		address add 192.168.100.$(($2 - 251))/24 dev sync
	END
	# shellcheck disable=SC2016	# for that shell
	open_way "$1" ip netns exec "$1" bash -c 'mount -t tmpfs run /run; mkdir /run/lock
		while read -r line; do eval "$line" 2>&1 | paste -sd";"; done'
	on "$1" "nft -f /etc/nf_vip/nftables.conf"
}

# move FROM TO: the addresses, and who else has to know
move()
{
	local i
	on "$1" 'ip address del 10.0.0.1/24 dev wan; ip address del 192.168.0.254/24 dev lan'
	on "$2" 'ip address add 10.0.0.1/24 dev wan; ip address add 192.168.0.254/24 dev lan'
	for i in client b1 b2; do ip -n "$i" neighbour flush all; done
}

# both TEXT: the configuration of both gateways
both()
{
	local i
	for i in gw1 gw2; do
		agent_do -n $i put $proc/config "${1//$'\n'/\\n}"
		[ "$reply" = ok ] || bail "configuration refused: $reply"
	done
}

# send TAG, answer TAG: as ask, in two halves
send() { echo who >&"${way_in["$1"]}"; }
answer() { read -r answer <&"${way_out["$1"]}" || answer="no answer"; }

# known GATEWAY: its established connections, as "CLIENT PORT BACKEND MARK"
known()
{
	on "$1" "conntrack -L -p tcp --dst 10.0.0.1 --state ESTABLISHED 2>/dev/null | sed 's/.*ESTABLISHED src=\([^ ]*\) dst=[^ ]* sport=\([0-9]*\) .* src=\([^ ]*\) .* mark=\([0-9]*\) .*/\1 \2 \3 \4/' | sort"
}

load
settings "${SETTINGS[@]}"
node client b1 b2 gw1 gw2
settings "${FORWARD[@]}" gw1 gw2
ip -batch - <<-END || bail "the topology"
	link add wan type bridge
	link add lan type bridge
	link set wan up
	link set lan up
	link add w0 master wan up type veth peer name eth0 netns client
	link add w1 master wan up type veth peer name wan netns gw1
	link add w2 master wan up type veth peer name wan netns gw2
	link add l1 master lan up type veth peer name lan netns gw1
	link add l2 master lan up type veth peer name lan netns gw2
	link add l3 master lan up type veth peer name eth0 netns b1
	link add l4 master lan up type veth peer name eth0 netns b2
	link add sync netns gw1 type veth peer name sync netns gw2
END
ends client 10.0.0.9/24 10.0.0.254 2001:db8::9/64 2001:db8::fe
ends b1 192.168.0.1/24 192.168.0.254 fd00::1/64 fd00::fe
ends b2 192.168.0.2/24 192.168.0.254 fd00::2/64 fd00::fe
for i in 21 22 23; do echo "address add 10.0.0.$i/24 dev eth0"; done | in_netns client
gate gw1 252
gate gw2 253
serve b1 80
serve b2 80

# --- hash: nothing is carried over ---
both 'service web tcp 10.0.0.1:80 scheduler hash hash-seed 1
backend web/b1 192.168.0.1
backend web/b2 192.168.0.2'
on gw1 'ip address add 10.0.0.1/24 dev wan; ip address add 192.168.0.254/24 dev lan'
before=
for i in 21 22 23; do
	hold "h$i" client -s "10.0.0.$i" 10.0.0.1 80
	before+=" $answer"
done
like "$before" 'b1.*b2|b2.*b1' "hash: clients on both backends"
move gw1 gw2
after=
for i in 21 22 23; do
	ask "h$i"
	after+=" $answer"
done
is "$after" "$before" "the other gateway takes over and knows none: each goes on, on its backend"
on gw2 "sed -n 's/.* chosen=\([0-9]*\) .*/\1/p' $proc/status | head -n 1"
is "$reply" 3 "it has chosen for all of them"
for i in 21 22 23; do ask "h$i" "reset 0"; done

# --- entries by hand ---
both 'service web tcp 10.0.0.1:80
backend web/b1 192.168.0.1 mark 1
backend web/b2 192.168.0.2 mark 2'
on gw2 'conntrack -F'
on gw1 "conntrack -F; echo on >$sys/web/service/hold"
hold two client -c 2 10.0.0.1 80
is "$answer" "b1 b2" "by hand: two connections"
known gw2
entries=$reply
move gw2 gw1
send two
ok "what comes before the entries is held" poll "shows gw1 '[ \$(cat $sys/web/service/held) -ge 2 ] && echo yes' yes"
is "$(call -c 2 10.0.0.1 80)" "b1=1 b2=1" "new connections are balanced"
IFS=';' read -ra list <<<"$entries"
for i in "${list[@]}"; do
	read -r source port backend mark <<<"$i"
	on gw1 "conntrack -I -p tcp -s $source -d 10.0.0.1 --sport $port --dport 80 --dst-nat $backend --state ESTABLISHED \
		-u SEEN_REPLY,ASSURED -t 300 -m $mark"
done
on gw1 "echo 0 >$sys/web/service/hold"
answer two
is "$answer" "b1 b2" "then they go on, on their backends"
known gw1
is "$reply" "$entries" "with their marks"
ask two "reset 0"
ask two "reset 1"
on gw1 'ip address del 10.0.0.1/24 dev wan; ip address del 192.168.0.254/24 dev lan; conntrack -F'
on gw2 'conntrack -F'

# --- keepalived and conntrackd ---
# What the second gateway has differently, and more time than the example needs: processes may be slow here.
sed -i 's/priority 100/priority 50/' /etc/netns/gw2/keepalived/keepalived.conf
sed -i 's/192\.168\.100\.1$/x/; s/192\.168\.100\.2$/192.168.100.1/; s/x$/192.168.100.2/' /etc/netns/gw2/conntrackd/conntrackd.conf
sed -i 's/advert_int .*/advert_int 1/' /etc/netns/gw?/keepalived/keepalived.conf
for i in gw1 gw2; do
	on $i "/etc/nf_vip/vipctl flush; /etc/nf_vip/vipctl apply /etc/nf_vip/nf_vip.conf; cat $sys/web/service/hold"
	within "$reply" 1 30 "$i begins with a hold"
	on $i 'conntrackd -d >/run/log 2>&1; conntrackd -s >/run/log 2>&1 && echo runs'
	is "$reply" runs "$i: conntrackd"
	# shellcheck disable=SC2016	# for its shell
	on $i 'keepalived -n -l >/run/keepalived.log 2>&1 & echo $! >/run/k'
	[ $i = gw2 ] || poll "shows gw1 'ip address show wan | grep -c 10.0.0.1/24' 1" || { on gw1 'cat /run/keepalived.log'; diag "$reply"; }
done
ok "the first gateway is active, and holds nothing" poll "shows gw1 'cat $sys/web/service/hold' 0"
ok "the second one stands by" poll "shows gw2 'cat $sys/web/service/hold' on"
hold c1 client -s 10.0.0.21 -c 2 10.0.0.1 80
first=$answer
hold c2 client -s 10.0.0.22 -c 2 10.0.0.1 80
is "$first $answer" "b1 b2 b1 b2" "two clients with two connections each"
ok "conntrackd brings them to the second one" poll "shows gw2 'conntrackd -e | grep -c ESTABLISHED' 4"
known gw1
entries=$reply
known gw2
is "$reply" "" "whose kernel knows nothing of them yet"
# Stopped first: the child would begin to say goodbye, and UML panics when a process is killed in the middle of fork().
# shellcheck disable=SC2016	# for its shell
on gw1 'k="$(cat /run/k) $(pgrep -P $(cat /run/k))"; kill -STOP $k; kill -KILL $k; for i in wan lan sync; do ip link set $i down; done'
send c1
send c2
answer c1
first=$answer
answer c2
is "$first $answer" "b1 b2 b1 b2" "the first gateway dies: all go on, on their backends"
known gw2
is "$reply" "$entries" "with their marks"
ok "the second one holds nothing any more" poll "shows gw2 'cat $sys/web/service/hold' 0"
is "$(call -c 2 10.0.0.1 80)" "b1=1 b2=1" "new connections are balanced"
ok "live connections are counted" poll "shows gw2 'cat $sys/web/service/live' 4"
done_testing
