#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl watch on a terminal, which terminal.py is, and elsewhere. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

open_way terminal /usr/bin/python3 "$HERE/terminal.py"
terminal() { echo "$*" >&"${way_in[terminal]}"; read -r reply <&"${way_out[terminal]}"; echo "$reply"; }

# shows REGEX NAME: sooner or later
shows() { is "$(terminal wait $patience "$1")" ok "$2"; }

load
lan 2
serve b1 25
serve b2 25
configure 'service mail tcp 10.0.0.1:25
backend mail/b1 192.168.0.1
backend mail/b2 192.168.0.2 initial down
service counted udp 10.0.0.1:25
backend counted/b1 192.168.0.1'

# --- on a terminal ---
terminal start 24 90 "env TERM=linux $vipctl watch 1" >/dev/null
shows '^20..-..-..T..:..:..  \(q ends.*\n +NAME +LIVE +NEW/s +STATUS\n' "a head and titles"
shows '\n +mail +0 +(-|0\.0) +b2: unhealthy\n +/b1 .*good\n +/b2 .*unhealthy\n +counted +.*\n' "services with their backends"
is "$(terminal colour unhealthy) $(terminal colour good)" "brown green" "in colour"
hold open client -c 4 10.0.0.1 25
shows '\n +mail +4 .*\n +/b1 +4 ' "new values come by themselves"
shows '\n +mail +4 +0\.0 ' "no new connections in the last second"
configure 'service counted udp 10.0.0.1:25 accounting on'
shows 'PACKETS IN/s +OUT/s' "packets are there once they are counted"
call -u -c 50 10.0.0.1 25 >/dev/null
shows 'mail +4 ' "goes on"

# --- more than there are rows, another size ---
many=$(for ((i = 100; i < 140; i++)); do echo "backend counted/n$i 192.168.0.3:$i"; done)
configure "$many"
shows '/n116 [^\n]*$' "the screen is full"
like "$(terminal row 23)" '/n1' "down to the last row"
terminal resize 12 60 >/dev/null
shows 'T..:..:..  \(q.*\n.*NAME.*\n +mail (.*\n){9}.*/n104 [^\n]*$' "it has become smaller"
terminal key '\e[B\e[B' >/dev/null
shows 'NAME.*\n +/b2 ' "arrows scroll, the titles stay"
terminal key '\e[4~' >/dev/null
shows '/n139[^\n]*$' "to the end"
terminal key '\e[1~' >/dev/null
shows 'NAME.*\n +mail ' "and to the beginning"
terminal key '\e[A' >/dev/null
terminal resize 50 100 >/dev/null
shows 'NAME.*\n +mail (.*\n)*.*/n139 ' "it has become larger: there is everything"

# --- without the module ---
configure flush
ok "the module goes" unload
shows 'the module is not there' "what is missing is said"
load
configure 'service back tcp 10.0.0.1:25'
shows ' back ' "and it goes on when the module is back"
terminal key q >/dev/null
is "$(terminal end $patience)" "0 plain" "q ends it, the terminal is as it was"

for signal in TERM INT; do
	terminal start 24 80 "env TERM=linux NO_COLOR=1 $vipctl watch 3600" >/dev/null
	shows ' back +0 .*no backends' "once more"
	[ $signal != TERM ] || is "$(terminal colour 'no backends')" default \
		"NO_COLOR"
	kill -$signal "$(terminal pid_of)"
	is "$(terminal end $patience)" "0 plain" "SIG$signal ends it, the terminal is as it was"
done
terminal start 24 80 "env TERM=nonsense $vipctl watch 3600" >/dev/null
shows 'T..:..:..\n +NAME' "on a terminal that ncurses does not know it prints"
terminal key $'\003' >/dev/null
is "$(terminal end $patience)" "0 plain" "Control-C ends it"

# --- no terminal ---
configure 'backend back/b1 192.168.0.1'
open_way plain "$vipctl" watch 1
watch=$!
next() { read -r -t $patience -u "${way_out[plain]}" line; }
next
like "$line" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}$' "the time"
next
like "$line" '^NAME +LIVE +NEW/s +STATUS$' "the table"
next
like "$line" '^back +[0-9]+ +- +good$' "rates are not known the first time"
next
next
is "$line" "" "an empty line"
hold more client -c 2 10.0.0.1 25
for ((i = 0; i < 100; i++)); do
	next
	[[ ! $line =~ ^back\ +[0-9]+\ +[1-9] ]] || break
done
like "$line" '^back +[0-9]+ +[1-9][0-9.]* +good$' "the table again, with what is new"
kill -TERM $watch
wait $watch
is $? 0 "SIGTERM ends it"
done_testing
