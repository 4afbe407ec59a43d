#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each command of vipctl for a user without privileges: those that read do what they do for root, those that change
# something are refused, and nothing has changed. A command that is not listed here fails.
. "$(dirname "$0")/lib.sh"

# nobody ARGS...: "STATUS OUTPUT", both streams
nobody()
{
	local out
	out=$("${as_nobody[@]}" timeout $patience "$vipctl" "$@" 2>&1 </dev/null)
	echo "$? $out"
}

# reads PATTERN ARGS...
reads()
{
	local pattern=$1
	shift
	like "$(nobody "$@")" "^0 $pattern" "$*"
	seen+=("$1")
}

# refused ARGS...: with exit status 1, and a sentence of vipctl that says why; nobody else says anything
refused()
{
	local said='vipctl: [^'$'\n'']*'
	like "$(nobody "$@")" "^1 $said(not allowed: this needs CAP_|[Pp]ermission denied|not permitted)[^"$'\n'"]*("$'\n'"$said)*$" \
		"$* is refused"
	seen+=("$1")
}

# begins COMMAND PATTERN: what runs until it is ended says something
begins()
{
	local line
	open_way "$1" "${as_nobody[@]}" "$vipctl" "$1"
	local pid=$!
	[ -z "$3" ] || { ok "$1 runs" poll "$3"; eval "$4"; }
	read -r -t $patience -u "${way_out[$1]}" line
	like "$line" "$2" "$1"
	kill -TERM $pid
	wait $pid
	is $? 0 "$1 ends"
	seen+=("$1")
}

seen=()
load
lan 1
configure 'service mail tcp 10.0.0.1:25 persist 300
backend mail/b1 192.168.0.1 condition flag'
"$vipctl" save "$tmp/conf"
echo 'service mail tcp 10.0.0.1:26' >"$tmp/other"
printf '*nat\nCOMMIT\n' >"$tmp/rules"
chmod 644 "$tmp/conf" "$tmp/other" "$tmp/rules"
# now: what a command may have changed; the weight below counts a generation
now() { state | sed 's/generation=[0-9]*//'; }
before=$(now)

reads ".*: good, 1 service" check "$tmp/conf"
reads "" diff "$tmp/conf"
reads $'replace\nservice mail' save
reads $'nf_vip.*\n.*mail  tcp' show
reads "mail: 1 of 1" status mail
reads '\{' status -j
reads 'service mail: backend b1' explain tcp 10.0.0.9:1000 10.0.0.1:25
reads "" doctor
reads "# HELP" metrics
reads "" import iptables "$tmp/rules"
reads "usage" help
begins watch '^20.*T' "" ""
begins monitor ' mail/b1 weight=2 ' "grep -Eq '^[0-9a-f]+ 15 +[0-9]+ +00000001' /proc/net/netlink" "echo 2 >$sys/mail/b1/weight"
echo 1 >$sys/mail/b1/weight

refused apply "$tmp/other"
refused apply --confirm 60 "$tmp/other"
refused confirm
refused revert
refused add service more tcp 10.0.0.1:80
refused set service mail persist 1
refused del service mail
refused up mail/b1
refused down mail/b1
refused drain mail/b1
refused forget mail
refused clients mail
refused flush
refused fastpath
refused fastpath wan
refused fastpath off
refused follow
refused boot "$tmp/other"
refused reload-module
refused save "$tmp/saved"
refused metrics "$tmp/metrics.prom"
refused -n client show

is "$(now)" "$before" "nothing has changed"
listed=$("$vipctl" --help | sed -n 's/^  \([a-z-]*\) .*/\1/p' | sort)
is "$(comm -23 <(echo "$listed") <(printf '%s\n' "${seen[@]}" | sort -u))" "" "that was every command"
done_testing
