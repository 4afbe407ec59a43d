#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: ready.sh tools | root SUITE | KIND
#
# Makes what the end-to-end tests need before a guest boots: vipctl and the tests' own programs, or the root in which
# Debian's kernels are used, or a kernel with our module and the one that a test compares it with.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case ${1-} in
tools)
	"$RIG/tools.sh"
	;;
root)
	root_of "${2-}"
	;;
*)
	is_kind "${1-}" || die "usage: $me tools | root SUITE | KIND"
	"$RIG/kernel.sh" "$1" >/dev/null
	"$RIG/module.sh" "$1" >/dev/null
	"$RIG/tools.sh" "$1"
	;;
esac
