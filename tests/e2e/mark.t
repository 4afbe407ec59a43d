#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The connection mark: which bits of it are ours, what they say, and who may ask for a backend with them. The network is
# that of lib.sh.
. "$(dirname "$0")/lib.sh"

rules() { nft -f - || bail "nft refuses"; }

# marks PORT...: of the connections from those ports of the client, as conntrack(8) shows them
marks()
{
	local text port line=()
	text=$(conntrack -L 2>/dev/null)
	for port in "$@"; do
		[[ $text =~ src=10.0.0.9" "dst=10.0.0.1" sport=$port "[^$'\n']*mark=([0-9]+) ]] || continue
		line+=("$(printf 0x%x "${BASH_REMATCH[1]}")")
	done
	echo "${line[*]}"
}

# from PORT OPTIONS...: one call from this port of the client
from()
{
	local port=$1
	shift
	call -f 0 -p "$port" "$@"
}

load mark_mask=0xff00
lan 3
serve b1 25 26
serve b2 25 26
serve b3 25 26
like "$(<$proc/status)" " mark_mask=0xff00 " "mark_mask=0xff00: status says so"
is "$(</sys/module/nf_vip/parameters/mark_mask)" 65280 "and the parameter"
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1 ; backend s/b2 192.168.0.2
service t tcp 10.0.0.1:26 ; backend t/b3 192.168.0.3
service u udp 10.0.0.1:25 ; backend u/b1 192.168.0.1 mark 0x1000 ; backend u/b2 192.168.0.2 mark 0x2000
service v tcp [2001:db8::1]:25 ; backend v/b1 fd00::1 mark 0x3000 ; backend v/b2 fd00::2 mark 0x4000'
is "$(<$sys/s/b1/mark) $(<$sys/s/b2/mark) $(<$sys/t/b3/mark)" "0x100 0x200 0x300" "marks are assigned within the mask"

# --- set on choice ---
is "$(from 4000 10.0.0.1 25) $(from 4001 10.0.0.1 25)" "b1=1 b2=1" "two connections"
is "$(marks 4000 4001)" "0x100 0x200" "have the marks of their backends"

# --- the other bits are somebody else's ---
rules <<-END
	table inet m {
		chain before {
			type filter hook prerouting priority mangle
			ct state new ct mark set ct mark or 0x30005
		}
		chain after {
			type filter hook forward priority 0
			ct mark set ct mark or 0x80
		}
	}
END
is "$(from 4002 10.0.0.1 25) $(from 4003 10.0.0.1 25)" "b1=1 b2=1" "nft sets bits before and after us"
is "$(marks 4002 4003)" "0x30185 0x30285" "which are kept, and ours stand among them"
is "$(field 'service s' pinned)" 0 "and ask for nothing"

# --- a mark that asks ---
# The client's ports say what it asks for.
rules <<-END
	flush ruleset
	table inet m {
		chain before {
			type filter hook prerouting priority mangle
			ct state new ct mark set th sport map {
				5000-5099 : 0x10200, 5100-5199 : 0x300, 5200-5299 : 0x7f00, 5300-5399 : 0x1000, 5400-5499 : 0x4000
			}
		}
	}
END
is "$(call -f 0 -c 4 -i -p 5000 10.0.0.1 25)" "b2=4" "a mark that arrives with a connection asks for its backend"
is "$(field 'service s' pinned) $(field 'backend s/b2' pinned) $(field 'backend s/b1' pinned)" "4 4 0" \
	"pinned counts those"
is "$(<$sys/s/service/pinned) $(<$sys/s/b2/pinned)" "4 4" "in sysfs, too"
is "$(field 'service s' chosen)" 8 "they count as chosen"
is "$(call -f 0 -c 4 10.0.0.1 25)" "b1=2 b2=2" "the others are balanced as if they were not there"

is "$(call -f 0 -c 4 -i -p 5300 -u 10.0.0.1 25)" "b1=4" "UDP: the same"
is "$(marks 5000 5300) $(field 'backend u/b1' pinned)" "0x10200 0x1000 4" "those marks stay; pinned counts UDP as well"
is "$(call -f 0 -c 4 -i -p 5400 2001:db8::1 25)" "b2=4" "IPv6: the same"
is "$(field 'backend v/b2' pinned)" 4 "and the counter"

# --- a mark that cannot be had ---
is "$(call -f 0 -c 4 -i -p 5100 10.0.0.1 25)" "b1=2 b2=2" "the mark of another service's backend is ignored"
is "$(call -f 0 -c 4 -i -p 5200 10.0.0.1 25)" "b1=2 b2=2" "so is one that nobody has"
like "$(marks 5100 5101 5200)" "^0x[12]00 0x[12]00 0x[12]00$" "and both are replaced by the mark of the chosen one"
is "$(field 'service s' pinned)" 4 "neither counts as pinned"

# no_b2 FROM WHY: connections from that port on ask for b2 and get b1
no_b2()
{
	is "$(call -f 0 -c 2 -i -p "$1" 10.0.0.1 25)" "b1=2" "the backend asked for $2: another one"
}
put $sys/s/b2/up 0 >"$tmp/null"
no_b2 5010 "is dead"
put $sys/s/b2/up 1 >"$tmp/null"
put $sys/s/b2/state drain >"$tmp/null"
no_b2 5020 "drains"
put $sys/s/b2/state up >"$tmp/null"
put $sys/s/b2/weight 0 >"$tmp/null"
no_b2 5030 "has no weight"
is "$(marks 5010 5020 5030)" "0x10100 0x10100 0x10100" "with its mark, and the other bits as they came"
is "$(field 'service s' pinned)" 4 "none of those counts as pinned"
put $sys/s/b2/weight 1 >"$tmp/null"
is "$(call -f 0 -c 2 -i -p 5040 10.0.0.1 25) $(field 'service s' pinned)" "b2=2 6" "back again: it can be asked for"

# --- a connection is where it is, whatever becomes of its mark ---
hold open client -f 0 -p 6000 10.0.0.1 25
was=$answer
conntrack -U -s 10.0.0.9 -d 10.0.0.1 -p tcp --sport 6000 --dport 25 --mark 0x7f01 >/dev/null 2>&1
is "$(marks 6000)" 0x7f01 "somebody changes the mark of an open connection"
ask open
is "$answer $(marks 6000)" "$was 0x7f01" "it stays on its backend, and the mark is left alone"

# --- marks that are given ---
configure 'backend s/b3 192.168.0.3 mark 0x500 ; delete backend s/b1 ; delete backend s/b2'
is "$(from 7000 10.0.0.1 25) $(marks 7000)" "b3=1 0x500" "a backend with a mark of its own"
configure 'backend s/b4 192.168.0.1'
isnt "$(<$sys/s/b4/mark)" 0x500 "that mark is not assigned again"
like "$(<$proc/config)" "backend s/b3 192.168.0.3 weight 1 mark 0x500" "the configuration says which"
for i in 0x501 0x10500 0x10000; do
	is "$(config "service w tcp 10.0.0.1:99
		backend w/b1 192.168.0.1 mark $i")" \
		"ERANGE line 2: mark \"$i\": expected a value within mark_mask 0xff00" "mark $i is refused"
done
is "$(config 'backend s/b5 192.168.0.5 mark 0xff00')" ok "mark 0xff00 is not"
unload

# --- the default ---
load
like "$(<$proc/status)" " mark_mask=0xffff " "loaded anew: the default, 0xffff"
nft flush ruleset
configure 'service s tcp 10.0.0.1:25 ; backend s/b1 192.168.0.1 ; backend s/b2 192.168.0.2'
is "$(from 8000 10.0.0.1 25) $(marks 8000)" "b1=1 0x1" "and small marks"
is "$(config 'backend s/b3 192.168.0.3 mark 0x10000')" \
	'ERANGE line 1: mark "0x10000": expected a value within mark_mask 0xffff' "0x10000 is outside"
unload
done_testing
