# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests that need a guest of their own share: they run on the host, prepare files, and boot guests with scripts
# that print TAP themselves.
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../unit/tap.sh
. "$repo/tests/unit/tap.sh"

# root_for KIND: the root in which that kernel's guests run
root_for() { (set -euo pipefail && . "$repo/tests/rig/lib.sh" && root_of "$1"); }

# in_root_for KIND COMMAND...: in there, on this machine, with $tap_dir
in_root_for() { "$repo/tests/rig/in_root.sh" --bind "$tap_dir" "$tap_dir" "$(root_for "$1")" "${@:2}"; }

# built_for KIND: where that which is built in there lies
built_for() { (set -euo pipefail && . "$repo/tests/rig/lib.sh" && built_in "$(root_of "$1")"); }

# adopt NAME FILE: the tests that the TAP in it tells of become ours
adopt()
{
	local line
	while IFS= read -r line; do
		case $line in
		"ok "*)		result 0 "$1: ${line#*- }" ;;
		"not ok "*)	result 1 "$1: ${line#*- }" ;;
		"#"*)		echo "$line" ;;
		esac
	done <"$2"
}

guest() { "$repo/tests/rig/run.sh" "$@" >"$tap_dir/guest" 2>"$tap_dir/guest-err" </dev/null; }

# in_guest NAME ARGUMENT...: as run.sh takes them; the tests of that guest become ours. One that ended by the emulator's
# fault (120, see emulate.sh) is begun anew, once.
in_guest()
{
	local name=$1 status=0
	shift
	guest "$@" || status=$?
	if [ $status = 120 ]; then
		status=0
		guest "$@" || status=$?
	fi
	adopt "$name" "$tap_dir/guest"
	result $status "$name: the guest has no complaint" "$tap_dir/guest-err"
}
