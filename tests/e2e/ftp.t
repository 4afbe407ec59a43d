#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# FTP through a VIP, with the kernel's conntrack helper: the server's data connections, in both modes. A firewall on the
# gateway forwards what belongs to a service and nothing else, and one on the client refuses every address that is not the
# VIP's. The network is that of lib.sh.
. "$(dirname "$0")/lib.sh"

modprobe -a nf_conntrack_ftp nf_nat_ftp || bail "no FTP helper"
load
lan 1
mkdir $tmp/ftp
head -c 300000 /dev/zero >$tmp/ftp/file
# A name for this namespace.
ip netns attach self $$ || bail "no name for the gateway"
open_way ftpd ip netns exec b1 "$HERE/ftpd.py" $tmp/ftp
configure 'service ftp tcp 10.0.0.1:21 ; backend ftp/b1 192.168.0.1
service ftp6 tcp [2001:db8::1]:21 ; backend ftp6/b1 fd00::1
service snat tcp 10.0.0.1:2121 snat on ; backend snat/b1 192.168.0.1:21'

nft -f - <<-END || bail "no nft"
	table inet gateway {
		ct helper ftp {
			type "ftp" protocol tcp
		}
		chain pre {
			type filter hook prerouting priority mangle
			tcp dport { 21, 2121 } ct helper set "ftp"
		}
		chain out {
			type filter hook output priority mangle
			tcp dport 21 ct helper set "ftp"
		}
		chain forward {
			type filter hook forward priority filter
			icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
			ct state established,related accept
			ct direction original ct original ip daddr 10.0.0.1 accept
			ct direction original ct original ip6 daddr 2001:db8::1 accept
			drop
		}
	}
END
ip netns exec client nft -f - <<-END || bail "no nft"
	table inet client {
		chain in {
			type filter hook input priority filter
			tcp sport 0-65535 ip saddr != 10.0.0.1 drop
			tcp sport 0-65535 ip6 saddr != 2001:db8::1 drop
		}
	}
END
read -r answer <&"${way_out[ftpd]}"
[ "$answer" = listening ] || bail "no FTP server"

# ftp NETNS HOST PORT active|passive NAME: the file comes, twice on one control connection
ftp()
{
	ask ftp "$1 $2 $3 $4"
	is "$answer" 600000 "$5, $4"
}

modes()
{
	ftp client 10.0.0.1 21 passive "$1"
	ftp client 10.0.0.1 21 active "$1"
	ftp client 2001:db8::1 21 passive "$1, IPv6"
	ftp client 2001:db8::1 21 active "$1, IPv6"
}

open_way ftp "$HERE/ftp.py"
modes "no NAT rules"
# Data connections are not the service's own: they come and go, and the control connection is live.
for mode in passive active; do
	ask ftp "client 10.0.0.1 21 $mode stay"
	is "$answer $(field 'backend ftp/b1' live)" "600000 1" "two files in $mode mode, and one live connection"
	ask ftp ""
	ok "closed: none" poll "[ \"\$(field 'backend ftp/b1' live)\" = 0 ]"
done
ftp self 10.0.0.1 21 passive "the gateway is the client"
ftp self 10.0.0.1 21 active "the gateway is the client"
ftp client 10.0.0.1 2121 passive "snat on"
ftp client 10.0.0.1 2121 active "snat on"

nft 'table inet nat {
	chain pre { type nat hook prerouting priority dstnat; }
	chain post { type nat hook postrouting priority srcnat; oifname lan masquerade; }
}'
modes "masquerading"
nft flush ruleset
if has_legacy; then
	modprobe iptable_raw
	iptables-legacy -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp || bail "no CT target"
	ftp client 10.0.0.1 21 passive "the helper from iptables' CT target"
	ftp client 10.0.0.1 21 active "the helper from iptables' CT target"
	iptables-legacy -t raw -F
else
	diag "no legacy iptables in this kernel"
fi

done_testing
