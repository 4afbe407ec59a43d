#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl import, end to end: the recipe in the kernel's own iptables, of both kinds, and services of IPVS; what the real
# tools save is imported and applied, and connections go where they went. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

xt=$HERE/build/xt_condition-$KERNEL.ko
[ -f "$xt" ] || bail "tests/rig/xt_condition.sh $KERNEL first"
count=$((SLOW > 5 ? 12 : 100))
half=$((count / 2))
open=0

# The recipe, as today's iptables wants it: --packet is not optional. mail1up is b1's flag.
recipe='*mangle
:MAILMARK - [0:0]
-A MAILMARK -j CONNMARK --restore-mark
-A MAILMARK -m mark --mark 0x0 -m statistic --mode nth --every 2 --packet 0 -m condition ! --condition mail1up -j MARK --set-mark 1
-A MAILMARK -m mark --mark 0x0 -m condition ! --condition mail2up -j MARK --set-mark 2
-A MAILMARK -m mark --mark 0x0 -m condition ! --condition mail1up -j MARK --set-mark 1
-A MAILMARK -j CONNMARK --save-mark
-A PREROUTING -d 10.0.0.1 -p tcp --dport 25 -j MAILMARK
COMMIT
*nat
-A PREROUTING -d 10.0.0.1 -p tcp --dport 25 -i wan -m mark --mark 1 -j DNAT --to-destination 192.168.0.1
-A PREROUTING -d 10.0.0.1 -p tcp --dport 25 -i wan -m mark --mark 2 -j DNAT --to-destination 192.168.0.2
COMMIT'
empty='*mangle
:PREROUTING ACCEPT [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
COMMIT'

# The ways of connections: with both alive, with b1 dead, with both dead, when the gateway itself refuses them.
ways()
{
	call -f 1 -c $count 10.0.0.1 25
	put $cond/mail1up 1 >"$tmp/null"
	call -f 1 -c 4 10.0.0.1 25
	put $cond/mail2up 1 >"$tmp/null"
	call -f 1 -c 2 10.0.0.1 25
	put $cond/mail1up 0 >"$tmp/null"
	put $cond/mail2up 0 >"$tmp/null"
}

# counted: are those that are open the backends'? Those of the recipe before stay open, too.
counted() { [ "$(field 'service vip1' live)" = "$open" ]; }

# recipe KIND: with iptables-KIND, legacy or nft
recipe()
{
	local theirs
	# Whose files in /proc/net/nf_condition they are: one module after the other.
	[ ! -d /sys/module/nf_vip ] || unload
	insmod "$xt" || bail "xt_condition does not load: $(dmesg | tail -n 3)"
	"iptables-$1-restore" <<<"$recipe" || bail "iptables-$1 does not take the recipe"
	theirs=$(ways)
	is "$theirs" "192.168.0.1=$half 192.168.0.2=$half
192.168.0.2=4
ECONNREFUSED=2" "the recipe in iptables-$1 balances"
	"iptables-$1-save" -c >"$tmp/saved" || bail "iptables-$1-save"
	hold "before-$1" client -f 1 -c 2 10.0.0.1 25
	before=$answer
	open=$((open + 2))
	"iptables-$1-restore" <<<"$empty"
	rmmod xt_condition || bail "xt_condition stays: $(grep condition /proc/modules)"
	load
	ok "what iptables-$1-save printed is taken" "$vipctl" import iptables "$tmp/saved"
	"$vipctl" import iptables "$tmp/saved" >"$tmp/conf"
	ok "and is a configuration" "$vipctl" apply "$tmp/conf"
	ok "those that are open are counted as the backends'" poll counted
	is "$(ways)" "$theirs" "connections go where the recipe sent them"
	ask "before-$1"
	is "$answer" "$before" "those that were open go on where they were"
}

# ipvs STATEMENTS: what IPVS does with them is what nf_vip does with what is imported
ipvs()
{
	local theirs
	ipvsadm -R <<<"$1" || bail "IPVS does not take $1"
	theirs=$(call -f 1 -c 12 10.0.0.1 26)
	ipvsadm -Sn >"$tmp/saved"
	ipvsadm -C
	"$vipctl" import ipvs "$tmp/saved" >"$tmp/conf"
	is $? 0 "what ipvsadm -Sn printed is taken"
	ok "and is a configuration" "$vipctl" apply "$tmp/conf"
	is "$(call -f 1 -c 12 10.0.0.1 26)" "$theirs" "connections go where IPVS sent them: $theirs"
}

modprobe -a x_tables nft_compat ip_vs || bail "no iptables, or no IPVS"
lan 2
serve b1 25 26
serve b2 25 26
if has_legacy; then
	modprobe -a iptable_mangle iptable_nat || bail "no tables"
	recipe legacy
fi
if has_dnat; then
	recipe nft
else
	diag "no DNAT of iptables in this kernel: IPVS alone"
	load
fi

configure flush
ipvs '-A -t 10.0.0.1:26 -s wrr
-a -t 10.0.0.1:26 -r 192.168.0.1:26 -m -w 1
-a -t 10.0.0.1:26 -r 192.168.0.2:26 -m -w 2'
done_testing
