#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: kernel.sh KIND [headers]	KIND: uml | debug | debug-smp | kcsan | bench, or one of Debian's, see kernel_stock.sh
#
# Prints the directory of a ready kernel, making it first if it is not in the cache:
#   build/    a tree for `make -C DIR/build M=...` (with the ARCH that arch_of knows)
#   image     what boots
#   modules/  lib/modules/RELEASE below it, with depmod's files
#   release   one line: the release string
# With `headers`, for Debian's kernels: build/ and release alone, which is enough to compile.
#
# The first five are built by us (kernel_own.sh), the others are the stock ones (kernel_stock.sh).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$RIG/kernel_own.sh"
. "$RIG/kernel_stock.sh"

# Set by own and stock.
dir=
if is_stock "${1-}"; then
	stock "$@"
elif is_kind "${1-}"; then
	own "$1"
else
	die "usage: $me KIND [headers] (there are: $ALL_KINDS)"
fi
# Others of this kind that nobody has wanted for two weeks, and what was never ready.
touch "$dir/ready"
find "$CACHE/kernel" -mindepth 1 -maxdepth 1 -regex ".*/$1\(-headers\)?-[0-9a-f]+" -mtime +14 | while read -r d; do
	[ -n "$(find "$d/ready" -mtime -14 2>/dev/null)" ] || rm -rf --one-file-system "$d"
done
echo "$dir"
