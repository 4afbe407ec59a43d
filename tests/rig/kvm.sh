#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: kvm.sh IMAGE
#
# Prints the accelerator for qemu: `kvm` when a guest really runs on it, else `tcg,thread=multi`. A /dev/kvm that opens
# is no proof, on some machines the first guest instruction fails; so boot IMAGE on it, as far as its first line.
# The answer holds until this machine boots again.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

answer=$CACHE/accel-$(</proc/sys/kernel/random/boot_id)

works()
{
	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return 1
	# -no-reboot and panic=-1: it ends by itself for want of a root.
	timeout 10 qemu-system-x86_64 -nodefaults -display none -no-reboot -machine pc -cpu host -accel kvm -m 512 \
		-kernel "$1" -append "console=ttyS0 panic=-1 root=none" -serial stdio </dev/null 2>/dev/null |
		grep -m 1 'Linux version' >/dev/null
}

if [ ! -s "$answer" ]; then
	mkdir -p "$CACHE"
	rm -f "$CACHE"/accel-*
	if works "$1"; then echo kvm; else echo tcg,thread=multi; fi >"$answer.$$"
	mv "$answer.$$" "$answer"
	say "accelerator: $(<"$answer")"
fi
cat "$answer"
