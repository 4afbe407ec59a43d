#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl status: a line for each service, what is wrong with it, and why a backend gets no connections. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# status ARGS...: squeezed, so that what is said counts and not the columns
status() { "$vipctl" status "$@" 2>&1 | tr -s ' ' | sed 's/^ //'; }

# line NAME: of the overview
line() { status | grep "^$1 "; }

# reasons NAME: what is said of a service or a backend, without its fields
reasons() { status "$1" | sed '/^\(proto\|address\) /,$d' | paste -sd '|'; }

load
lan 2
serve b1 25
serve b2 25
configure 'service mail tcp 10.0.0.1:25 10.0.0.2:25,80
backend mail/b1 192.168.0.1:25 condition one
backend mail/b2 192.168.0.2:25
backend mail/b3 192.168.0.3:25 tier 2
service empty udp 10.0.0.1:53 on-empty drop
service few fwmark 7 min-live 60
backend few/b1 192.168.0.1
backend few/b2 192.168.0.2 initial unknown'

is "$(status | head -n 1)" "SERVICE VIP USABLE LIVE STATUS" "titles"
is "$(line mail)" "mail tcp 10.0.0.1:25 10.0.0.2:25,80 3/3 0 good" "nothing is wrong"
is "$(line empty)" "empty udp 10.0.0.1:53 0/0 0 no backends: new connections are dropped" "no backends"
is "$(line few)" "few fwmark 0x7 2/2 0 too few alive, min-live is 60%: dead ones are used, too" "too few"
is "$(reasons few/b2)" "few/b2: usable, 0 live connections" "one of those that are used"
echo 0 >$sys/few/b2/up
is "$(reasons few/b2)" "few/b2: usable, 0 live connections|unhealthy, but used because too few are alive" "a dead one"

# --- show: what each backend gets of the next connections ---
shares() { "$vipctl" show mail | grep -o '[0-9.]*%' | xargs; }
is "$(shares)" "50.0% 50.0% 0.0%" "a tier that waits gets nothing"
"$vipctl" set backend mail/b2 weight 3
is "$(shares)" "25.0% 75.0% 0.0%" "nth, by weight"
"$vipctl" set service mail scheduler least
is "$(shares)" "25.0% 75.0% 0.0%" "least, likewise"
"$vipctl" set service mail scheduler hash
is "$(shares)" "$(awk '$1 == "service" { all = 0 }
	$2 ~ /^mail/ && match($0, / slots=[0-9]+$/) {
		n = substr($0, RSTART + 7)
		if ($1 == "service") all = n; else printf "%s%.1f%%", sep, 100 * n / all
		if ($1 != "service") sep = " "
	}' $proc/status)" "hash: the slots of the kernel's table"
"$vipctl" set service mail scheduler nth
"$vipctl" set backend mail/b2 warmup 3600
"$vipctl" set backend mail/b2 state down
"$vipctl" set backend mail/b2 state up
is "$(shares)" "84.2% 15.8% 0.0%" "a backend that warms up: a sixteenth of its weight"
"$vipctl" set backend mail/b2 warmup 0 weight 1
like "$("$vipctl" show few | tr -s ' ')" ' b2 .* unhealthy, used 1 50.0%' "a dead one that is used is not up"

# --- for a monitoring program ---
# grade ARGS...: exit status of status --check
grade() { "$vipctl" status --check "$@" >"$tmp/graded" 2>&1; echo $?; }
is "$(grade mail) $(grade mail/b1) $(grade mail/b3) $(grade few) $(grade empty) $(grade)" "0 0 1 1 2 2" \
	"good; a backend that waits; dead ones used; no backend; and the worst of all"
for on_few in drop reject; do
	"$vipctl" set service few on-few $on_few
	is "$(grade few) $(grade few/b1)" "2 2" "too few, on-few $on_few: new connections are refused"
done
"$vipctl" set service few on-few open
is "$(grade nobody) $(grade --chek)" "2 2" "what cannot be said is the worst"
is "$("$vipctl" -n gone status --check 2>"$tmp/said"; echo $?) $("$vipctl" status --check >/dev/full 2>"$tmp/said"; echo $?)" "2 2" \
	"no such namespace, and nowhere to say it"
config 'set service empty on-empty reject; confirm 3600' >"$tmp/answer"
is "$(grade mail)" 1 "a change that waits"
like "$(status | tail -n 1)" '^The last change is undone in [0-9]+ s without "vipctl confirm"\.$' "is told of"
like "$(status mail | tail -n 1)" '^The last change is undone in' "of one service, too"
"$vipctl" revert
is "$(grade mail) $(status | grep -c undone)" "0 0" "until it is taken back, or confirmed"

"$vipctl" set service mail scheduler nth
hold busy client -c 3 10.0.0.1 25
echo 1 >$sys/mail/b1/max_conns
is "$(grade mail) $(grade mail/b1)" "1 2" "a backend is full"
echo 1 >$sys/mail/b2/max_conns
echo 0 >$sys/mail/b3/weight
is "$(grade mail)" 2 "all are"
echo 1 >$sys/mail/b3/weight
for b in b1 b2; do echo 0 >$sys/mail/$b/max_conns; done
for c in 0 1 2; do ask busy "reset $c"; done
poll "[ \$(<$sys/mail/service/live) = 0 ]"

# --- why a backend gets no connections ---
is "$(reasons mail/b3)" "mail/b3: usable, 0 live connections|tier 2 waits: tier 1 is in use" "another tier is in use"
hold one client -c 3 10.0.0.1 25
echo 1 >$cond/one
echo 0 >$sys/mail/b1/up
echo 0 >$sys/mail/b2/weight
is "$(reasons mail/b1)" "mail/b1: gets no new connections, $(<$sys/mail/b1/live) live connection$(
	[ "$(<$sys/mail/b1/live)" = 1 ] || echo s)|unhealthy, flag one is 1" "health and a flag"
is "$(reasons mail/b3)" "mail/b3: usable, 0 live connections" "the next tier is in use now"
is "$(line mail)" "mail tcp 10.0.0.1:25 10.0.0.2:25,80 1/3 3 b1: unhealthy, flag one is 1; b2: weight 0" \
	"the line of the service"
echo 1 >$sys/mail/b2/weight
echo 1 >$sys/mail/b2/max_conns
like "$(reasons mail/b2)" "full: [12] of 1 connections" "full"
echo 600 >$sys/mail/b2/drain
like "$(reasons mail/b2)" 'gets no new connections.*\|drain\|connections that are left are reset in [0-9]+ s' "a drain with a deadline"
"$vipctl" del backend mail/b1
like "$(line mail)" "b1 leaves with [12] connections?; b2: drain|b2: drain; b1 leaves with [12] connections?" "one that leaves"
echo down >$sys/mail/b3/state
like "$(line mail)" " 0/2 3 no usable backend: new connections are refused; " "no usable backend"
echo on >$sys/mail/service/hold
like "$(line mail)" "; holds until that is ended; " "a hold"

# --- all of it ---
is "$(status mail | sed '1,/^proto/d; /^\//d' | wc -l)" "$(sed -n 's/^service mail //p' $proc/status | cut -d ' ' -f 2- | wc -w)" "every field of the kernel"
like "$(status mail)" $'\nvip 10.0.0.1:25 10.0.0.2:25,80\n.*\n/b3 down\n' "and the backends"
is "$("$vipctl" status none 2>&1; echo $?)" $'vipctl: none: there is no such service\n1' "no such service"
is "$("$vipctl" status mail/none 2>&1; echo $?)" $'vipctl: mail/none: there is no such backend\n1' "no such backend"
is "$("$vipctl" status ma 2>&1; echo $?)" $'vipctl: ma: there is no such service\n1' "no part of a name"

# --- colours: on a terminal, unless they are not wanted ---
coloured() { env "$@" script -qec "$vipctl status; $vipctl show" /dev/null | grep -c $'\033'; }
isnt "$(coloured TERM=xterm)" 0 "colours on a terminal"
is "$(coloured TERM=xterm NO_COLOR=1) $(coloured TERM=dumb)" "0 0" "none with NO_COLOR, or a terminal that has none"
is "$(TERM=xterm "$vipctl" status | grep -c $'\033')" 0 "none in a pipe"
# --- the file is read piece by piece, while objects come and go ---
for ((i = 0; i < 40; i++)); do
	echo "service p$i tcp 10.1.0.1:$((i + 1)); backend p$i/a 192.168.0.1; backend p$i/b 192.168.0.2"
done >"$tmp/forty"
# piece: the next of it, a line or so
piece() { dd bs=700 count=1 status=none <&"$fd" >>"$tmp/pieces"; }
# rest: all that is left; lines, but for the first, must be whole
rest()
{
	cat <&"$fd" >>"$tmp/pieces"
	exec {fd}<&-
	is "$(grep -Evc '^(nf_vip .* confirm-left=0|service [a-z]+[0-9]* .* redispatched=[0-9]+( [a-z-]+=[0-9]+)*|backend [a-z0-9/]+ .* leaving=[01]( [a-z-]+=[0-9]+)*)$' "$tmp/pieces")" \
		0 "$1: lines are whole"
}
# begin_pieces N: from a configuration of its own, up to N pieces
begin_pieces()
{
	configure "replace; $(<"$tmp/forty")"
	: >"$tmp/pieces"
	exec {fd}<$proc/status
	for ((i = 0; i < $1; i++)); do piece; done
}
named() { sed -nE "s/^$1 ([^ ]+) .*/\1/p" "$tmp/pieces" | sort | uniq -c | awk '{ print $1 ":" $2 }' | xargs; }
all=$(for ((i = 0; i < 40; i++)); do echo "1:p$i"; done | sort | xargs)

begin_pieces 0
rest "nothing happens"
is "$(named service) $(named backend | wc -w)" "$all 80" "nothing happens: each service once, and its backends"
begin_pieces 20
configure "$(for ((i = 0; i < 40; i += 2)); do echo "delete service p$i"; done)"
rest "every other one goes"
is "$(named service | tr ' ' '\n' | grep -c '^1:p[0-9]*[13579]$') $(named service | tr ' ' '\n' | grep -vc ^1)" "20 0" \
	"every other one goes: the others are there, once"
begin_pieces 20
configure "$(for ((i = 0; i < 40; i++)); do echo "delete backend p$i/a force; backend p$i/c 192.168.0.3"; done)"
rest "backends go and come"
is "$(named service) $(named backend | tr ' ' '\n' | grep -c '^1:p[0-9]*/b$')" "$all 40" "backends go and come: what stays is there, once"
begin_pieces 20
configure flush
rest "all of them go"
like "$(named service | wc -w)" "^[0-9]$|^1[0-9]$" "all of them go: it ends"
begin_pieces 20
exec {fd}<&-
ok "a reader who stops keeps nothing" unload
is "$(grade)" 2 "without the module nothing can be said"

done_testing
