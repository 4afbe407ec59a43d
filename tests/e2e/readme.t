#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every command of README.md, in its order, as a new user would type it. What installs packages or builds is left to
# who does just that: make demo and make check are how this test came to run, dkms-install made the module of the
# stock kernels, tests/unit/install.t proves make install.
#
# Module parameters are for the first network namespace: keep a way back to it before lib.sh leaves it.
[ -n "${NF_VIP_INSIDE-}" ] || exec 9</proc/self/ns/net
. "$(dirname "$0")/lib.sh"

# commands_of SECTION: what its blocks of shell commands say
commands_of()
{
	sed -n "/^## $1\$/,/^## /{/^\`\`\`sh\$/,/^\`\`\`\$/{/^\`\`\`/d;p}}" "$HERE/../../README.md" |
		grep -v '^apt install \|^make '
}

# Here, or as the administrator of the first namespace, with its /sys.
here() { bash -c "$1"; }
first() { nsenter --net=/proc/self/fd/9 unshare --mount bash -c "mount -t sysfs sysfs /sys; $1"; }

# type_in HOW SECTION: each of its commands succeeds
type_in()
{
	local command commands
	mapfile -t commands < <(commands_of "$2")
	isnt ${#commands[@]} 0 "README.md, \"$2\": ${#commands[@]} commands"
	for command in "${commands[@]}"; do
		ok "$command" "$1" "$command"
	done
}

lan 2
[ ! -d /sys/module/nf_vip ] || unload
PATH=$(dirname "$vipctl"):$PATH
# The tour writes a file there: let it be a folder of this test's own.
mkdir $tmp/etc
mount --bind $tmp/etc /etc

type_in first Install
type_in here "Five minutes"
type_in here "Fast path"
serve b1 25
serve b2 25
is "$(call -c 9 10.0.0.1 25)" "b1=3 b2=6" "what the tour leaves behind balances by weight"
unload
done_testing
