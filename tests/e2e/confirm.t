#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Changes that want to be confirmed, and are undone by the kernel if nobody does. lib.sh's LAN; the client is an
# administrator who reaches his gateway's other side through the VIP.
#
#    client ------ gateway ------ b1, b2
. "$(dirname "$0")/lib.sh"

# Until the kernel has gone back to this configuration, by itself.
# shellcheck disable=SC2317	# by name
is_back() { [ "$(<"$proc/config")" = "$old" ]; }
left() { field nf_vip confirm-left; }

[ ! -d /sys/module/nf_vip ] || unload
load
lan 2
serve b1 25
serve b2 25
old='replace
service mail tcp 10.9.0.1:25 scheduler nth on-empty reject persist 3600
backend mail/b1 192.168.0.1 weight 2 mark 0x1 condition one
backend mail/b2 192.168.0.2 weight 1 mark 0x2'
configure "$old"
echo '0 5000' >$sys/mail/b2/up
is "$(call -c 3 10.9.0.1 25)" "b1=3" "the administrator gets through"
hold admin client 10.9.0.1 25
chosen=$(<$sys/mail/b1/chosen) clients=$(field 'service mail' clients)
like "$(head -n 1 $proc/status)" ' services=1 confirm-left=0$' "nothing waits"

# --- cut off ---
is "$(config 'replace
service mail tcp 10.9.0.2:25
backend mail/b2 192.168.0.2 weight 7
confirm 1')" ok "a change takes the VIP and the server away"
ok "after the time that was given everything is as it was" poll is_back
is "$(call 10.9.0.1 25)" "b1=1" "the administrator gets through again"
ask admin
is "$answer" b1 "and his connection goes on"
is "$(<$sys/mail/b1/chosen) $(field 'service mail' clients)" "$((chosen + 1)) $clients" "counters and clients stayed"
is "$(<$sys/mail/b1/leaving) $(<$sys/mail/b2/up) $(($(<$sys/mail/b2/lease) > 0))" "0 0 1" \
	"what was deleted and had connections is back, health and its lease stayed"
is "$(<$proc/error)" "" "that was nobody's write"
is "$(left)" 0 "nothing waits any more"

# --- while one waits ---
is "$(config 'set service mail scheduler random; set backend mail/b1 state drain; confirm 3600')" ok "one that waits"
within "$(left)" 3500 3600 "status says how long"
waiting=$(<$proc/config)
like "$(config 'set backend mail/b1 weight 3')" \
	'^EBUSY a change waits for 3[0-9]{3} seconds more: say confirm or revert first$' "no other change"
like "$(config "$old")" "^EBUSY a change waits for" "whatever it says"
like "$(config 'flush; confirm 5')" "^EBUSY a change waits for" "nor one more that waits"
is "$(<$proc/config)" "$waiting" "nothing of them happened"
{
	put $sys/mail/b2/up 1
	put $sys/mail/b2/state down
	put $sys/mail/b1/weight 9
	put $cond/one 1
} >$tmp/answer
is "$(xargs <$tmp/answer) $(<$sys/mail/b2/state)" "ok ok ok ok down" "files of sysfs and flags go on"
is "$(config revert)" ok "revert"
is "$(<$proc/config)" "$old" "all options are as before the change, those that sysfs wrote, too"
is "$(<$sys/mail/b2/up) $(<$cond/one)" "1 1" "health and flags are not"
echo 0 >$cond/one
is "$(config revert)" "ENOENT line 1: revert: no change waits to be confirmed" "a second time"

# --- confirmed ---
is "$(config 'set backend mail/b1 weight 5; confirm 60') $(config confirm)" "ok ok" "confirmed in time"
old=${old/weight 2/weight 5}
is "$(left) $(config confirm)" "0 ENOENT line 1: confirm: no change waits to be confirmed" "nothing waits any more"
is "$(config 'delete service mail; confirm 1')" ok "another one, which nobody confirms"
ok "goes back to what was confirmed" poll is_back

# --- the first configuration, and the fast path ---
configure flush
old=replace
is "$(config 'service web tcp 10.9.0.3:80; fastpath wan; confirm 1')" ok "services where there were none"
ok "are none again" poll is_back
is "$(ls $sys)" "" "and have no files"
old=$'replace\nfastpath wan lan'
configure 'fastpath wan lan'
is "$(config 'delete fastpath; confirm 3600') $(config revert) $(<$proc/config)" "ok ok $old" \
	"interfaces of the fast path come back"

# --- vipctl ---
unset NF_VIP_EACH_ALLOCATION
printf '%s\n' 'service mail tcp 10.9.0.1:25' 'backend mail/b1 192.168.0.1 mark 0x7 # no newline' >$tmp/conf
like "$("$vipctl" apply --confirm 3600 $tmp/conf; echo $?)" \
	"^$tmp/conf: is undone in 3[0-9]+ seconds without \"vipctl confirm\""$'\n0$' "vipctl apply --confirm"
is "$("$vipctl" reload-module 2>&1; echo $?)" \
	$'vipctl: reload-module: a change waits: say confirm or revert first\n1' "no other module while one waits"
is "$("$vipctl" confirm 2>&1; echo $?) $(left)" "0 0" "vipctl confirm"
is "$("$vipctl" confirm 2>&1; echo $?)" $'vipctl: confirm: no change waits to be confirmed\n1' "once"
echo 'confirm' >>$tmp/conf
is "$("$vipctl" check $tmp/conf 2>&1; echo $?)" \
	"vipctl: $tmp/conf: line 3: confirm: expected no other statement beside it"$'\n1' "vipctl check"
old=$(<$proc/config)
open_way monitor "$vipctl" monitor
monitor=$!
ok "vipctl monitor listens" poll "grep -Eq '^[0-9a-f]+ 15 +$monitor +00000001' /proc/net/netlink"
configure 'replace; confirm 3600'
is "$("$vipctl" revert 2>&1; echo $?) $(<$proc/config)" "0 $old" "vipctl revert"
configure 'set backend mail/b1 weight 2; confirm 1'
ok "it goes back" poll is_back
got=()
while [ ${#got[@]} -lt 3 ] && read -r -t $patience -u "${way_out[monitor]}" _ name what by _; do
	[ "$name" != - ] || got+=("$what $by")
done
is "$(printf '%s;' "${got[@]}")" \
	"config=reverted by=admin;config=waits by=admin;config=reverted by=deadline;" "monitor tells of it"
like "$(dmesg | tail -n 20)" "service=- backend= what=config value=reverted by=deadline usable=1 netns=" "so does the log"

# --- namespaces and modules that go while one waits ---
node other
is "$(agent -n other put $proc/config 'service a tcp 10.9.0.1:25; confirm 1')" ok "one waits in another namespace"
ip netns del other
node third
is "$(agent -n third put $proc/config 'service a tcp 10.9.0.1:25; backend a/b 192.168.0.1; confirm 3600')" ok "and in a third"
configure 'delete service mail; confirm 3600'
unload
ok "the module goes all the same" [ ! -e $proc ]
done_testing
