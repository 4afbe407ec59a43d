#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The statement set: what it gives is changed, and nothing else is. lib.sh's LAN.
#
#    client ------ gateway ------ b1, b2
. "$(dirname "$0")/lib.sh"

load
lan 2
serve b1 25
serve b2 25
configure 'service mail tcp 10.9.0.1:25 persist 60 max-clients 100 eject 3 10 30 on-down-tcp reset
backend mail/b1 192.168.0.1 weight 3 mark 0x11 condition one tier 2 max-conns 9 warmup 0 initial down lease-end up
backend mail/b2 192.168.0.2 tier 2
service other tcp 10.9.0.1:25 dev lo'
echo 1 >$sys/mail/b1/up
call -c 4 10.9.0.1 25 >/dev/null
hold early client -c 4 10.9.0.1 25
line() { grep "^$1 " $proc/config; }
b1=$(line 'backend mail/b1') mail=$(line 'service mail')
chosen=$(<$sys/mail/b1/chosen) total=$(field 'service mail' chosen) clients=$(field 'service mail' clients)

# --- a backend ---
is "$(config 'set backend mail/b1 weight 5')" ok "the weight of a backend"
is "$(line 'backend mail/b1')" "${b1/weight 3/weight 5}" "changes, and no other option"
is "$(<$sys/mail/b1/chosen) $(<$sys/mail/b1/up) $(<$sys/mail/b1/mark)" "$chosen 1 0x11" \
	"it keeps its counters, its health and its mark"
ask early
before=$answer
is "$(config 'set backend mail/b1 mark 0x12 condition two lease-end down; set backend mail/b1 tier 1')" ok \
	"several options, in two statements"
b1=${b1/weight 3 mark 0x11 condition one/weight 5 mark 0x12 condition two}
b1=${b1/ tier 2} b1=${b1/ lease-end up}
is "$(line 'backend mail/b1')" "$b1" "all of them"
is "$(echo $cond/*)" "$cond/two" "the flag is another one"
is "$(config 'set backend mail/b1 condition -') $(echo $cond/*) $(line 'backend mail/b1')" \
	"ok $cond/* ${b1/ condition two}" "and none"
ask early
is "$answer" "$before" "connections are where they were"

# --- a service ---
is "$(config 'set service mail scheduler random persist 61')" ok "options of a service"
mail=${mail/nth/random} mail=${mail/persist 60/persist 61}
is "$(line 'service mail')" "$mail" "change, and no other"
is "$(field 'service mail' chosen) $(field 'service mail' clients)" "$total $clients" \
	"counters and clients stay"
mail=${mail/ eject 3 10 30}
is "$(config 'set service mail eject 0 scheduler nth') $(line 'service mail')" \
	"ok ${mail/random/nth}" "and nobody is ejected any more"
like "$(config 'set service other dev -')" "^EEXIST line 1: service \"other\": another service has" \
	"what belongs to a service already is refused"
is "$(config 'set service mail dev wan; set service other dev -') $(line 'service other')" \
	"ok service other tcp 10.9.0.1:25 scheduler nth on-empty reject" "an interface, and none"
is "$(call -c 1 10.9.0.1 25 | tr -d '12')" "b=" "the VIP is found by its interface"

# --- state, as the files of sysfs have it ---
is "$(config 'set backend mail/b1 drain 500') $(<$sys/mail/b1/state) $(<$sys/mail/b1/drain)" "ok drain 500" \
	"a deadline begins a drain"
is "$(($(<$sys/mail/b1/drain_left) > 0))" 1 "which runs"
is "$(call -c 2 10.9.0.1 25)" "b2=2" "no new connections"
is "$(config 'set backend mail/b1 weight 7') $(<$sys/mail/b1/state)" "ok drain" "another option does not end it"
is "$(config 'set backend mail/b1 state up') $(<$sys/mail/b1/state) $(<$sys/mail/b1/drain)" "ok up 500" \
	"state up does, and leaves the seconds"
is "$(config 'set backend mail/b1 state drain') $(($(<$sys/mail/b1/drain_left) > 0))" "ok 1" \
	"which the next drain has"

# --- with other statements, and through the other doors ---
is "$(config 'replace; service mail tcp 10.9.0.1:25; backend mail/b1 192.168.0.1 mark 1; set backend mail/b1 weight 2
set service mail on-empty drop')" ok "set after the statements of a text"
is "$(<$proc/config)" 'replace
service mail tcp 10.9.0.1:25 scheduler nth on-empty drop
backend mail/b1 192.168.0.1 weight 2 mark 0x1' "changes what they made"
is "$(config 'set backend mail/b1 weight 9; set backend mail/b9 weight 1') $(<$sys/mail/b1/weight)" \
	'ENOENT line 1: backend "mail/b9": expected one that exists 2' "all of a text, or nothing"
is "$(config 'delete service mail; set service mail on-empty drop')" \
	'ENOENT line 1: service "mail": expected one that exists' "not of one that the text deleted"
is "$("$vipctl" set backend mail/b1 weight 4 2>&1; echo $?) $(<$sys/mail/b1/weight)" "0 4" "vipctl set"
is "$("$vipctl" set backend mail/b9 weight 4 2>&1; echo $?)" \
	$'vipctl: backend "mail/b9": expected one that exists\n1' "which says what is wrong"
printf '%s\n' 'service mail tcp 10.9.0.1:25' 'backend mail/b1 192.168.0.1' 'set backend mail/b1 weight 6' >$tmp/set.conf
is "$("$vipctl" check $tmp/set.conf && "$vipctl" apply $tmp/set.conf; echo $?) $(<$sys/mail/b1/weight)" \
	"$tmp/set.conf: good, 1 service, 1 backend"$'\n'"0 6" "in a file"
done_testing
