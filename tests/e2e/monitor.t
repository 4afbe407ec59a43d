#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who is told what changed of a backend: vipctl monitor by uevents, and the kernel log. No packets here.

# Without memory there are no events, and this waits for them.
unset NF_VIP_EACH_ALLOCATION
. "$(dirname "$0")/lib.sh"

# change FILE TEXT EVENT...: is just that told, in this order?
change()
{
	local file=$1 text=$2 got=() want=()
	shift 2
	want=("$@" "t/end")
	put "$file" "$text" >>"$tmp/answers"
	mark_end
	while read -r -t $patience -u "${way_out[monitor]}" _ name rest; do
		[ "$name" != t/end ] || { got+=("$name"); break; }
		got+=("$name $rest")
	done
	is "${got[*]}" "${want[*]}" "$file $text"
}

# A change of a backend that is there for it: what came before has been told.
ends=1
mark_end()
{
	ends=$((ends + 1))
	echo $((ends % 1000)) >$sys/t/end/weight
}

# The lines that the log may have are counted since the module was loaded: by this test alone.
[ ! -d /sys/module/nf_vip ] || unload
"$vipctl" monitor >"$tmp/null" 2>"$tmp/early" &
early=$!
ok "without the module it waits, and says so" poll "grep -q '^vipctl: monitor: nf_vip is not loaded, waiting for it$' '$tmp/early'"
ok "until it is ended" kill -0 $early
kill $early
load
configure 'service t tcp 10.9.0.1:25
service o tcp 10.9.0.2:25
backend t/b1 192.168.0.1 condition flag
backend o/b1 192.168.0.1 condition flag
backend t/b2 192.168.0.2
backend t/end 192.168.0.3'

# Another namespace, with a service and a backend of the same names.
node other
agent -n other put $proc/config 'service t tcp 10.9.0.1:25; backend t/b1 192.168.0.1 state drain' >"$tmp/answer"
is "$(<"$tmp/answer")" ok "another namespace has services"
dmesg >"$tmp/dmesg" # not --clear: the rig reads it afterwards
logged=$(wc -l <"$tmp/dmesg")

open_way monitor "$vipctl" monitor
monitor=$!
ok "vipctl monitor listens" poll "grep -Eq '^[0-9a-f]+ 15 +$monitor +00000001' /proc/net/netlink"

echo 7 >$sys/t/b2/weight
read -r -t $patience -u "${way_out[monitor]}" line
like "$line" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3} t/b2 weight=7 by=admin usable=1$' "a line has a time"

# --- each kind of change ---
put $sys/t/b1/state drain >>"$tmp/answers"
got=()
while [ ${#got[@]} -lt 2 ] && read -r -t $patience -u "${way_out[monitor]}" _ name rest; do
	got+=("$name $rest")
done
is "${got[*]}" "t/b1 state=drain by=admin usable=0 t/b1 drained=0 by=traffic usable=0" \
	"a drain of a backend without connections is over at once"
change $sys/t/b1/up 0 "t/b1 up=0 by=checker usable=0"
change $sys/t/b1/state up "t/b1 state=up by=admin usable=0"
change $sys/t/b1/up 1 "t/b1 up=1 by=checker usable=1"
change $sys/t/b1/up 1
change $sys/t/b1/weight 0 "t/b1 weight=0 by=admin usable=0"
change $sys/t/b1/weight 1 "t/b1 weight=1 by=admin usable=1"
change $sys/t/b1/tier 2
change $cond/flag 1 "t/b1 condition=1 by=flag usable=0" "o/b1 condition=1 by=flag usable=0"
change $cond/flag 1
change $cond/flag 0 "t/b1 condition=0 by=flag usable=1" "o/b1 condition=0 by=flag usable=1"
change $sys/t/b1/state nonsense

# --- a configuration: only what differs ---
change $proc/config 'backend t/b2 192.168.0.2 state down weight 7; backend o/b1 192.168.0.9 condition flag weight 3' \
	"t/b2 state=down by=admin usable=0" "o/b1 weight=3 by=admin usable=1"
change $proc/config 'delete backend t/b2; backend t/b3 192.168.0.4'

# --- a lease that runs out ---
change $sys/t/b3/up '1 1'
change $sys/t/b1/up '1 1'
got=()
while [ ${#got[@]} -lt 2 ] && read -r -t $patience -u "${way_out[monitor]}" _ name rest; do
	got+=("$name $rest")
done
is "$(printf '%s\n' "${got[@]}" | sort)" "t/b1 up=0 by=lease usable=0
t/b3 up=0 by=lease usable=0" "leases that ran out"

# --- another namespace is another one's business ---
agent -n other put $proc/config 'backend t/b1 192.168.0.1 state up' >"$tmp/answer"
is "$(<"$tmp/answer")" ok "a change elsewhere"
change $sys/t/b1/up 1 "t/b1 up=1 by=checker usable=1"

# --- the log has them, too, and is not flooded ---
netns=$(readlink /proc/self/ns/net)
netns=${netns//[^0-9]/}
dmesg | tail -n +$((logged + 1)) >"$tmp/dmesg"
like "$(<"$tmp/dmesg")" "nf_vip: service=t backend=b1 what=state value=drain by=admin usable=0 netns=$netns"$'\n' \
	"a line in the log"
kill -TERM "$monitor"
wait "$monitor"
is $? 0 "vipctl monitor ends in good order"
# Fifty lines in five seconds are what it takes.
began=$SECONDS
for ((i = 0; i < 300; i++)); do echo $((i % 2)) >$sys/t/b3/up; done
within "$(dmesg | grep -c 'backend=b3 what=up')" 1 $((50 * ((SECONDS - began) / 5 + 3))) "fewer lines than changes"
ok "the module goes" unload

done_testing
