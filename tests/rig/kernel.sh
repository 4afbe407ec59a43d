#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: kernel.sh KIND            KIND: uml | debug | kcsan | debian-6.1 | debian-6.12
#
# Prints the directory of a ready kernel, making it first if it is not in the cache:
#   build/    a tree for `make -C DIR/build M=...` (for uml with ARCH=um)
#   image     what boots
#   modules/  lib/modules/RELEASE below it, with depmod's files
#   release   one line: the release string
#
# uml, debug and kcsan are built by us (kernel_own.sh); the debian-* kernels are the stock ones (kernel_stock.sh).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$RIG/kernel_own.sh"
. "$RIG/kernel_stock.sh"

# Set by own and stock.
dir=
case ${1-} in
uml)		own uml um linux ;;
debug|kcsan)	own "$1" x86_64 arch/x86/boot/bzImage ;;
debian-6.1|debian-6.12)	stock "$1" ;;
*)		die "usage: $me uml|debug|kcsan|debian-6.1|debian-6.12" ;;
esac
echo "$dir"
