#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion on the command line offers what runs: services and backends of the network namespace, also of another one.
# What needs no kernel is in tests/unit/pages.t.
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/../../userspace source=completion/vipctl
. "$HERE/../../userspace/completion/vipctl"

vipctl() { "$vipctl" "$@"; }

# completes WORD...: what bash would offer for the last word, on one line
completes()
{
	COMP_WORDS=(vipctl "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_vipctl
	echo "${COMPREPLY[*]}"
}

load
is "$(completes up "")" "" "no backends"
configure 'service mail tcp 10.0.0.1:25
backend mail/m1 192.168.0.1
backend mail/m2 192.168.0.2
service web tcp 10.0.0.1:80
backend web/w1 192.168.0.1'
node other
ip netns exec other "$vipctl" add service there tcp 10.0.0.1:25

is "$(completes drain "")" "mail/m1 mail/m2 web/w1" "backends"
is "$(completes down mail/m1 w)" "web/w1" "a second one"
is "$(completes forget "")" "mail web" "services"
is "$(completes del service "")" "mail web" "services to delete"
is "$(completes del backend web/)" "web/w1" "backends to delete"
is "$(completes -n "")" "other" "network namespaces"
is "$(completes -n other forget "")" "there" "services of another one"

# --- names that are code ---
# shellcheck disable=SC2016	# never to be expanded
evil='$(evil)'
evil() { : >"$tmp/evil"; }
ip link add "$evil" type dummy
ip netns add "$evil"
is "$(completes fastpath '$')" '\$\(evil\)' "an interface with such a name is offered, quoted"
is "$(completes add service x tcp 10.0.0.1:80 dev '$')" '\$\(evil\)' "in a statement, too"
is "$(completes -n '$')" '\$\(evil\)' "and a namespace"
completes -n "$evil" forget "$evil" >"$tmp/null"
is "$([ -e "$tmp/evil" ] && echo run)" "" "none of them has run"
done_testing
