#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl apply makes the configuration what a file says: what is the same before and after keeps all that it has, and
# a checker who is not root the file that he was given. lib.sh's LAN.
#
#    client ------ gateway ------ b1, b2
. "$(dirname "$0")/lib.sh"

# as UID COMMAND...: without any capability
as() { setpriv --reuid="$1" --regid="$1" --clear-groups --bounding-set=-all --inh-caps=-all "${@:2}" 2>&1; }
# writes UID TEXT FILE...: the answers to a write of each
writes()
{
	local uid=$1 text=$2
	shift 2
	# shellcheck disable=SC2016	# for the other shell
	as "$uid" bash -c 'for f in "${@:3}"; do printf %s "$1" | "$2" write "$f"; done' - "$text" "$peer" "$@" | xargs
}
owner() { stat -c '%u:%g %a' $sys/mail/b1/up; }

load
lan 2
serve b1 25
serve b2 25
cat >$tmp/conf <<-END
	service mail tcp 10.9.0.1:25 persist 3600 mask 8
	backend mail/b1 192.168.0.1 condition one
	backend mail/b2 192.168.0.2
	service turn tcp 10.9.0.2:25
	backend turn/b1 192.168.0.1
	backend turn/b2 192.168.0.2
END
ok "a file is applied" "$vipctl" apply $tmp/conf
first=$(call 10.9.0.1 25)
turn=$(call 10.9.0.2 25)
hold open client -c 2 10.9.0.1 25
before=$answer
echo '1 5000' >$sys/mail/b1/up
echo 0 >$sys/turn/b1/up
echo 1 >$sys/turn/b1/up
counters() { field "service $1" chosen; field "backend $1/b1" chosen; field "backend $1/b2" chosen; }
counted="$(counters mail) $(counters turn)"

# --- what stays ---
cat >>$tmp/conf <<-END
	service new udp 10.9.0.1:25
	backend new/b1 192.168.0.1
END
is "$("$vipctl" apply $tmp/conf 2>&1; echo $?)" 0 "the file with a service more"
is "$(counters mail) $(counters turn)" "$counted" "counters stay"
is "$(field 'service mail' clients)" 1 "clients stay"
is "$(call 10.9.0.1 25)" "$first" "and get their backend again"
isnt "$(call 10.9.0.2 25)" "$turn" "it is the turn of the other one"
ask open
is "$answer" "$before" "connections stay"
is "$(($(<$sys/mail/b1/lease) > 4000))" 1 "health and its lease stay"
sed -i 's/turn\/b2 192.168.0.2/& weight 0/; s/10.9.0.1:25 persist/10.9.0.3:25 persist/' $tmp/conf
is "$("$vipctl" apply $tmp/conf 2>&1; echo $?)" 0 "with another VIP, and another weight"
is "$(call 10.9.0.3 25) $(call -c 2 10.9.0.2 25)" "$first b1=2" "changes that, and no client"
ask open
is "$answer" "$before" "nor a connection"

# --- a checker who is not root ---
uid=4321
is "$(writes $uid 0 $sys/mail/b1/up)" EACCES "a user may not write the health of a backend"
chown $uid $sys/mail/b1/up
is "$(writes $uid 0 $sys/mail/b1/up) $(<$sys/mail/b1/up)" "ok 0" "unless the file was given to him"
is "$(writes $uid '1 600' $sys/mail/b1/up) $(<$sys/mail/b1/up)" "ok 1" "with a lease, too"
is "$(writes $uid 2 $sys/mail/b1/up)" EINVAL "nonsense is refused"
is "$(writes $uid 1 $proc/config $sys/mail/b2/up $sys/mail/b1/{state,weight,drain,ejected} $sys/mail/service/{scheduler,hold} $cond/one)" \
	"EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES" "nothing else is his"
is "$(writes 4322 0 $sys/mail/b1/up)" EACCES "it is nobody else's"
chown $uid $sys/mail/b1/state
is "$(writes $uid down $sys/mail/b1/state) $(<$sys/mail/b1/state)" "EPERM up" \
	"what an administrator wants needs the capability, whoever owns the file"
is "$(capsh --drop=cap_net_admin -- -c "echo 0 | $peer write $sys/mail/b2/up")" EPERM \
	"so does root, for the files that are root's"
given=$(owner)
is "$given" "$uid:0 644" "the file is his"
"$vipctl" apply $tmp/conf
is "$(owner)" "$given" "after an apply of the same"
sed -i 's/mail\/b1 192.168.0.1/& weight 3/' $tmp/conf
"$vipctl" apply $tmp/conf
"$vipctl" set backend mail/b1 tier 2
is "$(owner) $(<$sys/mail/b1/weight) $(<$sys/mail/b1/tier)" "$given 3 2" "and after changes of the backend"
is "$(writes $uid 0 $sys/mail/b1/up) $(<$sys/mail/b1/up)" "ok 0" "which he may report on"
is "$(config 'delete backend mail/b1; confirm 3600') $(config revert) $(owner)" "ok ok $given" \
	"also when it was deleted, had connections, and is back"
chown 0:$uid $sys/mail/b2/up
chmod 664 $sys/mail/b2/up
is "$(writes $uid 0 $sys/mail/b2/up) $(<$sys/mail/b2/up)" "ok 0" "a group, too"
done_testing
