#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module goes and comes back while packets flow and files are written: lib.sh's LAN. What counts is that the kernel
# does not complain (run.sh reads its log), that nothing is left, and that connections go on.
. "$(dirname "$0")/lib.sh"

text='service mail tcp 10.9.0.1:25
service dns udp 10.9.0.1:25
service mail6 tcp [2001:db8:9::1]:25
backend mail/b1 192.168.0.1 condition one
backend mail/b2 192.168.0.2
backend dns/b1 192.168.0.1 condition one
backend dns/b2 192.168.0.2
backend mail6/b1 fd00::1
backend mail6/b2 fd00::2'

# Writers of every kind of file; each ends when its file is gone for good: when the flag file "go" is.
hammer()
{
	while [ -e $tmp/go ]; do
		eval "$1"
	done 2>/dev/null
}

load
lan 2
serve b1 25
serve b2 25
printf '%s\n' "$text" >$tmp/text
printf 'replace\n%s\n' "${text%%$'\n'backend mail6*}" >$tmp/other

# --- under traffic and under writers ---
touch $tmp/go
clients=()
for to in "10.9.0.1 25" "-u 10.9.0.1 25" "2001:db8:9::1 25"; do
	# shellcheck disable=SC2086	# options and address
	hammer "$peer -n client call -w 100 -c 200 $to >$tmp/null" &
	clients+=($!)
done
hammer "cat $tmp/text >$proc/config; cat $tmp/other >$proc/config" &
clients+=($!)
hammer "echo 0 >$sys/mail/b2/up; echo 1 >$sys/mail/b2/up; cat $sys/mail/b2/chosen >$tmp/null" &
clients+=($!)
hammer "echo 1 >$cond/one; echo 0 >$cond/one; cat $proc/config $proc/status >$tmp/null" &
clients+=($!)

rounds=$((SLOW > 1 ? 2 : 10))
for ((i = 0; i < rounds; i++)); do
	# The namespace is this test's: a module that comes back has no service until a writer states them again.
	poll "[ \$(field 'service dns' chosen) -gt 20 ] 2>/dev/null" || bail "no traffic: $(cat $proc/status $proc/error)"
	# A writer that waits for its memory right then keeps it, for so long: unloading is refused, not begun.
	poll "unload 2>$tmp/null" || bail "does not unload"
	left=$(ls -d $sys $proc $cond 2>/dev/null)
	[ -z "$left" ] || { fail "left behind: $left"; break; }
	load
done
is $i $rounds "unloaded and loaded $rounds times under traffic and writers"
rm $tmp/go
wait "${clients[@]}"

# --- connections across a reload ---
configure "replace
$text"
hold tcp client -p 5005 10.9.0.1 25
first=$answer
hold tcp6 client 2001:db8:9::1 25
first6=$answer
like "$first $first6" "^b[12] b[12]$" "two connections"
unload
is "$(ls -d $sys $proc $cond 2>/dev/null)" "" "nothing is left of the module's files"
like "$(conntrack -L -p tcp --sport 5005 2>/dev/null)" "ESTABLISHED src=10.0.0.9 dst=10.9.0.1 .*dst=10.0.0.9 " \
	"its conntrack entry stays"
load
is "$(config "$text")" ok "loaded and configured again"
ask tcp
is "$answer" "$first" "the connection goes on, on its backend"
ask tcp6
is "$answer" "$first6" "so does the one over IPv6"
unload
done_testing
