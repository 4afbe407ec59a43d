#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl -j: every command that prints JSON, against the schema that is installed with it, and against the kernel's own
# files. lib.sh's LAN.

# Without memory there are no events, and this waits for them.
unset NF_VIP_EACH_ALLOCATION
. "$(dirname "$0")/lib.sh"

schema=$HERE/../../userspace/vipctl.schema.json
documents=$tmp/documents

# document NAME ARGS...: what vipctl prints, for the schema and in $tmp/NAME
document()
{
	local name=$1
	shift
	"$vipctl" "$@" >"$tmp/$name" || diag "vipctl $*: status $?"
	{ echo "\"${name%.*}\""; cat "$tmp/$name"; } >>"$documents"
}

# get FILTER FILE: on one line
get() { jq -cr "$1" "$tmp/$2"; }

load
lan 2
serve b1 25
configure 'service mail tcp 10.0.0.1:25,8000-8100 10.0.0.2:* dev wan persist 300 eject 3 10 30 accounting on
backend mail/b1 192.168.0.1:25 condition a:b weight 2
backend mail/b2 192.168.0.2:25 initial unknown
service marked fwmark 7 family ipv6 dev 12 hold 3600
service dns udp [2001:db8::1]:53 min-live 60
backend dns/b1 fd00::1
backend dns/b2 fd00::2 initial down
fastpath wan nowhere'
call -c 2 10.0.0.1 25 >/dev/null

document show show -j
document status status -j
document status.one status -j mail/b2
document save -j save
document check check -j $proc/config
document diff diff -j $proc/config
echo 'service mail udp 10.0.0.1:26; backend mail/b3 192.168.0.3; fastpath wan' >"$tmp/differs"
"$vipctl" diff -j "$tmp/differs" >"$tmp/diff.other"
{ echo '"diff"'; cat "$tmp/diff.other"; } >>"$documents"
document clients clients -j mail
document fastpath fastpath -j
echo 'service a tcp nonsense' >"$tmp/bad"
"$vipctl" check -j "$tmp/bad" >"$tmp/check.bad" 2>"$tmp/complaint"
is "$? $(<"$tmp/complaint")" "1 " "check of a bad file: refused, and all of it is JSON"
{ echo '"check"'; cat "$tmp/check.bad"; } >>"$documents"

# --- monitor: a document a line ---
open_way monitor "$vipctl" -j monitor
monitor=$!
ok "monitor listens" poll "grep -Eq '^[0-9a-f]+ 15 +$monitor +00000001' /proc/net/netlink"
echo 0 >$sys/mail/b1/up
echo 1 >$sys/dns/b2/up
echo drain >$sys/mail/b2/state
for ((i = 0; i < 5; i++)); do
	read -r -t $patience -u "${way_out[monitor]}" line || break
	echo "$line"
done >"$tmp/monitor"
kill -TERM "$monitor"
while read -r line; do printf '"monitor"\n%s\n' "$line"; done <"$tmp/monitor" >>"$documents"
is "$(jq -cs 'map([.service, .backend, .what, .value, .by, .usable])[]' "$tmp/monitor")" \
	'["mail","b1","up",false,"checker",false]
["dns",null,"few",false,"min-live",2]
["dns","b2","up",true,"checker",true]
["mail","b2","state","drain","admin",false]
["mail","b2","drained",0,"traffic",false]' "monitor: an object a line, values as status has them"
like "$(jq -rs '.[0].time' "$tmp/monitor")" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z$' "and a time"

# --- what each says ---
is "$(get '.service[0] | [.name, .vip, .fwmark, .dev, .eject, .accounting, .chosen, .clients]' show)" \
	'["mail",["10.0.0.1:25,8000-8100","10.0.0.2:*"],null,"wan",[3,10,30],true,2,1]' "show: a service"
is "$(get '.service[1] | [.vip, .fwmark, .family, .dev, (.hold_left | type)]' show)" \
	'[[],7,"ipv6","12","number"]' "show: of a mark, on an interface whose name is a number"
is "$(get '.service[0].backend[] | [.name, .up, .condition, .flag, .usable, .chosen, .mark]' show)" \
	'["b1",true,"a:b",false,true,2,1]
["b2",null,null,null,false,0,2]' "show: backends"
is "$(get '.service[2] | [.few, .usable]' show) $(get '[.fastpath, .service[0].backend[0].address]' save)" \
	'[true,2] [["wan","nowhere"],"192.168.0.1:25"]' "few, and the fast path"
is "$(get '[.service[] | .vip, .fwmark, .dev, .eject, [.backend[].mark]]' save)" \
	"$(get '[.service[] | .vip, .fwmark, .dev, .eject, [.backend[].mark]]' show)" "save says the same as show"
is "$(get '[.good, .services, .backends]' check) $(get '[.good, .line]' check.bad)" '[true,3,4] [false,1]' "check"
like "$(get .error check.bad)" '^line 1: "nonsense": ' "and the sentence"
is "$(get '.client[0] | [.service, .address, .backend]' clients)" '["mail","10.0.0.9","b1"]' "clients"
is "$(get '[.on, .interfaces, .missing]' fastpath)" '[true,["wan"],["nowhere"]]' "fastpath"
"$vipctl" fastpath off
is "$("$vipctl" show -j dns | jq -c '[.service[].name]')" '["dns"]' "show of one service"
is "$(get '[.service[] | .name, .backend[].name]' status.one)" '["mail","b2"]' "status of one backend"
is "$(get '.service[] | .problems, .backend[].problems | map(sub("[0-9]+ s$"; "a time"))' status)" '["b2: unknown health"]
[]
["unknown health"]
["no backends: new connections are refused","holds for a time"]
["too few alive, min-live is 60%: dead ones are used, too"]
[]
["unhealthy, but used because too few are alive"]' "what is wrong"
like "$("$vipctl" show -j dns none 2>&1; echo $?)" $'none: there is no such service\n1$' "show of none"

# --- each field of the kernel is there, whether or not vipctl has heard of it ---
status_keys() { sed -n "s/^$1 [^ ]* //p" $proc/status | head -n 1 | tr ' -' '\n_' | sed 's/=.*//' | sort; }
missing=$(comm -23 <(status_keys service) <(get '.service[0] | keys[]' show | sort))
missing+=$(comm -23 <(status_keys backend) <(get '.service[0].backend[0] | keys[]' show | sort))
is "$missing" "" "every field of status is a member"

# --- and all of it is in the schema ---
is "$(jq -rs --slurpfile schema "$schema" -f "$HERE/schema.jq" "$documents")" "" "what is printed is what the schema says"
printf '"fastpath" {"on": 1, "interfaces": [2], "extra": []}' >"$tmp/wrong"
is "$(jq -rs --slurpfile schema "$schema" -f "$HERE/schema.jq" "$tmp/wrong")" 'fastpath: no missing
fastpath.on: 1 is no boolean
fastpath.interfaces[0]: 2 is no string
fastpath.extra: not in the schema' "what is not is found"
done_testing
