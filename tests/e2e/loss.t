#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A lossy network and a server that is killed: who was somewhere else notices nothing, who comes gets through, before a
# checker has said anything and afterwards. lib.sh's LAN, on which one of 25 packets is lost each way.
. "$(dirname "$0")/lib.sh"

load
lan 3
configure 'service t tcp 10.0.0.1:25 eject 1000 60 60
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2
backend t/b3 192.168.0.3
service u udp 10.0.0.1:25 eject 1000 60 60
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2
backend u/b3 192.168.0.3'
declare -A pid
for b in b1 b2 b3; do
	serve $b 25
	pid[$b]=$server
done
modprobe sch_netem || bail "no netem"
# One connection to each, by TCP; each transfers all the time from when packets are lost.
for tag in one two three; do hold $tag client 10.0.0.1 25; declare "who_$tag=$answer"; done
# shellcheck disable=SC2154	# declared above
is "$(printf '%s\n' "$who_one" "$who_two" "$who_three" | sort | xargs)" "b1 b2 b3" "a connection to each"
for n in client b1 b2 b3; do tc -n $n qdisc add dev eth0 root netem loss 4% || bail "no loss"; done
bytes=$((1000000 / SLOW))
for tag in one two three; do echo "get $bytes" >&"${way_in[$tag]}"; done

# A process that is killed still takes connections for a moment; 0019 is its port, 0A "listens".
listens() { ip netns exec b1 cat /proc/net/tcp /proc/net/tcp6 | grep -q ':0019 [0-9A-F]*:0000 0A'; }
listens || fail "b1 listens"
kill -KILL "${pid[b1]}"
poll "! listens"
call=$(call -c 9 10.0.0.1 25)
like "$call" '^b2=[0-9]+ b3=[0-9]+$' "b1 is killed: who comes reaches another one, although nobody has said so yet"
is "$(<$sys/t/b1/up)" 1 "no checker has"
isnt "$(<$sys/t/b1/failed)" 0 "but b1 has failed"
ok "UDP, too, sooner or later" poll "[[ \$(call -u -w 200 10.0.0.1 25) = b[23]=1 ]]"

for s in t u; do echo 0 >$sys/$s/b1/up; done
call=$(call -c 9 10.0.0.1 25)
like "$call" '^b2=[0-9]+ b3=[0-9]+$' "the checker says so: the same"
for tag in one two three; do
	read -r answer <&"${way_out[$tag]}"
	who=who_$tag
	case ${!who} in
	b1)	like "$answer" '^(ECONNRESET|EPIPE|ENODATA|[0-9]+)$' "the connection to b1 has ended with its process" ;;
	*)	is "$answer" $bytes "all that ${!who} sends arrives" ;;
	esac
done

# It is started again.
serve b1 25
for s in t u; do
	echo 1 >$sys/$s/b1/up
done
call=$(call -c 32 10.0.0.1 25)
like "$call" '^b1=[0-9]+ b2=[0-9]+ b3=[0-9]+$' "b1 is back"
done_testing
