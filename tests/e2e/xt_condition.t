#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The files in /proc/net/nf_condition: first those of xt_condition itself, asked a list of questions; then ours, whose
# answers have to be the same. Besides, what happens when both modules are there.
. "$(dirname "$0")/lib.sh"

has_legacy || { echo "1..0 # SKIP no legacy iptables in this kernel, which xt_condition needs a rule of"; exit; }
xt=$HERE/build/xt_condition-$KERNEL.ko
[ -f "$xt" ] || bail "tests/rig/xt_condition.sh $KERNEL first"
iptables="iptables-legacy"
rule=(-A INPUT -m condition --condition flag -j ACCEPT)

# The answers of a flag's file. Errors come with the words of the shell, so they are named by whether there was one.
ask_file()
{
	local text value
	stat -c '%A %U %G' $cond $cond/flag
	cat $cond/flag
	for text in 1 0 1junk x '' 0 ' 1' 01 1 -1 00; do
		if printf '%s' "$text" >$cond/flag; then echo "write '$text'"; else echo "refused '$text'"; fi 2>/dev/null
		read -r value <$cond/flag
		echo "$value"
	done
	printf '1\n0\n' >$cond/flag
	cat $cond/flag
	dd if=$cond/flag bs=1 count=1 status=none | od -c
	head -c 100000 /dev/zero | tr '\0' 0 | "$peer" write $cond/flag
	cat $cond/flag
}

# --- xt_condition first ---
[ ! -d /sys/module/nf_vip ] || unload
modprobe -a x_tables ip_tables iptable_filter || bail "no legacy iptables"
insmod "$xt" || bail "xt_condition does not load: $(dmesg | tail -n 3)"
$iptables "${rule[@]}" || bail "no rule with -m condition"
theirs=$(ask_file)
like "$theirs" "^dr-x.*0.*write '1'" "xt_condition answers"

modprobe nf_vip
is "$?" 0 "nf_vip loads beside xt_condition"
like "$(dmesg | grep nf_vip: | tail -n 1)" "xt_condition has /proc/net/nf_condition" "and says what it goes without"
is "$(cat $cond/flag)" 0 "the flag of the iptables rule is still there"
like "$(config 'service s tcp 10.0.0.1:25; backend s/b 192.168.0.1 condition flag')" \
	"^EOPNOTSUPP line 1: condition \"flag\": xt_condition" "a backend with a flag is refused"
is "$(config 'service s tcp 10.0.0.1:25; backend s/b 192.168.0.1')" ok "one without is not"
unload
is "$(cat $cond/flag)" 0 "unloading leaves xt_condition's files alone"
$iptables -F INPUT
rmmod xt_condition
is "$(ls -d $cond 2>&1)" "ls: cannot access '$cond': No such file or directory" "xt_condition is gone"

# --- ours ---
load
configure 'service s tcp 10.0.0.1:25; backend s/b 192.168.0.1 condition flag'
is "$(ask_file)" "$theirs" "our file gives the same answers as xt_condition's"
configure 'delete backend s/b'
is "$(ls $cond)" "" "the file goes with the last backend that names it"
unload
done_testing
