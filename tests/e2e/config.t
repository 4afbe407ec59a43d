#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The configuration as a whole: transactions, replace, round trip, what stays over a change, many writers, many
# services. lib.sh's LAN; VIPs in 10.9.0.0/16 are nobody's addresses.
#
#    client ------ gateway ------ b1, b2
. "$(dirname "$0")/lib.sh"

load
lan 2
serve b1 25 26
serve b2 25 26
is "$(<$proc/config)" replace "nothing to begin with"

# --- one write is one transaction ---
full='replace
service mail tcp 10.9.0.1:25 scheduler nth on-empty reject
backend mail/b1 192.168.0.1 weight 1 mark 0x1 condition b1up
backend mail/b2 192.168.0.2 weight 1 mark 0x2
service dns udp 10.9.0.1:25 dev wan scheduler random on-empty drop
backend dns/b1 192.168.0.1:26 weight 3 mark 0x3 state drain'
is "$(config 'service mail tcp 10.9.0.1:25
backend mail/b1 192.168.0.1 condition b1up # a comment; and so on
backend mail/b2 192.168.0.2;service dns udp 10.9.0.1:25 on-empty drop dev wan scheduler random

	backend dns/b1   192.168.0.1:26	state drain weight 3')" ok "statements, comments, semicolons, empty lines"
is "$(<$proc/config)" "$full" "reads as one statement a line with what differs from the default"
is "$(<$proc/error)" "" "no error"
is "$(call -c 4 10.9.0.1 25)" "b1=2 b2=2" "it works"
hold early client -c 2 10.9.0.1 25
before=$(state)

is "$(config 'delete backend mail/b2
service web tcp 10.9.0.2:80
backend web/b1 192.168.0.1 wieght 3
flush')" 'EINVAL line 3: unknown word "wieght": expected weight, mark, condition, state, tier, max-conns, warmup, initial, lease-end or drain' "a bad third line"
is "$(<$proc/error)" 'line 3: unknown word "wieght": expected weight, mark, condition, state, tier, max-conns, warmup, initial, lease-end or drain' "the error stays to be read"
is "$(config 'flush
service web tcp 10.9.0.2:80
backend mail/b1 192.168.0.1')" 'ENOENT line 3: service "mail": expected one that exists' "a later line sees what an earlier one did"
is "$(<$proc/config)" "$full" "none of it took effect"
is "$(state)" "$before" "nor shows in the status"
is "$(call -c 4 10.9.0.1 25)" "b1=2 b2=2" "nor in the balance"

# --- what was read can be written ---
echo 0 >$sys/mail/b2/up
echo 1 >$cond/b1up
before=$(state)
is "$(config "$full")" ok "the text that was read is written"
is "$(<$proc/config)" "$full" "and reads the same again"
after=$(state)
is "${after#*services=}" "${before#*services=}" "counters, health and flags stay"
echo 1 >$sys/mail/b2/up
echo 0 >$cond/b1up
call 10.9.0.1 25 >$tmp/first
is "$(config 'service new tcp 10.9.0.3:25'; config "$full")" $'ok\nok' "changes that do not concern the service"
isnt "$(call 10.9.0.1 25)" "$(<$tmp/first)" "do not reset whose turn it is"

# --- what changes and what stays ---
chosen=$(field 'service mail' chosen)
is "$(config 'service mail tcp 10.9.0.2:25 on-empty drop
backend mail/b2 192.168.0.2:26 mark 0x20')" ok "another VIP, another port of a backend, another mark"
is "$(call -f 2 -c 4 10.9.0.2 25)" "25=2 26=2" "hold from the next connection on"
is "$(field 'service mail' chosen)" $((chosen + 4)) "the service goes on counting"
is "$(call -w 100 10.9.0.1 25)" timeout=1 "the old VIP is nobody's"
ask early
is "$answer" "b1 b2" "connections to the old VIP stay"
is "$(config 'service mail tcp 10.9.0.1:25
service other tcp 10.9.0.2:25; backend other/b2 192.168.0.2')" ok "a VIP goes from one service to another"
is "$(call -c 2 10.9.0.2 25)" "b2=2" "at once"
is "$(config 'service mail tcp 10.9.0.2:25; service other tcp 10.9.0.1:25')" ok "two services swap their VIPs"
is "$(call -c 2 10.9.0.1 25) $(call -f 2 -c 2 10.9.0.2 25)" "b2=2 25=1 26=1" "which works"
is "$(config 'delete backend mail/b2 force; delete service other')" ok "delete"
is "$(call -c 2 10.9.0.2 25) $(echo $sys/mail/b* $sys/o*)" "b1=2 $sys/mail/b1 $sys/o*" "gone, from sysfs too"
is "$(config 'delete service mail; service mail tcp 10.9.0.1:25; backend mail/b1 192.168.0.1')" ok "delete and state again"
is "$(config 'replace
service mail tcp 10.9.0.1:25
backend mail/b1 192.168.0.1')" ok "replace"
is "$(<$proc/config)" 'replace
service mail tcp 10.9.0.1:25 scheduler nth on-empty reject
backend mail/b1 192.168.0.1 weight 1 mark 0x1' "what it does not name is gone"
is "$(config flush) $(<$proc/config) $(echo $sys/* $cond/*)" "ok replace $sys/* $cond/*" "flush"
configure 'service mail tcp 10.9.0.1:25; backend mail/b1 192.168.0.1'
is "$(field 'service mail' chosen)" 0 "a service that comes again counts from 0"
ask early
is "$answer" "b1 b2" "the connections of old outlived it all"

# --- a VIP that appears under a client which was there before, with a fixed port ---
configure flush
agent serve gateway 27 >$tmp/pid
is "$(call -u -p 4000 10.0.0.1 27)" gateway=1 "a UDP client gets an answer from the gateway"
is "$(call -u -w 50 -p 4001 10.9.0.1 27)" timeout=1 "and none from a VIP that does not exist"
configure 'service a udp 10.0.0.1:27; backend a/b1 192.168.0.1:25; service b udp 10.9.0.1:27; backend b/b1 192.168.0.1:25'
is "$(call -u -p 4000 10.0.0.1 27) $(call -u -p 4001 10.9.0.1 27)" "b1=1 b1=1" "the next packet of both is balanced"

# --- what is no text ---
before=$(state)
like "$(agent garbage $proc/config 1048576) $(<$proc/error)" "^EINVAL line [0-9]+: " "1 MiB of garbage"
is "$(agent garbage $proc/config 16777217) $(<$proc/error)" "E2BIG expected at most 16777216 bytes in one write" \
	"more than 16 MiB"
is "$(state)" "$before" "nothing changed"

# --- many writers ---
one='replace
service a tcp 10.9.0.1:25 scheduler nth on-empty reject
backend a/b1 192.168.0.1 weight 1 mark 0x1 condition one'
two='replace
service b tcp 10.9.0.1:25 scheduler nth on-empty reject
backend b/b1 192.168.0.2 weight 1 mark 0x1
backend b/b2 192.168.0.2:26 weight 1 mark 0x2 condition two'
configure "$one"
rounds=$((SLOW > 1 ? 20 : 50))
writers=()
for text in "$one" "$two" "$one" "$two"; do
	# Not echo: bash writes line by line. Each changes what the others see: not while they fail.
	env -u NF_VIP_EACH_ALLOCATION "$peer" times $rounds put $proc/config "${text//$'\n'/\\n}" >>$tmp/answers &
	writers+=($!)
done
torn=''
for ((i = 0; i < rounds; i++)); do
	seen=$(<$proc/config)
	[ "$seen" = "$one" ] || [ "$seen" = "$two" ] || torn=$seen
done
wait "${writers[@]}"
answers=$(<$tmp/answers)
is "${answers//ok/}" "${answers//[^$'\n']/}" "four writers, $rounds transactions each: none is refused"
is "$torn" "" "a reader never sees a mixture"
seen=$(<$proc/config)
if [ "$seen" = "$one" ]; then
	is "$(echo $sys/*/*/up) $(echo $cond/*)" "$sys/a/b1/up $cond/one" "the last one wins, in sysfs as well"
else
	is "$(echo $sys/*/*/up) $(echo $cond/*)" "$sys/b/b1/up $sys/b/b2/up $cond/two" "the last one wins, in sysfs as well"
fi

# --- many services ---
many=$((SLOW > 1 ? 200 : 1000))
for ((i = 0; i < many; i++)); do
	echo "service s$i tcp 10.9.$((i / 100)).$((i % 100 + 1)):25"
	echo "backend s$i/b$((i % 2 + 1)) 192.168.0.$((i % 2 + 1))"
done >$tmp/many
sed -i 1ireplace $tmp/many
is "$("$peer" write $proc/config <$tmp/many)" ok "$many services in one write"
is "$(field nf_vip services) $(call 10.9.0.1 25) $(call "10.9.$(((many - 1) / 100)).100" 25)" "$many b1=1 b2=1" "the first and the last work"
all=$(<$proc/config)
is "$("$peer" write $proc/config <<<"$all") $(field nf_vip services) $(field "service s$((many - 1))" chosen)" "ok $many 1" "written back as it was read: all stay"
is "$(config flush) $(field nf_vip services)" "ok 0" "and all go"

done_testing
