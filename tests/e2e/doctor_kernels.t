#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl doctor: kernels that are installed and have no module. What is below /lib/modules is made up here, as Debian's
# packages and dkms leave it.
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=doctor.sh
. "$HERE/doctor.sh"

# kernel RELEASE FILE...: a directory below /lib/modules; those that end in a slash are directories
kernel()
{
	local dir=/lib/modules/$1 file
	shift
	mkdir -p "$dir"
	for file; do
		mkdir -p "$dir/${file%/*}"
		[[ $file == */ ]] || echo 'kernel/net/one.ko.xz:' >"$dir/$file"
	done
}

# mend_is COMMAND NAME: but for the version of the module
mend_is() { is "${mend/nf_vip\/* -k/nf_vip -k}" "$1" "$2"; }

mkdir "$tmp/boot"
mount --bind "$tmp/boot" /boot || bail "no /boot"
load
finds "" "one kernel, which has the module"

kernel 9.1-amd64 ./modules.dep kernel/
finds "kernel-without-module: kernel 9.1-amd64" "a kernel without the module"
mend_is "apt install linux-headers-9.1-amd64 && dkms install nf_vip -k 9.1-amd64" "nor has it headers to make it with"
kernel 9.1-amd64 build/include/
look
mend_is "dkms install nf_vip -k 9.1-amd64" "with headers dkms makes it"
is "$("${as_nobody[@]}" "$vipctl" doctor | head -n 1)" \
	"warning kernel-without-module: kernel 9.1-amd64" "for everybody"
echo 'updates/dkms/nf_vip.ko.xz:' >>/lib/modules/9.1-amd64/modules.dep
finds "" "it did"

kernel 9.3-amd64 ./vmlinuz
kernel 9.10-amd64
touch /boot/vmlinuz-9.10-amd64
finds "kernel-without-module: kernel 9.3-amd64, kernel-without-module: kernel 9.10-amd64" \
	"two that were unpacked and not set up yet, in the order of their versions"
rm /boot/vmlinuz-9.10-amd64
rm -r /lib/modules/9.3-amd64

kernel 9.0-amd64 ./modules.dep updates/dkms/
kernel 8.0-amd64 ./modules.builtin
finds "" "what is left of kernels that were removed is none"
kernel "9 \$(reboot)" ./vmlinuz
kernel $'9\e[31m' ./vmlinuz
kernel -k ./vmlinuz
finds "" "nor is what has the name of none"

dep=/lib/modules/$(uname -r)/modules.dep
grep -v nf_vip "$dep" >"$tmp/dep"
mount --bind "$tmp/dep" "$dep"
finds "kernel-without-module: kernel $(uname -r)" "the running kernel is one, if the module was loaded by hand"
unload
finds "module-not-installed: kernel $(uname -r)" "without the module that is said once, as what stops traffic now"
umount "$dep"
mkdir "$tmp/none"
mount --bind "$tmp/none" /lib/modules

is "$("$vipctl" doctor 2>&1 | grep -c kernel-without-module)" 0 "a container has no kernels, and needs none"
umount /lib/modules
done_testing
