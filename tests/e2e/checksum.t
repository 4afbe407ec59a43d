#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Checksums of translated packets. Between virtual interfaces nobody computes any unless the sender is told to; then the
# receiver looks at them, and one that is wrong is a packet that never came. The network is that of lib.sh.
. "$(dirname "$0")/lib.sh"

load
lan 1
for n in client b1; do
	ip netns exec $n ethtool -K eth0 tx off >/dev/null || bail "checksums cannot be switched on in $n"
done
serve b1 25 2525
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1
service other tcp 10.0.0.1:80 ; backend other/b1 192.168.0.1:2525
service uother udp 10.0.0.1:80 ; backend uother/b1 192.168.0.1:2525
service s6 tcp [2001:db8::1]:25 ; backend s6/b1 fd00::1
service uother6 udp [2001:db8::1]:80 ; backend uother6/b1 [fd00::1]:2525'

is "$(call -c 3 10.0.0.1 25)" "b1=3" "TCP"
is "$(call -c 3 10.0.0.1 80)" "b1=3" "TCP to another port"
is "$(call -u -c 3 10.0.0.1 25)" "b1=3" "UDP"
is "$(call -u -c 3 10.0.0.1 80)" "b1=3" "UDP to another port"
is "$(call -c 3 2001:db8::1 25)" "b1=3" "TCP, IPv6"
is "$(call -u -c 3 2001:db8::1 80)" "b1=3" "UDP to another port, IPv6"

hold bulk client 10.0.0.1 80
ask bulk "get 100000"
is "$answer" 100000 "TCP, 100 kB from the backend"
ask bulk "put 100000"
is "$answer" 100000 "TCP, 100 kB to the backend"

# A datagram without a checksum stays without one: nothing to correct, nothing to invent.
ip netns exec b1 timeout 60 tcpdump -Z root -i eth0 -nn -vv -c 1 -l 'udp dst port 2525' >$tmp/dump 2>$tmp/dump.err &
poll "grep -q listening $tmp/dump.err" || bail "no tcpdump"
ip netns exec client python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 11, 1)	# SO_NO_CHECK
s.sendto(b"who\n", ("10.0.0.1", 80))'
wait $!
like "$(<$tmp/dump)" '\[no cksum\]' "UDP without a checksum keeps none"

done_testing
