#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may read and write which file of ours: the table of nf_vip(4), section SECURITY.
. "$(dirname "$0")/lib.sh"

open_way nobody "${as_nobody[@]}" "$peer" agent
# He is root of a user namespace, but not of this network namespace.
open_way mapped "${as_nobody[@]}" unshare --user --map-root-user "$peer" agent
open_way bare "${as_bare[@]}" "$peer" agent
open_way root "$peer" agent

# tried USER read|put FILE [VALUE]: yes, or the errno, in $answer
tried()
{
	echo "${*:2}" >&"${way_in[$1]}"
	read -r answer <&"${way_out[$1]}" || bail "$1 is gone"
	[ "$answer" != ok ] || answer=yes
}

# file FILE VALUE NOBODY MAPPED BARE ROOT: what each gets, READ/WRITE
file()
{
	local user got=()
	for user in nobody mapped bare root; do
		tried $user read "$1"
		got+=("$answer")
		tried $user put "$1" "$2"
		got[-1]+=/$answer
	done
	is "${got[*]}" "${*:3}" "$1: nobody, root of a user namespace, root without CAP_NET_ADMIN, root"
	files+=("$1")
}

files=()
load
configure 'service s tcp 10.0.0.1:25 persist 60; backend s/b 192.168.0.1 condition c'
file $proc/config 'set service s persist 60' yes/EACCES yes/EACCES yes/EPERM yes/yes
for i in status upkeep error; do file $proc/$i x yes/EACCES yes/EACCES yes/EIO yes/EIO; done
file $proc/clients x EACCES/EACCES EACCES/EACCES yes/EIO yes/EIO
file $proc/explain 'tcp 10.0.0.9:1 10.0.0.1:25' yes/yes yes/yes yes/yes yes/yes
file $cond/c 0 yes/EACCES yes/EACCES yes/yes yes/yes
for i in b/up:1 b/state:up b/weight:1 b/ejected:0 service/persist:60 service/hold:0 service/clients:0; do
	file "$sys/s/${i%:*}" "${i#*:}" yes/EACCES yes/EACCES yes/EPERM yes/yes
done
for i in service/{chosen,live,vip} b/usable b/mark; do file $sys/s/"$i" 1 yes/EACCES yes/EACCES yes/EACCES yes/EACCES; done
file /sys/module/nf_vip/parameters/user_services 256 yes/EACCES yes/EACCES yes/yes yes/yes
file /sys/module/nf_vip/parameters/mark_mask 1 yes/EACCES yes/EACCES yes/EACCES yes/EACCES

# A checker that is given the file of one backend, and no more of it.
chown 65534 $sys/s/b/up
tried nobody put $sys/s/b/up 1
is "$answer" yes "one who was given a file has it"
tried nobody put $sys/s/b/state up
is "$answer" EACCES "and no other one"
# A descriptor says who opened it, whoever writes: root cannot be made to write for somebody else.
is "$("${as_bare[@]}" bash -c "exec 3<>$proc/explain; echo 'tcp 10.0.0.9:1 10.0.0.1:25' >&3; cat <&3" |
	tail -n 1)" "limited without=connections,clients" "explain asks for the capability itself, not for uid 0"

# All that there is, is above: by its name, for those of objects.
left=$(find $proc $cond -type f | grep -vxF -f <(printf '%s\n' "${files[@]}"))
is "$left" "" "no other file of ours in /proc"
modes=$(find -L $sys/s -maxdepth 2 -type f -printf '%m\n' | sort -u | xargs)
is "$modes" "444 644" "those of sysfs are of two kinds"

done_testing
