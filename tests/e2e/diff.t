#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl diff, and apply --dry-run: what a file would change of what runs, and nothing else. No packets here.
. "$(dirname "$0")/lib.sh"

# d FILE: "EXIT STATUS", then the lines
d()
{
	local out rc
	out=$("$vipctl" diff "$@" 2>&1)
	rc=$?
	echo "$rc${out:+$'\n'$out}"
}

load
cat >$tmp/conf <<-END
	# mail
	service mail tcp 10.9.0.1:25,80-90 10.9.0.2:* persist 60 mask 24
	backend mail/b1 192.168.0.1 condition one
	backend mail/b2 192.168.0.2:2525 weight 2
	service six udp [2001:db8:0:0::1]:53 eject 3 10 30
	backend six/b1 2001:db8::2
	service marked fwmark 7
	fastpath wan lan
END
configure "$(<$tmp/conf)"
is "$(d $tmp/conf)" 0 "what was applied is the same"
cat >$tmp/other <<-END
	replace; fastpath lan wan
	service marked fwmark 0x7 family ipv4 scheduler nth on-empty reject
	service six udp [2001:db8::1]:53 dev wan; set service six eject 3 10 30 dev -
	backend six/b1 [2001:db8::2] state up weight 1
	service mail tcp 10.9.0.2:1-65535 10.9.0.1:80-90,25 mask 24 persist 60
	backend mail/b2 192.168.0.2:2525 weight 2
	backend mail/b1 192.168.0.1 condition one tier 1
END
is "$(d - <$tmp/other)" 0 "order, spelling, defaults and marks that were assigned do not count"
cat >$tmp/other <<-END
	service mail tcp 10.9.0.1:25 10.9.0.2:* persist 61 mask 24 dev wan
	backend mail/b1 192.168.0.9:25 mark 0x77 condition two
	backend mail/b3 192.168.0.3 weight 3 tier 2
	service web tcp 10.9.0.9:80
	backend web/b1 192.168.0.1 state drain drain 30
	service marked fwmark 8
	fastpath wan
END
changes='~ fastpath interface lan wan -> wan
~ service mail vip 10.9.0.1:25 10.9.0.1:80-90 10.9.0.2:* -> 10.9.0.1:25 10.9.0.2:*, dev - -> wan, persist 60 -> 61
~ backend mail/b1 address 192.168.0.1 -> 192.168.0.9:25, mark 0x1 -> 0x77, condition one -> two
+ backend mail/b3 address 192.168.0.3 weight 3 tier 2
- backend mail/b2
+ service web proto tcp vip 10.9.0.9:80 scheduler nth on-empty reject
+ backend web/b1 address 192.168.0.1 weight 1 state drain drain 30
~ service marked vip 0x7 -> 0x8
- service six
- backend six/b1'
is "$(d $tmp/other)" $'1\n'"$changes" "one line for each object that differs"
running=$(<$proc/config)
is "$("$vipctl" apply --dry-run $tmp/other; echo $?)" "$changes"$'\n0' "apply --dry-run says the same"
is "$(<$proc/config)" "$running" "and changes nothing"
is "$("$vipctl" diff -j $tmp/other | jq -c '.same, (.changes | length), .changes[2], .changes[4]')" \
	'false
10
{"change":"change","type":"backend","name":"mail/b1","fields":[{"name":"address","from":"192.168.0.1","to":"192.168.0.9:25"},{"name":"mark","from":"0x1","to":"0x77"},{"name":"condition","from":"one","to":"two"}]}
{"change":"delete","type":"backend","name":"mail/b2","fields":[]}' "as JSON"
is "$("$vipctl" -j diff $tmp/conf | jq -c .)" '{"same":true,"changes":[]}' "also if there is nothing"

# --- drift ---
echo 5 >$sys/mail/b1/weight
echo down >$sys/mail/b2/state
echo 0 >$sys/mail/b1/up
is "$(d $tmp/conf)" $'1\n~ backend mail/b1 weight 5 -> 1\n~ backend mail/b2 state down -> up' \
	"what sysfs changed, but not health"
"$vipctl" apply $tmp/conf
is "$(d $tmp/conf)" 0 "apply ends it"
configure 'delete fastpath'
is "$(d $tmp/conf)" $'1\n+ fastpath interface lan wan' "a fast path"
is "$(d - <<<replace)" $'1\n- service mail\n- backend mail/b1\n- backend mail/b2\n- service six\n- backend six/b1\n- service marked' \
	"nothing but replace"

# --- refusals ---
echo 'backend mail/b9 192.168.0.9' >$tmp/bad
is "$(d $tmp/bad)" $'1\n'"vipctl: $tmp/bad: line 1: service \"mail\": expected one that exists" "a bad file"
is "$(d $tmp/none)" $'1\n'"vipctl: $tmp/none: No such file or directory" "no file"
done_testing
