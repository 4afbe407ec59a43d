# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests that need a guest of their own share: they run on the host, prepare files, and boot guests with scripts
# that print TAP themselves.
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../unit/tap.sh
. "$repo/tests/unit/tap.sh"

# in_guest NAME ARGUMENT...: as run.sh takes them; the tests of that guest become ours.
in_guest()
{
	local name=$1 status=0 line
	shift
	"$repo/tests/rig/run.sh" "$@" >"$tap_dir/guest" 2>"$tap_dir/guest-err" </dev/null || status=$?
	while IFS= read -r line; do
		case $line in
		"ok "*)		result 0 "$name: ${line#*- }" ;;
		"not ok "*)	result 1 "$name: ${line#*- }" ;;
		"#"*)		echo "$line" ;;
		esac
	done <"$tap_dir/guest"
	result $status "$name: the guest has no complaint" "$tap_dir/guest-err"
}
