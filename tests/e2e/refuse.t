#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad input: the errno, the sentence that names the place, and that nothing changed. Through /proc, through vipctl,
# without the right to do it, and as parameters of the module. No packets here.
#
# Module parameters are for the first network namespace: keep a way back to it before lib.sh leaves it.
[ -n "${NF_VIP_INSIDE-}" ] || exec 9</proc/self/ns/net
. "$(dirname "$0")/lib.sh"

load
configure 'service mail tcp 10.9.0.1:25
backend mail/b1 192.168.0.1 mark 0x7 condition flag
service six tcp [2001:db8::1]:25 dev lo'
before=$(state)
long=a23456789b123456789c123456789d12

# --- statements: text, errno, sentence; "\n" is a new line ---
# The file must not be read from the standard input: the agent's answers are.
mapfile -t rows <<END
frobnicate|EINVAL|line 1: unknown word "frobnicate": expected service, backend, fastpath, set, delete, flush, confirm, revert or replace
service|EINVAL|line 1: after "service": expected the name of a service
service web|EINVAL|line 1: after "web": expected tcp, udp, sctp or fwmark
service web icmp 10.9.0.2:80|EINVAL|line 1: protocol "icmp": expected tcp, udp, sctp or fwmark
service web tcp|EINVAL|line 1: after "tcp": expected ADDRESS:PORT or [ADDRESS]:PORT
service web tcp 10.9.0.2|EINVAL|line 1: "10.9.0.2": expected ADDRESS:PORT or [ADDRESS]:PORT
service web tcp 10.9.0.2:0|ERANGE|line 1: port "0": expected 1 to 65535
service web tcp 10.9.0.2:65536|ERANGE|line 1: port "65536": expected 1 to 65535
service web tcp 10.9.0.2:http|EINVAL|line 1: port "http": expected 1 to 65535
service web tcp 10.9.0.2:90-80|ERANGE|line 1: "90-80": the port range is reversed
service web tcp 10.9.0.2:80-90,85|EINVAL|line 1: port "85": given twice for this address
service web tcp 10.9.0.256:80|EINVAL|line 1: "10.9.0.256:80": expected an IPv4 or IPv6 address
service web tcp 0.0.0.0:80|EINVAL|line 1: "0.0.0.0:80": this address stands for every address
service web tcp 2001:db8::2:80|EINVAL|line 1: "2001:db8::2:80": expected ADDRESS:PORT or [ADDRESS]:PORT
service web tcp [2001:db8::2|EINVAL|line 1: "[2001:db8::2": the bracket is not closed
service web tcp 10.9.0.2:80 scheduler rr|EINVAL|line 1: scheduler "rr": expected nth, random, hash or least
service web tcp 10.9.0.2:80 on-empty maybe|EINVAL|line 1: on-empty "maybe": expected reject, accept or drop
service web tcp 10.9.0.2:80 on-empty|EINVAL|line 1: after "on-empty": expected reject, accept or drop
service web tcp 10.9.0.2:80 dev bond0 dev bond1|EINVAL|line 1: "dev": given twice
service web tcp 10.9.0.2:80 dev an-interface-name|ENAMETOOLONG|line 1: dev "an-interface-name": expected an interface name of 1 to 15 characters
service web tcp 10.9.0.2:80 hash-key port|EINVAL|line 1: hash-key "port": expected addr or addr-port
service web tcp 10.9.0.2:80 hash-seed 4294967296|ERANGE|line 1: hash-seed "4294967296": expected 0 to 4294967295, or 0x and hex digits
service web tcp 10.9.0.2:80 persist 604801|ERANGE|line 1: persist "604801": expected 0 to 604800 seconds
service web tcp 10.9.0.2:80 persist 60 mask 33|ERANGE|line 1: "mask": expected 1 to 32, as the VIP is IPv4
service web tcp 10.9.0.2:80 persist 60 mask 0|ERANGE|line 1: mask "0": expected 1 to 128
service web tcp 10.9.0.2:80 persist 60 max-clients 1048577|ERANGE|line 1: max-clients "1048577": expected 1 to 1048576
service web tcp 10.9.0.2:80 snat yes|EINVAL|line 1: snat "yes": expected off, on or auto
service web tcp 10.9.0.2:80 window loose|EINVAL|line 1: window "loose": expected liberal or strict
service web tcp 10.9.0.2:80 repick 5|EINVAL|line 1: "repick": goes with udp only
service web udp 10.9.0.2:80 repick 86401|ERANGE|line 1: repick "86401": expected 0 to 86400 seconds
service web tcp 10.9.0.2:80 hold 3601|ERANGE|line 1: hold "3601": expected 0 to 3600 seconds
service web udp 10.9.0.2:80 hold 5|EINVAL|line 1: "hold": goes with tcp and fwmark only
service web tcp 10.9.0.2:80 eject 3 10|EINVAL|line 1: after "10": expected 1 to 1000 failures, 1 to 3600 seconds, 1 to 3600 seconds
service web tcp 10.9.0.2:80 eject 3 10 3601|ERANGE|line 1: eject "3601": expected 1 to 1000 failures, 1 to 3600 seconds, 1 to 3600 seconds
service web tcp 10.9.0.2:80 accounting 1|EINVAL|line 1: accounting "1": expected off or on
backend mail/b2 192.168.0.2 tier 17|ERANGE|line 1: tier "17": expected 1 to 16
backend mail/b2 192.168.0.2 max-conns 1000000001|ERANGE|line 1: max-conns "1000000001": expected 0 to 1000000000
backend mail/b2 192.168.0.2 warmup 3601|ERANGE|line 1: warmup "3601": expected 0 to 3600 seconds
service $long tcp 10.9.0.2:80|ENAMETOOLONG|line 1: service "$long": a name has at most 31 characters
service we/b tcp 10.9.0.2:80|EINVAL|line 1: service "we/b": a name has letters, digits, "_", "-" and "."
service .web tcp 10.9.0.2:80|EINVAL|line 1: service ".web": a name begins with a letter, a digit or "_"
service web tcp 10.9.0.1:25|EEXIST|line 1: service "web": another service has 10.9.0.1:25 and the same dev
service web tcp 10.9.0.2:80\\nservice web udp 10.9.0.2:80|EEXIST|line 2: service "web": stated on line 1 already
service mail tcp [2001:db8::9]:25|EAFNOSUPPORT|line 1: backend "mail/b1": expected an IPv6 address, as the VIP is
backend mail 192.168.0.2|EINVAL|line 1: "mail": expected SERVICE/NAME
backend mail/|EINVAL|line 1: backend "": expected a name
backend mail/b2/b3 192.168.0.2|EINVAL|line 1: backend "b2/b3": a name has letters, digits, "_", "-" and "."
backend mail/$long 192.168.0.2|ENAMETOOLONG|line 1: backend "$long": a name has at most 31 characters
backend mail/service 192.168.0.2|EINVAL|line 1: "mail/service": sysfs has the files of the service there; take another name
backend web/b1 192.168.0.1|ENOENT|line 1: service "web": expected one that exists
backend mail/b2 fd00::2|EAFNOSUPPORT|line 1: backend "mail/b2": expected an IPv4 address, as the VIP is
backend six/b2 192.168.0.2|EAFNOSUPPORT|line 1: backend "six/b2": expected an IPv6 address, as the VIP is
backend mail/b2 192.168.0.2:0|ERANGE|line 1: port "0": expected 1 to 65535
backend mail/b2 192.168.0.2 weight 1001|ERANGE|line 1: weight "1001": expected 0 to 1000
backend mail/b2 192.168.0.2 weight -1|EINVAL|line 1: weight "-1": expected 0 to 1000
backend mail/b2 192.168.0.2 mark 0|ERANGE|line 1: mark "0": expected 1 to 4294967295, or 0x and hex digits
backend mail/b2 192.168.0.2 mark 0x10000|ERANGE|line 1: mark "0x10000": expected a value within mark_mask 0xffff
backend mail/b2 192.168.0.2 mark 7|EEXIST|line 1: mark "0x7": another backend has it
backend mail/b2 192.168.0.2 state asleep|EINVAL|line 1: state "asleep": expected up, drain or down
backend mail/b2 192.168.0.2 initial drain|EINVAL|line 1: initial "drain": expected up, down or unknown
backend mail/b2 192.168.0.2 drain 604801|ERANGE|line 1: drain "604801": expected 0 to 604800 seconds
backend mail/b2 192.168.0.2 drain state up|EINVAL|line 1: drain "state": expected 0 to 604800 seconds
backend mail/b2 192.168.0.2 lease-end 5|EINVAL|line 1: lease-end "5": expected down or up
backend mail/b2 192.168.0.2 condition a/b|EINVAL|line 1: condition "a/b": expected a file name of 1 to 30 characters
backend mail/b2 192.168.0.2 condition ${long:1}|ENAMETOOLONG|line 1: condition "${long:1}": expected a file name of 1 to 30 characters
backend mail/b2 192.168.0.2\\n# a comment\\nbackend mail/b2 192.168.0.3|EEXIST|line 3: backend "mail/b2": stated on line 1 already
set mail weight 1|EINVAL|line 1: unknown word "mail": expected service or backend
set service web dev lo|ENOENT|line 1: service "web": expected one that exists
set backend web/b1 weight 2|ENOENT|line 1: service "web": expected one that exists
set backend mail/b2 weight 2|ENOENT|line 1: backend "mail/b2": expected one that exists
set backend mail/b1|EINVAL|line 1: after "mail/b1": expected an option
set backend mail/b1 192.168.0.2|EINVAL|line 1: unknown word "192.168.0.2": expected weight, mark, condition, state, tier, max-conns, warmup, initial, lease-end or drain
set backend mail/b1 weight 2 weight 3|EINVAL|line 1: "weight": given twice
set backend mail/b1 weight 1001|ERANGE|line 1: weight "1001": expected 0 to 1000
set backend mail/b1 mark 0x10000|ERANGE|line 1: mark "0x10000": expected a value within mark_mask 0xffff
backend mail/b2 192.168.0.2\\nset backend mail/b2 mark 7|EEXIST|line 2: mark "0x7": another backend has it
delete backend mail/b1\\nset backend mail/b1 weight 1|ENOENT|line 2: backend "mail/b1": expected one that exists
set backend mail/b1 weight 5\\nset service mail repick 5|EINVAL|line 2: "repick": goes with udp only
set service mail mask 33|ERANGE|line 1: "mask": expected 1 to 32, as the VIP is IPv4
service dns udp 10.9.0.1:25\\nset service dns hold 5|EINVAL|line 2: "hold": goes with tcp and fwmark only
service any tcp 10.9.0.1:25 dev lo\\nset service any dev -|EEXIST|line 2: service "any": another service has 10.9.0.1:25 and the same dev
delete mail|EINVAL|line 1: unknown word "mail": expected service, backend or fastpath
delete service web|ENOENT|line 1: service "web": expected one that exists
delete backend mail/b2|ENOENT|line 1: backend "mail/b2": expected one that exists
delete service mail now|EINVAL|line 1: "now": expected the end of the statement
confirm|ENOENT|line 1: confirm: no change waits to be confirmed
revert|ENOENT|line 1: revert: no change waits to be confirmed
confirm 5|EINVAL|line 1: confirm: expected a change beside it
confirm 0; flush|ERANGE|line 1: confirm "0": expected 1 to 3600 seconds
confirm 3601; flush|ERANGE|line 1: confirm "3601": expected 1 to 3600 seconds
flush\\nconfirm 5\\nconfirm 6|EEXIST|line 3: confirm: stated on line 2 already
flush\\nconfirm|EINVAL|line 2: confirm: expected no other statement beside it
flush\\nrevert|EINVAL|line 2: revert: expected no other statement beside it
flush everything|EINVAL|line 1: "everything": expected the end of the statement
flush; replace|EINVAL|line 1: "replace": only allowed as the first statement
flush\\n\\nservice wéb tcp 10.9.0.2:80|EINVAL|line 3: byte 0xc3 is not text
END
for row in "${rows[@]}"; do
	IFS='|' read -r text errno sentence <<<"$row"
	is "$(config "${text//\\n/$'\n'}")" "$errno $sentence" "$text"
done
# Which these are the unit test knows, from the table.
like "$(config 'service web tcp 10.9.0.2:80 weight 1')" '^EINVAL line 1: unknown word "weight": expected dev, scheduler, ([a-z-]+, )*[a-z-]+ or [a-z-]+$' \
	"an unknown word: all options are named"
is "$(state)" "$before" "none of ${#rows[@]} refused texts changed anything"
is "$(echo $cond/*) $(echo $sys/*)" "$cond/flag $sys/mail $sys/six" "nor made a file"
ok "a good text" configure 'delete service six'
is "$(<$proc/error)" "" "empties the error"

# --- limits ---
for i in {1..4097}; do echo "backend mail/x$i 192.168.0.1"; done >$tmp/many
is "$("$peer" write $proc/config <$tmp/many) $(<$proc/error)" \
	'E2BIG line 4096: service "mail": expected at most 4096 backends' "one backend more than a service may have"
is "$(printf 'flush\0\n' | "$peer" write $proc/config) $(<$proc/error)" "EINVAL line 1: byte 0x00 is not text" "a NUL"
before=$(state)

# --- without the right to do it ---
no_right() { capsh --drop=cap_net_admin -- -c "$1" 2>&1; }
nobody() { "${as_nobody[@]}" -- bash -c "$1" 2>&1; }
is "$(no_right "for f in $proc/config $sys/mail/{service/scheduler,b1/{up,state,weight}}; do echo 0 | $peer write \$f; done" | xargs)" \
	"EPERM EPERM EPERM EPERM EPERM" "root without CAP_NET_ADMIN"
is "$(no_right "echo 0 | $peer write $cond/flag")" ok "but the flag is a matter of its mode, as it was with xt_condition"
is "$(nobody "for f in $proc/config $proc/status $sys/mail/b1/up $cond/flag; do echo 0 | $peer write \$f; done" | xargs)" \
	"EACCES EACCES EACCES EACCES" "a user"
is "$(nobody "cat $proc/config $sys/mail/b1/up $cond/flag" | tail -n 2 | xargs)" "1 0" "who may read all of it"
is "$(no_right "$vipctl flush; echo \$?")" $'vipctl: flush: not allowed: this needs CAP_NET_ADMIN, be root\n1' "vipctl says so, too"
is "$(state)" "$before" "nothing changed"

# --- through vipctl ---
printf 'service web tcp 10.9.0.2:80\n\nbackend web/b1 192.168.0.1 wieght 1\n' >$tmp/bad
like "$("$vipctl" apply $tmp/bad 2>&1; echo $?)" 'bad: line 3: unknown word "wieght": .*'$'\n'"1$" "vipctl apply"
like "$("$vipctl" check $tmp/bad 2>&1; echo $?)" 'bad: line 3: unknown word "wieght": .*'$'\n'"1$" "vipctl check"
is "$(state)" "$before" "nothing changed"

# --- parameters of the module ---
unload
mapfile -t rows <<END
mark_mask=0|mark_mask=0: expected at least one bit
mark_mask=many|\`many' invalid for parameter \`mark_mask'
vip=tcp:10.9.0.1:25|vip= and backends= are given together or not at all
dev=eth0|dev=, scheduler= and on_empty= need vip=
vip=10.9.0.1 backends=192.168.0.1|vip=10.9.0.1: expected PROTO:ADDR:PORT
vip=tcp:10.9.0.1 backends=192.168.0.1|vip= and backends=: line 1: "10.9.0.1": expected ADDRESS:PORT or [ADDRESS]:PORT
vip=tcp:10.9.0.1:25 backends=192.168.0.1,fd00::1|vip= and backends=: line 3: backend "vip1/backend2": expected an IPv4 address, as the VIP is
vip=tcp:10.9.0.1:25 backends=192.168.0.1 on_empty=maybe|vip= and backends=: line 1: on-empty "maybe": expected reject, accept or drop
config="service a tcp 10.9.0.1:25; backend a/b"|config=: line 1: after "a/b": expected an IPv4 or IPv6 address
mark_mask=2 vip=tcp:10.9.0.1:25 backends=192.168.0.1,192.168.0.2|vip= and backends=: line 3: backend "vip1/backend2": no mark is left in mark_mask 0x2
END
# Loading takes seconds on the debug kernel: there, one for each place that can refuse.
[ "$SLOW" -le 5 ] || rows=("${rows[0]}" "${rows[6]}" "${rows[8]}")
for row in "${rows[@]}"; do
	IFS='|' read -r parameters reason <<<"$row"
	eval "modprobe nf_vip $parameters" 2>/dev/null && fail "loads with $parameters"
	log=$(dmesg)
	log=${log##*nf_vip: }
	is "${log%%$'\n'*}" "$reason" "modprobe nf_vip $parameters"
done
is "$(echo /sys/module/nf_vi[p] $sys $proc $cond; ls -d $sys $proc $cond 2>/dev/null)" \
	"/sys/module/nf_vi[p] $sys $proc $cond" "not loaded, nothing is left"

load vip=udp:10.9.0.1:53 backends=192.168.0.1,192.168.0.2:5353 scheduler=random on_empty=drop dev=eth0 \
	config='"service a tcp 10.9.0.1:25 # to the end"' mark_mask=0xff0000
is "$(nsenter --net=/proc/self/fd/9 cat $proc/config)" 'replace
service vip1 udp 10.9.0.1:53 dev eth0 scheduler random on-empty drop
backend vip1/backend1 192.168.0.1 weight 1 mark 0x10000
backend vip1/backend2 192.168.0.2:5353 weight 1 mark 0x20000
service a tcp 10.9.0.1:25 scheduler nth on-empty reject' "good parameters are the configuration of the first namespace"
is "$(<$proc/config)" replace "and of no other"
unload

done_testing
