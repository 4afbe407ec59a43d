#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Backends that run empty: how long that may take, who is told, and what becomes of the rest. lib.sh's LAN with two
# backends; while b1 is up it has everything.

# Without memory there are no events, and this waits for them.
unset NF_VIP_EACH_ALLOCATION
. "$(dirname "$0")/lib.sh"

# all FILE TEXT: to this file of every service
all() { for s in t u; do echo "$2" >"$sys/$s/$1"; done; }

# b1 FILE...: of both services, one after the other
b1() { local i; for i in "$@"; do printf '%s ' "$(<"$sys/t/b1/$i")" "$(<"$sys/u/b1/$i")"; done; }

# told: the next line of monitor, without its time
told()
{
	local line
	read -r -t $patience -u "${way_out[monitor]}" line || line="nothing"
	echo "${line#* }"
}

load
lan 2
serve b1 25
serve b2 25
configure 'service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2 tier 2
service u udp 10.0.0.1:25
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2 tier 2'
is "$(b1 state drain drain_left)$(field 'backend t/b1' drain) $(field 'backend t/b1' drain-left)" \
	"up up 0 0 0 0 0 0" "no drain by default"

open_way monitor "$vipctl" monitor
monitor=$!
ok "vipctl monitor listens" poll "grep -Eq '^[0-9a-f]+ 15 +$monitor +00000001' /proc/net/netlink"

# --- no deadline: it ends with the last connection ---
hold t client 10.0.0.1 25
hold u client -u 10.0.0.1 25
is "$(b1 live)" "1 1 " "a connection each"
open_way live "$peer" watch $sys/t/b1/live
read -r -t $patience live <&"${way_out[live]}" || live="nothing"
open_way wait "$vipctl" drain --wait t/b1
is "$(told)" "t/b1 state=drain by=admin usable=0" "vipctl drain --wait begins a drain"
is "$(call -c 2 10.0.0.1 25)" "b2=2" "which gives it no new connections"
ask t
is "$answer $(b1 live)" "b1 1 1 " "the one it has goes on"
ask t "close 0"
is "$(told)" "t/b1 drained=0 by=traffic usable=0" "it ends: that is told"
read -r -t $patience live <&"${way_out[live]}" || live="nothing"
is "$live" 0 "and wakes a poll of its file live"
read -r -t $patience line <&"${way_out[wait]}"
is "$line" "t/b1: has no connections" "and vipctl drain --wait says so"

echo drain >$sys/u/b1/state
is "$(told)" "u/b1 state=drain by=admin usable=0" "the UDP flow's backend drains"
conntrack -D -p udp --orig-port-dst 25 >"$tmp/null" 2>&1
is "$(told)" "u/b1 drained=0 by=traffic usable=0" "an end that no packet shows is told, too"
all b1/state up
is "$(told) $(told)" "t/b1 state=up by=admin usable=1 u/b1 state=up by=admin usable=1" "up again"
read -r -t $patience live <&"${way_out[live]}" || live="nothing"
is "$live" 0 "up wakes a poll as well"

# --- a deadline ---
ask t "open 1"
ask u
ok "a connection each" poll "[ \"\$(b1 live)\" = '1 1 ' ]"
for s in t u; do put $sys/$s/b1/drain 5 >>"$tmp/answers"; done
is "$(told) $(told)" "t/b1 state=drain by=admin usable=0 u/b1 state=drain by=admin usable=0" \
	"a number in the file drain begins one, too"
within "$(<$sys/t/b1/drain_left)" 1 5 "so long at most"
within "$(field 'backend u/b1' drain-left)" 1 5 "status has it, too"
ask t
is "${answer##* }" b1 "the TCP connection goes on until then"
# shellcheck disable=SC2016	# evaluated later
ok "however often it is said again" poll 'all b1/state drain; all b1/drain 5; [ "$(b1 drain_left)" = "0 0 " ]'
is "$({ told; told; } | sort)" "t/b1 drained=1 by=deadline usable=0
u/b1 drained=1 by=deadline usable=0" "the deadline is told, with what was left"
ask t
is "${answer##* }" ECONNRESET "then TCP is reset"
ask u
is "${answer##* }" ECONNREFUSED "and UDP as well"
read -r -t $patience live <&"${way_out[live]}" || live="nothing"
is "$live $(b1 live state drain drain_left)" "0 0 0 drain drain 0 0 0 0 " "nothing is left; the option is as it was"
is "$(call 10.0.0.1 25)" "b2=1" "b1 still gets nothing new"
all b1/state up
is "$(told) $(told)" "t/b1 state=up by=admin usable=1 u/b1 state=up by=admin usable=1" "up again"
is "$(call 10.0.0.1 25) $(call -u -p 4000 10.0.0.1 25)" "b1=1 b1=1" "and b1 is as it was"

# --- the deadline is what it was when the drain began ---
hold keep client 10.0.0.1 25
is "$(put $sys/t/b1/drain 60)" ok "a minute"
echo drain >$sys/t/b1/state
put $sys/t/b1/drain 60 >>"$tmp/answers"
configure 'backend t/b1 192.168.0.1 drain 60'
is "$(told) $(<$sys/t/b1/drain)" "t/b1 state=drain by=admin usable=0 60" "said again, in three ways"
is "$("$vipctl" drain t/b1 86400 2>&1) $(<$sys/t/b1/drain)" " 60" "another number is another deadline"
within "$(<$sys/t/b1/drain_left)" 86300 86400 "from now on"
is "$("$vipctl" drain t/b1 0 2>&1) $(<$sys/t/b1/drain_left)" " 0" "0 takes it away"
"$vipctl" drain t/b1 1
is "$(told)" "t/b1 drained=1 by=deadline usable=0" "and one second puts it back"
echo up >$sys/t/b1/state
is "$(told)" "t/b1 state=up by=admin usable=1" "up before the next packet"
ask keep
is "${answer##* }" b1 "saves what is left"
is "$(<$sys/t/b1/drain) $(<$sys/t/b1/drain_left)" "60 0" "the option is what a statement said, the drain is over"
is "$(grep -o 'backend t/b1 .*' $proc/config)" "$(grep -o 'backend t/b1 .* state up drain 60' $proc/config)" \
	"up is in the configuration then: it does not begin another when it is read back"
"$vipctl" save "$tmp/saved"
"$vipctl" apply "$tmp/saved"
is "$(<$proc/config) $(<$sys/t/b1/state)" "$(<"$tmp/saved") up" "read back"

# --- the seconds of a command are for that drain alone ---
"$vipctl" set backend t/b1 drain 6000 state up
before=$(<$proc/config)
"$vipctl" drain t/b1 500
within "$(<$sys/t/b1/drain_left)" 1 500 "so many seconds"
"$vipctl" up t/b1
is "$(<$proc/config)" "$before" "up again, the configuration is what it was"
"$vipctl" drain t/b1
within "$(<$sys/t/b1/drain_left)" 501 6000 "the next drain goes by the option"
"$vipctl" drain t/b1 500
is "$(config 'set backend t/b1 drain 60000') $(($(<$sys/t/b1/drain_left) > 500))" "ok 1" \
	"a new option counts for a drain with seconds of its own"
"$vipctl" set backend t/b1 drain 60 state up
"$vipctl" drain t/b2 500
"$vipctl" up t/b2
"$vipctl" drain t/b2
is "$(<$sys/t/b2/drain) $(<$sys/t/b2/drain_left)" "0 0" "without an option: for ever, whatever a drain before had"
is "$(config 'set service t scheduler random; confirm 3600')" ok "a change that waits for its word"
"$vipctl" drain t/b2 500
"$vipctl" revert
is "$(<$sys/t/b2/drain) $(<$sys/t/b2/drain_left) $(grep -c 'drain 500' $proc/config)" "0 0 0" \
	"leaves no seconds of a command behind when it is taken back"
"$vipctl" drain t/b2 500
is "$(config 'set service t scheduler nth; set backend t/b2 drain 60; confirm 3600')" ok "a change of the option, too"
within "$(<$sys/t/b2/drain_left)" 1 60 "counts"
"$vipctl" revert
within "$(<$sys/t/b2/drain_left)" 400 500 "and when it is taken back, what was said before"
"$vipctl" down t/b2
until [[ $(told) =~ ^(t/b2 state=down|nothing) ]]; do :; done
"$vipctl" up t/b2
is "$(told)" "t/b2 state=up by=admin usable=1" "up again"

# --- who waits in vain ---
# shellcheck disable=SC2016	# that shell's
open_way vain bash -c '"$0" drain --wait t/b1 60 2>&1 & echo $!; wait $!; echo exit=$?' "$vipctl"
read -r waiter <&"${way_out[vain]}"
is "$(told)" "t/b1 state=drain by=admin usable=0" "another drain"
ok "with somebody who waits" poll "ls -l /proc/$waiter/fd | grep -q '/t/b1/live$'"
echo up >$sys/t/b1/state
read -r -t $patience line <&"${way_out[vain]}"
is "$line" "vipctl: t/b1: up meanwhile" "set up again: the wait fails"
read -r -t $patience line <&"${way_out[vain]}"
is "$line" "exit=1" "with an exit code of its own"
is "$(told)" "t/b1 state=up by=admin usable=1" "which is told"

# --- refused, and nothing changes ---
for i in -1:EINVAL x:EINVAL 604801:ERANGE 4294967296:ERANGE '5 5:EINVAL' 05:EINVAL 0x5:EINVAL 1.5:EINVAL up:EINVAL; do
	is "$(put $sys/t/b1/drain "${i%:*}")" "${i##*:}" "drain refuses '${i%:*}'"
done
is "$(put $sys/t/b1/drain_left 5)" EACCES "drain_left is read"
is "$("$vipctl" drain t/b1 604801 2>&1) $?" \
	'vipctl: "604801": expected SERVICE/BACKEND, or 0 to 604800 seconds 2' "vipctl refuses a number, too"
is "$("$vipctl" drain 5 2>&1)" 'vipctl: "5": expected SERVICE/BACKEND' "and a number alone"
is "$(b1 state drain)" "up up 60 0 " "none of it began a drain"

# --- the module goes while one drains and somebody polls ---
put $sys/t/b1/drain 60 >>"$tmp/answers"
ok "unloaded" unload

done_testing
