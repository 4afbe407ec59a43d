#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demonstration shows what it promises.
out=$("$(dirname "$0")/demo" 2>&1)
rc=$?
number=0 failed=0

# shows PATTERN NAME: a line of the output is like that
shows()
{
	number=$((number + 1))
	if grep -qE -- "$1" <<<"$out"; then echo "ok $number - $2"; return; fi
	echo "not ok $number - $2"
	failed=1
}

shows '^ *3  mail1 alive #+ 20 +mail2 alive #+ 20 +refused 0$' "half and half"
shows '^ *6  mail1 dead +0 +mail2 alive #+ 40 +refused 0$' "a dead server's share goes to the other"
shows '^ *8  mail1 dead +0 +mail2 dead +0 +refused 40$' "without any, connections are refused"
shows '^ *11  mail1 alive #+ 20 +mail2 alive #+ 20 +refused 0$' "back again"
shows 'still talk to: mail1 mail2$' "open sessions go on"
shows '^ *13  mail1 alive #+ 40 +mail2 alive +0 +refused 0$' "a drained server gets nothing new"
number=$((number + 1))
if [ $rc = 0 ]; then echo "ok $number - exit status 0"; else echo "not ok $number - exit status $rc"; failed=1; fi
# shellcheck disable=SC2001	# each line
[ $failed = 0 ] || sed 's/^/# /' <<<"$out"
echo "1..$number"
exit $failed
