#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl metrics, as programs of Prometheus read it, against status. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# What a strict parser finds, one sample a line: NAME{LABELS by name} VALUE
cat >"$tmp/openmetrics.py" <<-'END'
	import sys
	from prometheus_client.openmetrics.parser import text_string_to_metric_families
	for family in text_string_to_metric_families(sys.stdin.read()):
	    for s in family.samples:
	        labels = ",".join(f"{k}={v}" for k, v in sorted(s.labels.items()))
	        print(f"{s.name}{{{labels}}} {int(s.value)}")
END

# sample NAME{LABELS}
sample() { sed -n "s|^${1//[/\\[} ||p" "$tmp/samples"; }

load
lan 2
serve b1 25
serve b2 25
# An interface may have such a name.
ip link add 'a"b\c' type dummy
configure 'service mail tcp 10.0.0.1:25 accounting on eject 5 10 10
backend mail/b1 192.168.0.1 weight 2
backend mail/b2 192.168.0.2
backend mail/b3 192.168.0.3 initial unknown max-conns 7
service empty udp [2001:db8::1]:25 dev a"b\c
service off udp 10.0.0.1:53
backend off/b1 192.168.0.1 state drain'
call -c 6 10.0.0.1 25 >/dev/null
call -u -c 1 10.0.0.1 53 >/dev/null
hold open client -c 3 10.0.0.1 25
ok "three connections are open" poll "[ \"\$(field 'service mail' live)\" = 3 ]"

"$vipctl" metrics >"$tmp/text"
"$vipctl" metrics --openmetrics >"$tmp/open"
ok "promtool check metrics" promtool check metrics <"$tmp/text"
is "$(tail -n 1 "$tmp/text")" "# EOF" "the end is marked"
ok "a strict parser of OpenMetrics takes it" \
	eval "/usr/bin/python3 $tmp/openmetrics.py <$tmp/open >$tmp/samples"
is "$(grep -v '^#' "$tmp/open")" "$(grep -v '^#' "$tmp/text")" "the samples are the same in both"
is "$(grep -c '^# HELP' "$tmp/text") $(grep -v '^#' "$tmp/text" | sed 's/[{ ].*//' | sort -u | wc -l)" \
	"$(grep -c '^# TYPE' "$tmp/text") $(grep -c '^# TYPE' "$tmp/text")" "each has a type, a help and a sample"

# --- values ---
is "$(sample 'nf_vip_backend_connections_total{backend=b1,service=mail}') $(
	sample 'nf_vip_backend_connections_total{backend=b2,service=mail}')" \
	"$(field 'backend mail/b1' chosen) $(field 'backend mail/b2' chosen)" "connections of a backend"
is "$(sample 'nf_vip_service_connections_total{service=mail}') $(sample 'nf_vip_service_live_connections{service=mail}')" \
	"9 3" "connections of a service, and live ones"
for direction in in out; do
	is "$(sample "nf_vip_backend_bytes_total{backend=b1,direction=$direction,service=mail}") $(
		sample "nf_vip_service_packets_total{direction=$direction,service=mail}")" \
		"$(field 'backend mail/b1' bytes-$direction) $(field 'service mail' packets-$direction)" "bytes and packets, $direction"
done
is "$(grep -c 'bytes_total.*service=off' "$tmp/samples")" 0 "none where they are not counted"
is "$(sample 'nf_vip_service_refused_total{reason=empty,service=off}')" 1 "a connection that was refused"
is "$(sample 'nf_vip_service_refused_total{reason=full,service=off}')" 0 "for one of the reasons"
is "$(sample 'nf_vip_backend_up{backend=b1,service=mail}') $(sample 'nf_vip_backend_up{backend=b3,service=mail}')" "1 " \
	"health that is not known has no sample"
is "$(sample 'nf_vip_backend_usable{backend=b3,service=mail}') $(sample 'nf_vip_backend_weight{backend=b1,service=mail}')" \
	"0 2" "usable, and weight"
is "$(sed -n 's/^nf_vip_backend_state{backend=b1,service=off,state=\(.*\)} /\1 /p' "$tmp/samples" | paste -sd ' ')" \
	"up 0 drain 1 down 0" "state"
is "$(sample 'nf_vip_backend_info{address=192.168.0.3:25,backend=b3,service=mail}')" 1 "an address"
ok "a label is escaped" grep -qF 'nf_vip_service_info{dev=a"b\c,proto=udp,service=empty,vip=[2001:db8::1]:25} 1' "$tmp/samples"
ok "version" grep -q "^nf_vip_build_info{version=$(sed -n 's/.*version=\([^ ]*\) .*/\1/p' $proc/status)} 1" "$tmp/samples"

# --- into a file ---
umask 022
"$vipctl" metrics "$tmp/nf_vip.prom"
is "$(stat -c %a "$tmp/nf_vip.prom") $(tail -n 1 "$tmp/nf_vip.prom")" "644 # EOF" "a file that others can read"
exec {old}<"$tmp/nf_vip.prom"
"$vipctl" flush
"$vipctl" metrics "$tmp/nf_vip.prom"
is "$(tail -n 1 <&"$old") $(grep -c service= "$tmp/nf_vip.prom")" "# EOF 0" "replaced as a whole: who reads the old one has it"
is "$("$vipctl" metrics /proc/none/x 2>&1; echo $?)" $'vipctl: /proc/none/x: No such file or directory\n1' "a folder that is not there"
ok "nothing configured is good, too" promtool check metrics <"$tmp/nf_vip.prom"
is "$(echo "$tmp"/nf_vip.prom*)" "$tmp/nf_vip.prom" "nothing is left behind"
done_testing
