#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl doctor: a healthy gateway, then what keeps packets from coming to backends. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=doctor.sh
. "$HERE/doctor.sh"

# --- the module ---
[ ! -d /sys/module/nf_vip ] || unload
finds "module-missing: module nf_vip" "the module is not loaded"
mount --bind /dev/null "/lib/modules/$(uname -r)/modules.dep"
finds "module-not-installed: kernel $(uname -r)" "nor made for this kernel"
is "${mend/nf_vip\/* -k/nf_vip -k}" "dkms install nf_vip -k $(uname -r) && modprobe nf_vip" "dkms makes it"
umount "/lib/modules/$(uname -r)/modules.dep"
look
mends

# --- a healthy gateway ---
load
lan 2
serve b1 25
serve b2 25
healthy='service web tcp 10.0.0.1:25
backend web/b1 192.168.0.1
backend web/b2 192.168.0.2
service web6 tcp [2001:db8::1]:25 dev wan
backend web6/b1 fd00::1
backend web6/b2 fd00::2
service dns udp 10.0.0.1:25 scheduler least
backend dns/b1 192.168.0.1
service marked fwmark 7
backend marked/b1 192.168.0.1'
configure "$healthy"
is "$(call -c 2 10.0.0.1 25) $(call -c 2 2001:db8::1 25) $(call -u 10.0.0.1 25)" "b1=1 b2=1 b1=1 b2=1 b1=1" "traffic"
finds "" "nothing is found on a healthy gateway"
is "$(vipctl doctor web dns; echo $?)" "nothing found
0" "it says so"
is "$(vipctl doctor -j | jq -c '[.findings, .unseen]')" "[[],[]]" "as JSON"
is "$("${as_nobody[@]}" "$(command -v vipctl)" doctor | head -n 1)" "nothing found" \
	"for everybody"
is "$(vipctl doctor web none 2>&1; echo $?)" "vipctl: doctor: service \"none\": expected one that exists
2" "a service that does not exist is no healthy one"

# --- forwarding ---
settings net/ipv4/ip_forward=0
is "$(call -w 300 10.0.0.1 25)" "timeout=1" "ip_forward is off"
finds "ip-forward: net/ipv4/ip_forward" "it is found"
finds "" "it does not concern IPv6" web6
vipctl doctor >/dev/null
is "$?" 1 "exit status"
{ echo '"doctor"'; vipctl doctor -j; } >$tmp/json
is "$(jq -r 'objects | .findings[] | .id, .severity, .place, .mend' $tmp/json)" "ip-forward
error
net/ipv4/ip_forward
sysctl -w net/ipv4/ip_forward=1" "as JSON"
is "$(jq -rs --slurpfile schema "$HERE/../../userspace/vipctl.schema.json" -f "$HERE/schema.jq" $tmp/json)" "" \
	"which is what the schema says"
look
mends
settings net/ipv6/conf/all/forwarding=0
finds "ip-forward: net/ipv6/conf/all/forwarding" "off for IPv6"
finds "" "it does not concern IPv4" web
look
mends
settings net/ipv4/conf/lan/forwarding=0
finds "interface-forward: interface lan" "off on one interface"
mends
is "$(call -c 2 10.0.0.1 25) $(call -c 2 2001:db8::1 25)" "b1=1 b2=1 b1=1 b2=1" "traffic"

# --- the way to backends ---
ip link set lan down
finds "no-route: interface lan" "the interface is down" web dns
mends web dns
ip address add fd00::fe/64 dev lan
configure 'backend web/far 198.51.100.1; backend web6/far 2001:db8:ffff::1'
finds "no-route: backend web/far, no-route: backend web6/far" "no route to backends"
eval "$mend"
look
mends
settings net/ipv4/neigh/lan/retrans_time_ms=20
configure "replace; $healthy; backend web/gone 192.168.0.9"
agent call -w 1000 192.168.0.9 25 >/dev/null
finds "unreachable: backend web/gone" "nobody has a backend's address"
mends
is "$(call -c 2 10.0.0.1 25)" "b1=1 b2=1" "traffic"

# --- services that are dead ---
configure "backend dns/b1 192.168.0.1 condition flag weight 0 state drain"
echo 0 >$sys/dns/b1/up
echo 1 >$cond/flag
for what in drain health flag weight; do
	finds "service-dead: service dns" "a service without backends: $what"
	eval "$mend"
done
finds "" "alive again"
is "$(call -u 10.0.0.1 25)" "b1=1" "traffic"
configure "service none tcp 10.0.0.1:26"
finds "service-dead: service none" "a service that has none"
is "$mend" "vipctl add backend none/NAME ADDRESS" "what to do is the administrator's to know"
done_testing
