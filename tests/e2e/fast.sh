# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Which way the packets of a connection go, for tests of the fast path. To be sourced after lib.sh.

# What is forwarded the long way counts as forwarded, of both families; what takes the fast path does not. In $count.
forwarded()
{
	local words
	[[ $(</proc/net/snmp) =~ $'\n'"Ip: "([0-9 ]+) ]]
	read -r -a words <<<"${BASH_REMATCH[1]}"
	[[ $(</proc/net/snmp6) =~ Ip6OutForwDatagrams[[:space:]]+([0-9]+) ]]
	count=$((words[5] + BASH_REMATCH[1]))
}

# way_of TAG: five questions on a connection of hold; in $way who answers, and whether all of it went fast, or slow: one
# direction at least, which is five packets. Its first packets go the long way in any case, and so may a late
# acknowledgement of another connection.
way_of()
{
	local i before
	ask "$1"
	forwarded
	before=$count
	for ((i = 0; i < 5; i++)); do ask "$1"; done
	forwarded
	way="$answer slow"
	[ $((count - before)) -gt 2 ] || way="$answer fast"
}
