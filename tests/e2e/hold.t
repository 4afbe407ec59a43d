#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# hold: TCP packets of connections that conntrack does not know are dropped for a time. A gateway that has just taken over
# meets such packets; here conntrack is made to forget. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# left SERVICE: seconds as sysfs and status have them
left() { echo "$(<"$sys/$1/service/hold") $(field "service $1" hold-left)"; }

# send TAG: the client says something on its connections; answer TAG waits for what comes of it.
send() { echo who >&"${way_in["$1"]}"; }
answer() { read -r answer <&"${way_out["$1"]}" || answer="no answer"; }

# forget: no connection is known any more
forget() { conntrack -F >"$tmp/null" 2>&1; }

# holds NAME SERVICE TAG VIP: what the client sends comes to nothing, until the hold ends
holds()
{
	local before
	before=$(<"$sys/$2/service/held")
	send "$3"
	ok "$1: dropped, and counted" poll "[ \$(<$sys/$2/service/held) -gt $before ]"
	is "$(conntrack -L -p tcp -d "$4" --state ESTABLISHED 2>/dev/null)" "" "$1: and conntrack has not picked it up"
}

load
lan 2
# What backends send again of these connections goes the other way, past every service: the client would reset it. As
# the manual says, a rule is for that.
nft -f - <<-END
	table inet t {
		chain f { type filter hook forward priority filter; iifname lan ct state new tcp flags & (syn | ack) != syn drop; }
		chain m { type filter hook prerouting priority mangle; ip daddr 10.9.0.3 meta mark set 7; }
	}
END
serve b1 25 53
serve b2 25 53
configure 'service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2
service h tcp [2001:db8::1]:25 scheduler hash hold 60
backend h/b1 fd00::1
service m fwmark 7
backend m/b1 192.168.0.1:25
service u udp 10.0.0.1:53
backend u/b1 192.168.0.1'
is "$(left t), $(<$sys/t/service/held) $(field 'service t' hold)" "0 0, 0 0" "not at all by default"
within "$(<$sys/h/service/hold)" 1 60 "with the option a service begins with it"
within "$(field 'service h' hold-left)" 1 60 "status says so, too"
is "$(field 'service h' hold) $(grep -c '^service h .* hold 60$' $proc/config)" "60 1" "what the option says stays"

# --- what is dropped and what is not ---
hold two client -c 2 10.0.0.1 25
is "$answer" "b1 b2" "two connections"
is "$(put $sys/t/service/hold on) $(left t)" "ok on on" "on hold"
ask two
is "$answer $(<$sys/t/service/held)" "b1 b2 0" "those that conntrack knows go on"
forget
holds "a connection that is not known" t two 10.0.0.1
is "$(call -c 2 10.0.0.1 25)" "b1=1 b2=1" "new ones are balanced"
put $sys/t/b2/state drain >"$tmp/null"
is "$(call -c 2 10.0.0.1 25)" "b1=2" "with another selection, too"
holds "after a change of the backends" t two 10.0.0.1
configure 'service t tcp 10.0.0.1:25 on-empty drop; backend t/b1 192.168.0.1; backend t/b2 192.168.0.2 state drain'
is "$(left t)" "on on" "a change of the configuration keeps it on"
is "$(put $sys/t/service/hold 0) $(left t)" "ok 0 0" "ended"
answer two
is "${answer##* }" ECONNRESET "without it a backend that does not know the connection resets it"

# --- IPv6, hash: held as well, and balanced afterwards ---
hold six client 2001:db8::1 25
is "$answer" b1 "a connection over IPv6"
put $sys/h/service/hold 3600 >"$tmp/null"
forget
within "$(<$sys/h/service/hold)" 3500 3600 "an hour"
holds "hash" h six 2001:db8::1
put $sys/h/service/hold 0 >"$tmp/null"
answer six
is "$answer" b1 "when it ends, hash gives it to the same backend"

# --- the first packet of a service that is made is held already ---
configure 'delete service h'
configure 'service h tcp [2001:db8::1]:25 hold 3600; backend h/b1 fd00::1'
forget
holds "a service that was made" h six 2001:db8::1
put $sys/h/service/hold 1 >"$tmp/null"
ok "a second later it is over" poll "[ \"\$(left h)\" = '0 0' ]"
answer six
is "$answer" b1 "and the connection goes on"
configure 'service h tcp [2001:db8::1]:25 hold 30'
is "$(left h)" "0 0" "one that was there does not begin anew with its option"

# --- other services ---
hold mark client 10.9.0.3 80
is "$answer" b1 "a service of a mark"
put $sys/m/service/hold on >"$tmp/null"
forget
holds "a service of a mark" m mark 10.9.0.3
put $sys/m/service/hold 0 >"$tmp/null"
answer mark
is "$answer" b1 "goes on"
put $sys/u/service/hold on >"$tmp/null"
is "$(call -u -c 2 10.0.0.1 53) $(<$sys/u/service/held)" "b1=2 0" "datagrams are not held"

# --- refused, and nothing changes ---
put $sys/t/service/hold on >"$tmp/null"
for i in -1:EINVAL x:EINVAL "5 5:EINVAL" 5s:EINVAL 0x5:EINVAL ON:EINVAL 3601:ERANGE 4294967295:ERANGE 4294967297:ERANGE; do
	is "$(put $sys/t/service/hold "${i%:*}") $(left t)" "${i##*:} on on" "hold refuses '${i%:*}'"
done
is "$(put $sys/t/service/held 0)" EACCES "held cannot be written"

# --- names ---
# The files of a service are in a folder of their own: each other name is a backend's.
is "$(config 'replace; service s tcp 10.0.0.1:25; backend s/hold 192.168.0.1; backend s/vip 192.168.0.2; backend s/chosen 192.168.0.3')" ok \
	"backends that are called like files of a service"
is "$(put $sys/s/hold/up 0) $(put $sys/s/service/hold 60) $(<$sys/s/hold/up) $(<$sys/s/service/vip) $(<$sys/s/chosen/usable)" \
	"ok ok 0 10.0.0.1:25 1" "each has its own files"
is "$("$vipctl" status -j s | jq -c '[.service[0].backend[].name]')" '["hold","vip","chosen"]' "and vipctl knows which is which"
unload
done_testing
