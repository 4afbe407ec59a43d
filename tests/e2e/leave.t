#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Backends that are deleted while they have connections: they leave the configuration at once, and drain. lib.sh's LAN
# with two backends.
. "$(dirname "$0")/lib.sh"

here() { [ -d $sys/t/b1 ] && echo here || echo gone; }
gone() { [ "$(here)" = gone ]; }
listed() { grep -c 'backend t/b1 ' $proc/config; }

# begin: b1 is there, with one connection, which `hold` has
begin()
{
	configure "$text"
	ask hold "open 1"
	[ "${answer##* }" = b1 ] || diag "a connection of b1: $answer"
}

load
lan 2
serve b1 25
serve b2 25
text='replace
service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2 tier 2'
configure "$text"
mark=$(<$sys/t/b1/mark)

# --- without connections it goes at once ---
is "$(call 10.0.0.1 25)" "b1=1" "a connection that is over"
# shellcheck disable=SC2016	# evaluated later
poll '[ "$(<$sys/t/b1/live)" = 0 ]'
is "$(config 'delete backend t/b1') $(here)" "ok gone" "deleted, it is gone"
configure "$text"
mark=$(<$sys/t/b1/mark)

# --- with one it leaves ---
hold hold client 10.0.0.1 25
is "$answer $(field 'backend t/b1' leaving)" "b1 0" "a connection of b1"
chosen=$(<$sys/t/b1/chosen)
is "$(config 'delete backend t/b1') $(here) $(listed)" "ok here 0" "deleted: here, but in the configuration no more"
is "$(field 'backend t/b1' state) $(field 'backend t/b1' leaving) $(<$sys/t/b1/leaving)" "drain 1 1" "it is leaving"
within "$(<$sys/t/b1/drain_left)" 290 300 "for 300 seconds at most"
is "$(field 'service t' backends) $(field 'service t' live) $(call 10.0.0.1 25)" "1 1 b2=1" "it gets nothing new"
ask hold
is "$answer $(<$sys/t/b1/live)" "b1 1" "its connection goes on"
like "$(config 'delete backend t/b1')" '^ENOENT line 1: backend "t/b1": expected one that exists' "there is nothing to delete"
is "$(put $sys/t/b1/state up) $(put $sys/t/b1/drain 5) $(put $sys/t/b1/weight 5)" "ENODEV ENODEV ENODEV" \
	"and its files can be written no more"

# --- the service changes meanwhile; the backend comes back ---
is "$(config 'service t tcp 10.0.0.1:25 persist 5; backend t/b3 192.168.0.3 tier 3') $(here)" "ok here" \
	"the service is stated anew"
isnt "$(<$sys/t/b3/mark)" "$mark" "the mark is not given to another one"
is "$(config "$text") $(here) $(listed)" "ok here 1" "stated again"
is "$(<$sys/t/b1/leaving) $(<$sys/t/b1/state) $(<$sys/t/b1/mark) $(<$sys/t/b1/chosen)" "0 up $mark $chosen" \
	"it is as it was, with its mark and its counters"
is "$(call 10.0.0.1 25)" "b1=1" "and gets connections"
# shellcheck disable=SC2016	# evaluated later
ok "which are counted with the one that it had" poll '[ "$(<$sys/t/b1/live)" = 1 ]'

# --- the last connection ends ---
is "$(config 'replace; service t tcp 10.0.0.1:25; backend t/b2 192.168.0.2') $(here)" "ok here" \
	"a configuration without it: it leaves, too"
ask hold "close 0"
ok "its connection ends: it is gone" poll gone
is "$(grep -c 'backend t/b1' $proc/status)" 0 "from status as well"

# --- the deadline passes ---
text=${text/168.0.1/168.0.1 state up drain 1}
begin
is "$(config 'delete backend t/b1') $(here)" "ok here" "deleted, with a deadline"
# shellcheck disable=SC2016	# evaluated later
ok "which passes" poll '[ "$(<$sys/t/b1/drain_left)" = 0 ]'
ask hold
is "${answer##* }" ECONNRESET "its connection is reset"
ok "and it is gone" poll gone
begin
is "$(config 'delete backend t/b1') $(here)" "ok here" "a connection that says nothing"
ok "does not keep it" poll gone
configure "$text"
ask hold
is "${answer##* }" b1 "and goes on, as nobody was there to reset it"

# --- force ---
begin
is "$(config 'delete backend t/b1 force') $(here)" "ok gone" "forced: it goes at once"
ask hold
is "${answer##* }" b1 "and its connection stays"
begin
is "$("$vipctl" del backend t/b1 2>&1) $(here)" " here" "vipctl del"
is "$("$vipctl" del --force backend t/b1 2>&1) $(here)" " gone" "vipctl del --force, of one that is leaving"
begin
is "$(config "delete backend t/b1; backend t/b9 192.168.0.9 tier 9 mark $(<$sys/t/b1/mark)") $(here)" "ok gone" \
	"another backend asks for its mark: it goes"
begin
is "$(config 'delete backend t/b1') $(here) $(config 'delete service t') $(here)" "ok here ok gone" \
	"it goes with its service"
begin
is "$(config 'delete backend t/b1') $(here) $(config flush) $(here)" "ok here ok gone" "and with flush"

begin
is "$(config 'delete backend t/b1') $(here)" "ok here" "one more is leaving"
ok "while the module goes" unload

done_testing
