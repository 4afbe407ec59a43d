#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: faults.sh [FAULT...]          (default: all of them; see faults/)
#
# Would the tests find it? Plants a fault in a copy of the module, one at a time, and runs there what is said to find such
# a fault: it has to, and to name it. The faults are edits of lines that the module has; one whose line is gone is a
# failure here, and has to be planted anew. TAP on stdout.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$REPO/tests/unit/tap.sh"

# What a fault's own file says of it: the file that it is planted in, the job that finds it, the report by which.
about() { sed -n "s/^# $2: //p" "$RIG/faults/$1.sed"; }

# find_it JOB: what is said to find it, in the copy
find_it()
{
	local run=$copy/tests/rig/run.sh
	case $1 in
	# Who waits for ever says nothing.
	debug)		NF_VIP_SILENCE=100 "$run" debug "$copy/tests/e2e/run" config.t recipe.t ;;
	kcsan)		"$run" kcsan "$copy/tests/e2e/run" smp.t ;;
	sparse)		"$copy/tests/lint" sparse ;;
	packet_path)	"$copy/tests/rig/packet_path.sh" bookworm ;;
	esac >"$out" 2>&1
}

# As they are here, committed or not; git, because lint asks it what files there are.
make_copy()
{
	mkdir -p "$copy"
	rsync -a --delete --exclude=/.git "$REPO/" "$copy/"
	[ -d "$copy/.git" ] || git -C "$copy" init -q
	git -C "$copy" add -A
}

plant()
{
	local fault=$1 file=$2
	make_copy
	sed -i -f "$RIG/faults/$fault.sed" "$copy/$file"
	! cmp -s "$REPO/$file" "$copy/$file"
}

# found STATUS NAME: the end of what was seen, if that is not what it should be
found()
{
	tail -n 40 "$out" >"$tap_dir/why"
	result "$1" "$2" "$tap_dir/why"
}

try()
{
	local fault=$1 file job rc=0 seen missed=0
	file=$(about "$fault" file) job=$(about "$fault" job)
	: >"$out"
	if ! plant "$fault" "$file"; then
		found 1 "$fault is planted in $file"
		return
	fi
	find_it "$job" || rc=$?
	seen=$(grep -m 1 -E -- "$(about "$fault" report)" "$out") || true
	# The jobs that boot a kernel have a status for what it reported; packet_path prints, and leaves the verdict to lint.
	case $job in
	debug|kcsan)	[ $rc = 126 ] || seen='' ;;
	sparse)		[ $rc != 0 ] || seen='' ;;
	esac
	[ -n "$seen" ] || missed=1
	found $missed "$fault is found by $job (status $rc): $seen"
}

main()
{
	local fault
	for fault in "$@"; do
		[ -e "$RIG/faults/$fault.sed" ] || die "no fault $fault in $RIG/faults"
		try "$fault"
	done
	finish
}

# Another one for each checkout; two runs at a time would plant in each other's.
copy=$CACHE/faults/$(hash_of <<<"$REPO")
out=$tap_dir/out
if [ $# = 0 ]; then
	for f in "$RIG"/faults/*.sed; do
		set -- "$@" "$(basename "$f" .sed)"
	done
fi
with_lock "faults-${copy##*/}" main "$@"
