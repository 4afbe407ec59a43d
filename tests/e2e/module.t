#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What modinfo says of the module. On the stock kernels it is the one that `make dkms-install` put there; what `dkms
# status` says then, tests/rig/dkms.sh looks at.
. "$(dirname "$0")/lib.sh"

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$HERE/../../dkms.conf")
info=$(modinfo nf_vip)
like "$info" "version: +$version"$'\n' "modinfo: the version of dkms.conf"
like "$info" "depends: [^"$'\n'"]*nf_nat" "what it depends on"
for parameter in vip backends dev scheduler on_empty config mark_mask; do
	like "$info" "parm: +$parameter:" "the parameter $parameter"
done

if [[ $NF_VIP_KO == */dkms/* ]]; then
	like "$(modinfo -n nf_vip)" "/updates/dkms/nf_vip.ko" "the module is where dkms puts modules"
fi
load
like "$(<$proc/status)" "^nf_vip version=$version " "the version that is loaded"
is "$(cat /sys/module/nf_vip/version)" "$version" "is the same in /sys/module"
done_testing
