#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Persistence: a client gets the backend that it had. lib.sh's LAN; the client has many addresses.
. "$(dirname "$0")/lib.sh"

# who LAST [OPTIONS...]: who answers 3 connections from 10.0.0.LAST
who() { call -c 3 -s "10.0.0.$1" "${@:2}" 10.0.0.1 25; }

# clients: as the file shows them, without the time, sorted
clients() { sed 's/ expires=.*//' $proc/clients | sort | paste -sd';'; }

load
lan 3
{
	for i in {20..39}; do echo "address add 10.0.0.$i/24 dev eth0"; done
	for i in 20 21 22; do echo "address add 2001:db8::$i/64 dev eth0 nodad"; done
} | in_netns client
for i in 1 2 3; do serve b$i 25; done
three='backend s/b1 192.168.0.1; backend s/b2 192.168.0.2; backend s/b3 192.168.0.3'
configure "service s tcp 10.0.0.1:25 persist 300; $three"

# --- a client has its backend ---
is "$(who 20) $(who 21) $(who 22)" "b1=3 b2=3 b3=3" "three clients: each keeps its backend"
is "$(who 21) $(who 20)" "b2=3 b1=3" "and has it again"
is "$(clients)" "s 10.0.0.20 backend=b1;s 10.0.0.21 backend=b2;s 10.0.0.22 backend=b3" "the file shows them"
like "$(<$proc/clients)" 'expires=(300|29[0-9]|2[0-8][0-9])' "and for how long"
is "$(<$sys/s/service/clients) $(field 'service s' clients) $(field 'service s' clients-full)" "3 3 0" "sysfs and status count them"
is "$(field 'service s' chosen) $(field 'service s' pinned)" "15 0" "all are chosen, none is pinned"

# --- its backend may not be chosen ---
put $sys/s/b2/up 0 >"$tmp/null"
now=$(who 21)
like "$now" '^b[13]=3$' "a backend is down: its client moves, and stays there"
is "$(who 20) $(who 22)" "b1=3 b3=3" "the others never move"
put $sys/s/b2/up 1 >"$tmp/null"
is "$(who 21)" "$now" "it is back: the client stays where it is now"
put "$sys/s/${now%=*}/state" drain >"$tmp/null"
is "$(who 21)" "$(who 21)" "it drains: the client moves, and stays there"
isnt "$(who 21)" "$now" "it drains: that is another one"
put "$sys/s/${now%=*}/state" up >"$tmp/null"
isnt "$(who 21)" "$now" "up again: it does not move again"

# --- forgotten ---
is "$(put $sys/s/service/clients 0) $(<$sys/s/service/clients) $(clients)" "ok 0 " "0 forgets them all"
is "$(put $sys/s/service/persist 604801) $(put $sys/s/service/persist -1)" "ERANGE EINVAL" "no such time"
is "$(put $sys/s/service/clients 1) $(put $sys/s/service/clients x)" "EINVAL EINVAL" "nothing else may be written"

# --- other changes keep it ---
configure "$three"
first=$(who 20)
configure "service s tcp 10.0.0.1:25 persist 200 on-empty drop; backend s/b4 192.168.0.4 weight 5 state drain"
is "$(who 20) $(<$sys/s/service/clients)" "$first 1" "a change of the service, another backend: remembered as before"
$vipctl save >"$tmp/conf"
ok "apply" "$vipctl" apply "$tmp/conf"
is "$(who 20) $(<$sys/s/service/clients)" "$first 1" "the same configuration once more: as before"
configure "service s tcp 10.0.0.1:25 persist 200 mask 30; delete backend s/b4"
is "$(<$sys/s/service/clients)" 0 "another mask: it begins anew"

# --- mask ---
first=$(who 20)
is "$(who 21) $(who 22) $(who 23)" "$first $first $first" "four addresses are one client of mask 30"
is "$(sed 's/ backend.*//' $proc/clients)" "s 10.0.0.20" "shown as one"
isnt "$(who 24)" "$first" "the next address is another"

# --- bounded ---
configure "service s tcp 10.0.0.1:25 persist 300 max-clients 1"
for i in {20..29}; do call -s "10.0.0.$i" 10.0.0.1 25 >"$tmp/null"; done
is "$(<$sys/s/service/clients) $(field 'service s' clients-full)" "8 2" "no room: the rest are balanced, and counted"
is "$(call -s 10.0.0.29 -c 6 10.0.0.1 25)" "b1=2 b2=2 b3=2" "as without persistence"
is "$(who 20)" "$(who 20)" "those who are remembered have their backends"
is "$(dmesg | grep -c "nf_vip: service s: no room to remember more clients: raise max-clients 1")" 1 "the log says so, once"

# --- the time ---
put $sys/s/service/persist 1 >"$tmp/null"
configure "service s tcp 10.0.0.1:25 persist 1"
first=$(call -s 10.0.0.20 10.0.0.1 25)
ok "a second later a client is forgotten" poll "[ \$(<$sys/s/service/clients) = 0 ]"
is "$(clients)" "" "and not shown any more"
configure "service s tcp 10.0.0.1:25"
is "$(<$sys/s/service/clients) $(call -s 10.0.0.20 -c 6 10.0.0.1 25)" "0 b1=2 b2=2 b3=2" "without persist: balanced"

# --- UDP, IPv6, random ---
configure "replace
service u udp 10.0.0.1:25 persist 300; backend u/b1 192.168.0.1; backend u/b2 192.168.0.2; backend u/b3 192.168.0.3
service v tcp [2001:db8::1]:25 scheduler random persist 300
backend v/b1 fd00::1; backend v/b2 fd00::2; backend v/b3 fd00::3"
is "$(who 20 -u) $(who 21 -u) $(who 20 -u)" "b1=3 b2=3 b1=3" "UDP: each client keeps its backend"
like "$(call -c 8 -s 2001:db8::20 2001:db8::1 25)" '^b[123]=8$' "IPv6, scheduler random: the same"
like "$(clients)" '^u 10\.0\.0\.20 backend=b1;u 10\.0\.0\.21 backend=b2;v 2001:db8::20 backend=b[123]$' "shown by service"
like "$(call -j 4 -c 5 -s 2001:db8::21 2001:db8::1 25)" '^b[123]=20$' "from four threads at once: the same backend"

# --- the tool ---
is "$($vipctl clients u | awk '{ print $1, $2, $3 }' | sort | paste -sd';')" \
	"u 10.0.0.20 backend=b1;u 10.0.0.21 backend=b2" "vipctl clients shows one service's"
is "$($vipctl clients | wc -l)" 4 "or all"
ok "vipctl forget" "$vipctl" forget u
is "$(<$sys/u/service/clients) $(<$sys/v/service/clients)" "0 2" "forgets those of one service"
like "$($vipctl forget nobody 2>&1; echo $?)" "no such service"$'\n'1 "one that there is not"

# --- who reads the file, and takes his time ---
# kept: how many tables there are, of those that are too large for less
kept() { grep -c '\[nf_vip\]' /proc/vmallocinfo; }
configure "replace"
none=$(kept)
configure "service s tcp 10.0.0.1:25 persist 300 max-clients 65536; $three"
who 20 >"$tmp/null"
who 21 >"$tmp/null"
one=$(kept)
isnt "$one" "$none" "a large table"
exec {reader}<$proc/clients
# As much as that wants is made, and the line behind it.
dd bs=1 count=1 status=none <&$reader >"$tmp/null"
configure "service s tcp 10.0.0.1:25 persist 300 max-clients 60000"
ok "a reader who has begun does not keep the one of before" poll "[ \$(kept) = $one ]"
exec {reader}<&-

# Signals come while he waits for the lock, which a change of many services has for long.
for i in {25..32}; do echo "service s$i tcp 10.0.0.1:$i persist 300; backend s$i/b1 192.168.0.1"; done >"$tmp/conf"
configure "replace; $(<"$tmp/conf")"
for i in {25..32}; do call -s 10.0.0.20 10.0.0.1 "$i" >"$tmp/null"; done
for i in {1000..1500}; do echo "service other$i tcp 10.0.0.1:$i"; done >>"$tmp/conf"
cat >"$tmp/interrupted.py" <<'END'
import os, signal, sys

def whole(path):
    fd = os.open(path, os.O_RDONLY)
    text = b""
    while part := os.read(fd, 64):
        text += part
    os.close(fd)
    return text

signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
seen = {}
for i in range(int(sys.argv[2])):
    names = " ".join(line.split()[0] for line in whole(sys.argv[1]).decode().splitlines())
    seen[names] = seen.get(names, 0) + 1
signal.setitimer(signal.ITIMER_REAL, 0)
print(*seen, sep="; ")
END
while :; do dd if="$tmp/conf" of=$proc/config bs=2M status=none; done &
writer=$!
is "$(python3 "$tmp/interrupted.py" $proc/clients $((SLOW > 1 ? 20 : 200)))" "s25 s26 s27 s28 s29 s30 s31 s32" \
	"a reader whom signals interrupt reads each line once"
kill $writer
done_testing
