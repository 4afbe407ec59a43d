#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The fast path: the module remembers the interfaces, vipctl makes a flowtable of nftables of them, and established
# balanced connections go through it, until it is taken away or their end. lib.sh's LAN; fastpath_dev.t is about
# interfaces.
. "$(dirname "$0")/lib.sh"
. "$HERE/fast.sh"

# v ARGS...: "EXIT STATUS: OUTPUT", both streams
v()
{
	local out rc
	out=$("$vipctl" "$@" 2>&1)
	rc=$?
	echo "$rc:${out:+ $out}"
}

# offloaded: ports of the client whose connections are in a flowtable, in $ports
offloaded()
{
	local line
	ports=
	while read -r line; do
		[[ ! $line =~ sport=(500[0-9])" ".*"[OFFLOAD]" ]] || ports+=${BASH_REMATCH[1]}$'\n'
	done <<<"$(</proc/net/nf_conntrack)"
	ports=$(sort <<<"${ports%?}")
}

services='service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1 ; backend s/b2 192.168.0.2
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1 ; backend u/b2 192.168.0.2
service s6 tcp [2001:db8::1]:25 ; backend s6/b1 fd00::1 ; backend s6/b2 fd00::2
service u6 udp [2001:db8::1]:25 ; backend u6/b1 fd00::1 ; backend u6/b2 fd00::2'

load
lan 2
serve b1 25
serve b2 25
configure "$services"
# A connection that nothing was heard of for 30 s leaves the fast path: not here, however slow the machine is. When it
# leaves, the kernel takes this time off what conntrack gives it, so UDP needs more of that, too.
settings net/netfilter/nf_flowtable_tcp_timeout=600 net/netfilter/nf_flowtable_udp_timeout=600 \
	net/netfilter/nf_conntrack_udp_timeout_stream=1200

# --- a kernel without flowtables ---
# The kernel starts it outside of this test's mounts.
modprobe=$(</proc/sys/kernel/modprobe)
asked=$(mktemp -d)
printf '#!/bin/sh\necho "$@" >>%s/log\nexit 1\n' "$asked" >"$asked/modprobe"
chmod 755 "$asked/modprobe"
rmmod nft_flow_offload nf_flow_table_inet 2>/dev/null
echo "$asked/modprobe" >/proc/sys/kernel/modprobe
like "$(v fastpath wan none)" "^1: vipctl: fastpath: no fast path: nftables says: .*: does this kernel have flowtables" \
	"a kernel without flowtables: vipctl says so"
is "$(v fastpath off)" "0:" "off needs none"
echo "$modprobe" >/proc/sys/kernel/modprobe
isnt "$(grep -c . "$asked/log")" 0 "the kernel has looked for modules"
is "$(grep none "$asked/log")" "" "but for none of an interface's name"
rm -r "$asked"

# --- what the module remembers ---
configure 'fastpath lan
service more tcp 10.9.0.1:25'
like "$(<$proc/config)" $'^replace\nfastpath lan\n' "the fast path stands in front of the services"
is "$(config 'fastpath wan; delete service more; backend none/a 192.168.0.1')" \
	'ENOENT line 1: service "none": expected one that exists' "a text that is refused after it named another one"
is "$(config 'delete fastpath; fastpath wan wan')" 'EINVAL line 1: fastpath "wan": given twice' "one that is refused there"
like "$(<$proc/config)" $'^replace\nfastpath lan\n.*more' "nothing changed"
text=$(<$proc/config)
is "$(config flush) $(<$proc/config)" "ok replace" "flush takes it away"
is "$(config "$text") $(<$proc/config)" "ok $text" "and what was read says it again"
agent_do -n client put $proc/config fastpath eth0
is "$(nsenter --net=/run/netns/client "$vipctl" fastpath) $(nft list tables) $(<$proc/config)" "fast path: eth0  $text" \
	"another namespace has another one"

# --- balanced connections take it, others do not ---
nft -f - <<-END || bail "nft refuses"
	table ip admin {
		chain pre {
			type nat hook prerouting priority dstnat
			tcp dport 81 dnat to 192.168.0.2:25
		}
		chain marks {
			type filter hook prerouting priority mangle
			ip daddr 192.168.0.2 ct mark set 1
		}
	}
END
hold tcp client -p 5001 10.0.0.1 25
way_of tcp
is "$way" "b1 slow" "without one, packets are forwarded as ever"
is "$(v fastpath wan lan none)" \
	'0: vipctl: fastpath: the fast path waits for none: say "vipctl fastpath" when they are there' "fastpath"
is "$(v fastpath)" "0: fast path: wan lan; not there: none" "how it is"
hold udp client -u -p 5002 10.0.0.1 25
hold tcp6 client -p 5003 2001:db8::1 25
hold udp6 client -u -p 5004 2001:db8::1 25
hold direct client -p 5005 192.168.0.2 25
hold admin client -p 5006 10.0.0.254 81
ways=
for tag in tcp udp tcp6 udp6; do
	way_of $tag
	ways+="$way, "
done
is "$ways" "b1 fast, b1 fast, b1 fast, b1 fast, " "TCP that was there before, UDP, both over IPv6"
way_of direct
is "$way" "b2 slow" "a connection that is not balanced does not, whatever mark it has"
way_of admin
is "$way" "b2 slow" "nor does one of the administrator's dnat"
offloaded
is "$ports" $'5001\n5002\n5003\n5004' "conntrack says so, too"
# walks AT-LEAST: has conntrack been counted so often?
walks() { [[ $(<"$proc/upkeep") =~ ^walks=([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge "$1" ]; }
[[ $(<$proc/upkeep) =~ ^walks=([0-9]+) ]]
poll "walks $((BASH_REMATCH[1] + 2))"
is "$(cat $sys/{s,u,s6,u6}/b1/live | xargs)" "1 1 1 1" "the module still counts them as live"
# Newer kernels keep a connection that has ended on the fast path until it was silent for this long.
settings net/netfilter/nf_flowtable_tcp_timeout=1
ask tcp6 "close 0"
poll "[ \$(<$sys/s6/b1/live) = 0 ]"
is "$(<$sys/s6/b1/live)" 0 "until they end"
settings net/netfilter/nf_flowtable_tcp_timeout=600

# --- off and on under a transfer ---
bytes=$((32000000 / SLOW))
# toggle ARGS...: of fastpath, while bytes are on their way; not if they were there before it was done
toggle()
{
	while
		echo "get $bytes" >&"${way_in[tcp]}"
		"$vipctl" fastpath "$@" 2>/dev/null || fail "fastpath $*"
		read -r -t 0 -u "${way_out[tcp]}"
	do
		read -r answer <&"${way_out[tcp]}"
		bytes=$((2 * bytes))
	done
	read -r answer <&"${way_out[tcp]}"
	is "$answer" "$bytes" "fastpath $*, in the middle of $bytes bytes: all of them arrive"
}
toggle off
way_of tcp
is "$way" "b1 slow" "the same connection, on its backend, the long way"
toggle wan lan
way_of tcp
is "$way" "b1 fast" "and the fast one"
toggle off
like "$(nft list tables) $(<$proc/config)" "^table ip admin replace.service s" "the administrator's table is left alone"
way_of udp
is "$way" "b1 slow" "a UDP flow goes on as well"

# --- the module goes away under it ---
"$vipctl" fastpath wan lan
ask tcp
ask udp6
unload
way_of tcp
is "$way" "b1 fast" "without the module a connection that is on it goes on"
way_of udp6
is "$way" "b1 fast" "a UDP flow, too"
load
is "$(v apply - <<<"$services")" "0:" "the module is back; vipctl apply, of a text without a fast path"
way_of tcp
is "$way" "b1 slow" "there is none any more; the connection goes on"
is "$(v apply - <<<"fastpath wan lan; $services")" "0:" "vipctl apply, of a text with one"
way_of tcp
is "$way" "b1 fast" "there is one"
is "$(v flush) $(nft list tables)" "0: table ip admin" "vipctl flush takes it away"
"$vipctl" fastpath wan
unload
is "$(v fastpath off) $(nft list tables)" "0: table ip admin" "vipctl fastpath off does so even without the module"
ask tcp
is "$answer" b1 "the connection goes on: the kernel's nf_nat, which the administrator's rules use, translates it"
load
done_testing
