#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Segments that conntrack did not expect: on a path that is not the same both ways it sees half of a connection and calls
# the rest invalid. Connections of a service are spared that, unless it says `window strict`; all others are as they
# were. The network is that of lib.sh.
. "$(dirname "$0")/lib.sh"

load
lan 1
serve b1 25
configure 'service liberal tcp 10.0.0.1:25 ; backend liberal/b1 192.168.0.1
service strict tcp 10.0.0.1:26 window strict ; backend strict/b1 192.168.0.1:25
service liberal6 tcp [2001:db8::1]:25 window liberal ; backend liberal6/b1 fd00::1
service strict6 tcp [2001:db8::1]:26 window strict ; backend strict6/b1 [fd00::1]:25'

# What a firewall of the usual kind drops, and what left the gateway: the segments with the odd window.
nft -f - <<-END || bail "no nft"
	table inet t {
		counter invalid { }
		counter backend { }
		counter client { }
		chain pre {
			type filter hook prerouting priority mangle
			tcp window 4321 ct state invalid counter name invalid drop
		}
		chain post {
			type filter hook postrouting priority srcnat + 10
			tcp window 4321 oifname lan counter name backend
			tcp window 4321 oifname wan counter name client
		}
	}
END

# counted: to the backend, to the client, invalid; since the last time
counted()
{
	nft reset counters table inet t | awk '
		$1 == "counter" { name = $2 }
		$1 == "packets" { n[name] = $2 }
		END { print n["backend"] + 0, n["client"] + 0, n["invalid"] + 0 }'
}

# far ADDRESS PORT: the two segments, and whether the connection goes on
far()
{
	local backend=192.168.0.1
	[[ $1 != *:* ]] || backend=fd00::1
	answer=$(ip netns exec client "$HERE/segment.py" "$1" "$2" $backend 25)
}

for vip in 10.0.0.1 2001:db8::1; do
	far $vip 25
	is "$answer $(counted)" "b1 1 1 0" "$vip: segments far beyond the window pass, both ways, and the connection goes on"
	far $vip 26
	is "$answer $(counted)" "b1 0 0 2" "$vip, window strict: they are invalid"
done
far 192.168.0.1 25
is "$answer $(counted)" "b1 0 0 2" "of a connection that is no service's, too"

done_testing
