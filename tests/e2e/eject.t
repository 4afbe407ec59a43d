#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A backend that fails too many connections gets none for a time. Failures are datagrams here that an ICMP error answers:
# the client waits for none of them. lib.sh's LAN; b1 has everything while it may be chosen, b2 (tier 2) takes the rest.

# Without memory there are no events, and this waits for them.
unset NF_VIP_EACH_ALLOCATION
. "$(dirname "$0")/lib.sh"

# fail_often N: N connections that u/b1 fails, each of a port of its own
fail_often()
{
	local wanted=$(($(<$sys/u/b1/failed) + $1))
	call -u -w 20 -c "$1" 10.0.0.1 26 >"$tmp/failures"
	poll "[ \$(<$sys/u/b1/failed) -ge $wanted ]"
}

# stands SERVICE: b1: usable, ejected, share of its weight
stands()
{
	local left
	left=$(<"$sys/$1/b1/ejected")
	stands="$(<"$sys/$1/b1/usable") $((left > 0)) $(field "backend $1/b1" warm)"
}
in="1 0 100" out="0 1 *" trial="1 0 6"
# is_in SERVICE STANDS: until it stands so; = and not a pattern but for the share of one that is ejected
# shellcheck disable=SC2053
is_in() { stands "$1"; [[ $stands == $2 ]]; }
becomes() { ok "$3" poll "is_in $1 '$2'"; }

# told EVENT...: what monitor says next of u/b1
told()
{
	local got=() name rest
	while [ ${#got[@]} -lt $# ] && read -r -t $patience -u "${way_out[monitor]}" _ name rest; do
		[[ $rest != ejected=* ]] || got+=("$name $rest")
	done
	is "$(printf '%s; ' "${got[@]}")" "$(printf '%s; ' "$@")" "told: $*"
}

load
lan 2
serve b1 28
serve b2 26 28
configure 'service u udp 10.0.0.1:26 eject 3 60 60 eject-clients 1
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2 tier 2
service t tcp 10.0.0.1:26,28 eject 2 60 60 eject-clients 1
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2 tier 2'
open_way monitor "$vipctl" monitor
ok "vipctl monitor listens" poll "grep -Eq '^[0-9a-f]+ 15 +$! +00000001' /proc/net/netlink"

# --- so many failures, and not before ---
fail_often 2
stands u
is "$stands" "$in" "two failures of three"
fail_often 1
becomes u "$out" "three: ejected"
within "$(<$sys/u/b1/ejected)" 50 60 "for a minute"
within "$(field 'backend u/b1' ejected)" 50 60 "status has it, too"
told "u/b1 ejected=60 by=ejection usable=0"
is "$(call -u -c 3 10.0.0.1 26) $(<$sys/u/b1/failed)" "b2=3 3" "b2 has everything, without a failure"
is "$(field 'service u' usable) $(<$sys/u/b1/up) $(<$sys/u/b1/state)" "1 1 up" "it is neither down nor drained"

# --- who can end it ---
is "$(put $sys/u/b1/up 1) $(put $sys/u/b1/up '1 60')" "ok ok" "a checker says that it is alive"
is_in u "$out" || fail "and that ended it"
for i in 1 x ""; do is "$(put $sys/u/b1/ejected "$i")" EINVAL "ejected refuses '$i'"; done
is "$(put $sys/u/b1/failed 0)" EACCES "failed cannot be written"
is "$(put $sys/u/b1/ejected 0)" ok "the administrator does"
stands u
is "$stands" "$in" "at once, with all of its weight"
told "u/b1 ejected=0 by=admin usable=1"
fail_often 2
stands u
is "$stands" "$in" "it begins to count anew"
fail_often 1
becomes u "$out" "ejected again"
is "$(config 'service u udp 10.0.0.1:26 eject 3 60 1 eject-clients 1') $(<$sys/u/b1/usable)" "ok 0" "restated with the option it stays ejected"
is "$(config 'service u udp 10.0.0.1:26')" ok "restated without it"
stands u
is "$stands" "$in" "that is over"
told "u/b1 ejected=60 by=ejection usable=0" "u/b1 ejected=0 by=admin usable=1"

# --- it ends by itself; a failure on trial, and each time for longer ---
configure 'service u udp 10.0.0.1:26 eject 3 60 1 eject-clients 1'
fail_often 3
becomes u "$trial" "after a second it is on trial, with a sixteenth of its weight"
fail_often 1
becomes u "$out" "one failure, and it is ejected again"
becomes u "$trial" "for some time"
fail_often 1
told "u/b1 ejected=1 by=ejection usable=0" "u/b1 ejected=0 by=ejection usable=1" \
	"u/b1 ejected=2 by=ejection usable=0" "u/b1 ejected=0 by=ejection usable=1" \
	"u/b1 ejected=4 by=ejection usable=0"
is "$(put $sys/u/service/eject '2 3 1')" ok "a shorter trial"
becomes u "$trial" "it is tried after all"
becomes u "$in" "and without a failure all is forgotten"
fail_often 2
told "u/b1 ejected=0 by=ejection usable=1" "u/b1 ejected=1 by=ejection usable=0"
becomes u "$in" "so the next time is a short one"

# --- a window ---
is "$(put $sys/u/service/eject '2 1 60')" ok "a window of a second"
fail_often 1
had=$(<$sys/u/b1/failed)
# The subject is time itself.
began=$EPOCHSECONDS
poll "[ \$EPOCHSECONDS -ge $((began + 2)) ]"
fail_often 1
is "$(<$sys/u/b1/failed)" $((had + 1)) "failures with a second in between"
stands u
is "$stands" "$in" "do not add up"

# --- established connections stay ---
hold stays client 10.0.0.1 28
is "$answer" b1 "a connection that b1 answers"
for i in 1 2; do
	call -w 50 10.0.0.1 26 >"$tmp/failures"
done
becomes t "$out" "two others that it resets"
is "$(call 10.0.0.1 28)" "b2=1" "a new one reaches b2"
ask stays
is "$answer" b1 "the old one stays"

# --- never the last one ---
echo down >$sys/t/b2/state
becomes t "$trial" "the last one that is left is tried, ejected or not"
is "$(call 10.0.0.1 28) $(call -c 3 10.0.0.1 26)" "b1=1 ECONNREFUSED=3" "it has everything"
stands t
is "$stands" "$trial" "whatever it fails"
echo up >$sys/t/b2/state
call -w 50 10.0.0.1 26 >"$tmp/failures"
becomes t "$out" "and when it is not the last one any more it is ejected again"
is "$(config 'delete backend t/b1') $(config 'backend t/b1 192.168.0.1') $(<$sys/t/b1/ejected)" "ok ok 0" \
	"deleted while it has a connection, and back: that is forgotten"
stands t
is "$stands" "$in" "and it is in"
echo drain >$sys/u/b2/state
is "$(put $sys/u/service/eject '1 60 60') $(call -u -c 5 10.0.0.1 26)" "ok ECONNREFUSED=5" "one that fails everything"
stands u
is "$stands" "$in" "but is the only one"

# --- several at once; a backend goes while it is ejected ---
configure 'replace
service a udp 10.0.0.1:31-34 eject 2 60 5 eject-clients 1
backend a/b1 192.168.0.1
backend a/b3 192.168.0.1 mark 77
backend a/b2 192.168.0.2:26'
call -u -w 20 -c 9 10.0.0.1 31 >"$tmp/failures"
ok "two of three are ejected" poll "[ \$(field 'service a' usable) = 1 ]"
is "$(<$sys/a/b2/ejected) $(call -u -c 4 10.0.0.1 32)" "0 b2=4" "and not the one that answers"
is "$(config 'delete backend a/b1') $(config 'backend a/b1 192.168.0.1 tier 2') $(<$sys/a/b1/ejected) $(<$sys/a/b1/failed)" "ok ok 0 0" \
	"one of that name is another one"
ok "the other's time is over" poll "[ \$(<$sys/a/b3/ejected) = 0 ]"
echo 1 60 60 >$sys/a/service/eject
call -u -w 20 -c 20 10.0.0.1 33 >"$tmp/failures"
ok "ejected again" poll "[ \$(<$sys/a/b3/ejected) != 0 ]"
ok "unloaded while it is ejected" unload

done_testing
