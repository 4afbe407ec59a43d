#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets while the kernel has no memory for some of their connections: conntrack's entries, their extensions, whatever
# the module needs. Nothing breaks, nobody is forgotten, what is refused is counted. Configurations without memory are
# what NF_VIP_EACH_ALLOCATION is for, see ./run. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"
. "$HERE/../rig/failures.sh"

if ! has_failslab; then
	echo "1..0 # SKIP this kernel has no failslab"
	exit 0
fi

# fails PERCENT: of the allocations of packets
fails() { echo "$1" >$failslab/probability; }

load
lan 2
for b in b1 b2; do serve $b 25; done
configure 'service t tcp 10.0.0.1:25
backend t/b1 192.168.0.1
backend t/b2 192.168.0.2
service u udp 10.0.0.1:25 repick 1
backend u/b1 192.168.0.1
backend u/b2 192.168.0.2
service p tcp 10.0.0.1:26 persist 60 snat on
backend p/b1 192.168.0.1:25
backend p/b2 192.168.0.2:25
service h tcp 10.0.0.1:27 scheduler hash
backend h/b1 192.168.0.1:25 tier 2
backend h/b2 192.168.0.2:25'
can_fail nf_conntrack 'kmalloc-*'
echo Y >$failslab/ignore-gfp-wait
echo -1 >$failslab/times
echo 1 >$failslab/interval

# Who gets nothing repeats itself: each of them gets through, to where it would have gone.
fails 30
like "$(call -c 12 10.0.0.1 25)" '^b1=[0-9]+ b2=[0-9]+$' "TCP: every connection gets a backend"
like "$(call -c 6 10.0.0.1 26)" '^b[12]=6$' "with persist and snat: all of a client the same"
is "$(call -c 6 10.0.0.1 27)" "b2=6" "hash: the first tier"
ok "UDP: sooner or later" poll "[[ \$(call -u -w 50 10.0.0.1 25) = b[12]=1 ]]"
echo 0 >$sys/h/b2/up
is "$(call -c 6 10.0.0.1 27)" "b1=6" "the second tier, when it is its turn"
fails 0

is "$(call -c 4 10.0.0.1 25)" "b1=2 b2=2" "there is memory again: as ever"
conntrack -F 2>/dev/null
ok "nobody is counted for a connection that was not made" poll "! cat $sys/*/*/live | grep -qv ^0"
is "$(field 'service t' clash) $(field 'service t' empty)" "0 0" "and nobody was refused"
can_fail

done_testing
