#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: kernel.sh KIND [headers]	KIND: uml | debug | kcsan | one of Debian's, see kernel_stock.sh
#
# Prints the directory of a ready kernel, making it first if it is not in the cache:
#   build/    a tree for `make -C DIR/build M=...` (for uml with ARCH=um)
#   image     what boots
#   modules/  lib/modules/RELEASE below it, with depmod's files
#   release   one line: the release string
# With `headers`, for Debian's kernels: build/ and release alone, which is enough to compile.
#
# uml, debug and kcsan are built by us (kernel_own.sh); the others are the stock ones (kernel_stock.sh).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$RIG/kernel_own.sh"
. "$RIG/kernel_stock.sh"

# Set by own and stock.
dir=
case ${1-} in
uml)		own uml um linux ;;
debug|kcsan)	own "$1" x86_64 arch/x86/boot/bzImage ;;
*)		if is_kind "${1-}"; then stock "$@"; else die "usage: $me KIND [headers] (there are: $ALL_KINDS)"; fi ;;
esac
echo "$dir"
