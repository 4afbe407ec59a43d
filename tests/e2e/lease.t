#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Health that holds for some seconds only: who runs a checker relies on it that no answer outlives the checker. lib.sh's
# LAN with two backends; some more that nobody connects to.
. "$(dirname "$0")/lib.sh"

next() { call -c "$1" 10.0.0.1 25; }

# health BACKEND: up, usable, and whether a lease runs
health()
{
	local lease
	lease=$(<"$sys/t/$1/lease")
	echo "$(<"$sys/t/$1/up") $(<"$sys/t/$1/usable") $((lease > 0))"
}

load
lan 2
serve b1 25
serve b2 25
text='service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2 lease-end up
backend t/new 192.168.0.3 initial down
backend t/long 192.168.0.4 weight 0'
configure "$text"
is "$(health b1), $(<$sys/t/b1/initial) $(<$sys/t/b1/lease_end), lease=$(field 'backend t/b1' lease)" \
	"1 1 0, up down, lease=0" "alive and without a lease by default"
is "$(health new) $(<$sys/t/new/initial)" "0 0 0 down" "one that begins down"
is "$(<$sys/t/b2/lease_end)" up "one that comes up when nobody says anything"
is "$(next 2)" "b1=1 b2=1" "two get connections"

# --- a lease of a checker that dies ---
is "$(put $sys/t/b1/up '1 60') $(health b1)" "ok 1 1 1" "alive for a minute"
is "$(put $sys/t/b1/up '1 2')" ok "for 2 seconds, a checker says next"
within "$(<$sys/t/b1/lease)" 0 2 "so long at most"
ok "it runs out" poll "[ \"\$(health b1)\" = '0 0 0' ]"
is "$(next 2)" "b2=2" "nothing new for the backend"
is "$(put $sys/t/b1/up 1) $(health b1) $(next 2)" "ok 1 1 0 b1=1 b2=1" "until its checker is back, without a lease"
is "$(put $sys/t/b2/up '0 60') $(health b2)" "ok 0 0 1" "dead for a minute"
is "$(put $sys/t/b2/up '0 1')" ok "and then for a second"
ok "then alive, as lease-end says" poll "[ \"\$(health b2)\" = '1 1 0' ]"
is "$(next 2)" "b1=1 b2=1" "new connections for it again"

# --- leases end without a change, too; one service or several at once ---
generation=$(field nf_vip generation)
echo 1 3600 >$sys/t/b1/up
echo 1 3600 >$sys/t/b2/up
echo 1 86400 >$sys/t/long/up
is "$(field nf_vip generation)" "$generation" "a lease of what is so already changes nothing"
within "$(<$sys/t/long/lease)" 86300 86400 "a day"
within "$(field 'backend t/long' lease)" 86300 86400 "status has it, too"
echo 1 1 >$sys/t/new/up
ok "a short lease ends after longer ones began" poll "[ \"\$(health new)\" = '0 0 0' ]"
is "$(health b1) $(health b2) $(health long)" "1 1 1 1 1 1 1 0 1" "and no other"
echo 1 1 >$sys/t/new/up
echo 1 3600 >$sys/t/new/up
echo 1 1 >$sys/t/b2/up
ok "another one ends" poll "[ \"\$(<\$sys/t/b2/lease)\" = 0 ]"
is "$(health b2)" "1 1 0" "with the health that it had"
is "$(health new)" "1 1 1" "renewed is not over"
is "$(put $sys/t/new/up 0) $(health new)" "ok 0 0 0" "a report without a time ends it"
echo 1 1 >$sys/t/b1/up
echo 1 1 >$sys/t/new/up
ok "two at once" poll "[ \"\$(health b1) \$(health new)\" = '0 0 0 0 0 0' ]"
is "$(put $sys/t/long/up 1) $(health long)" "ok 1 0 0" "and 1 alone ends a lease, not the health"

# --- an option that changes while a lease runs ---
echo 1 5 >$sys/t/b1/up
is "$(put $sys/t/b1/lease_end up)" ok "lease_end can be written"
ok "what counts is what it says at the end" poll "[ \"\$(health b1)\" = '1 1 0' ]"
is "$(grep -c 'backend t/b1 .* lease-end up$' $proc/config)" 1 "and it is in the configuration"

# --- configuration ---
echo 1 3600 >$sys/t/b1/up
echo 0 3600 >$sys/t/b2/up
echo 1 >$sys/t/new/up
is "$(config "replace
$text") $(health b1) $(health b2) $(health new)" "ok 1 1 1 0 0 1 1 1 0" "an apply keeps health and leases"
echo 1 1 >$sys/t/b1/up
is "$(config 'delete backend t/b1') $(config 'backend t/b1 192.168.0.1')" "ok ok" \
	"a backend goes while its lease runs, and another one comes"
is "$(health b1)" "1 1 0" "which knows nothing of the lease"
configure 'delete backend t/new;backend t/last 192.168.0.9'
echo 1 1 >$sys/t/last/up
ok "later leases end" poll "[ \"\$(health last)\" = '0 0 0' ]"
is "$(health b1)" "1 1 0" "and the old one has no effect"

# --- refused, and nothing changes ---
echo 1 3600 >$sys/t/b1/up
for i in "1 0:ERANGE" "1 86401:ERANGE" "1 4294967297:ERANGE" "1 -1:EINVAL" "1 x:EINVAL" "1 :EINVAL" "1  5:EINVAL" \
	"1 5 :EINVAL" "1 5 5:EINVAL" "1 5s:EINVAL" "1 0x5:EINVAL" "1 05:EINVAL" "1 +5:EINVAL" "2 5:EINVAL" \
	"11 5:EINVAL" " 1 5:EINVAL" "1,5:EINVAL" "0 1.5:EINVAL" "1 9999999999999999999999999999999:EINVAL"; do
	is "$(put $sys/t/b1/up "${i%:*}")" "${i##*:}" "up refuses '${i%:*}'"
done
is "$(put $sys/t/b1/lease 5) $(put $sys/t/b1/initial 1) $(put $sys/t/b1/lease_end drain)" "EACCES EINVAL EINVAL" \
	"the other files refuse words that are none of theirs"
is "$(health b1)" "1 1 1" "none of it ended the lease"

# --- the module goes with leases that run ---
ok "unloaded while three leases run" unload

done_testing
