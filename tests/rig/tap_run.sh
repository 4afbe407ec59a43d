# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs test files that print TAP, one after the other, inside a guest. To be sourced: run_tests SILENCE FILE...
#
# Each assertion is a dot at once, so who watches this output sees a sign of life; a file that prints nothing for
# SILENCE seconds is ended, named, and counts as failed, and the next one goes on. Bash alone: starting a program costs
# half a second on some kernels. A file's verdict is one line, which tests/check counts and keeps the time of:
#
#   nat.t ............ ok, 12 tests, 2.345 s
#   map.t ...x... FAILED, 1 of 7 tests, 1.200 s: exit status 1
#
# Failed assertions come before it, as they happen; comments after it.

. "${BASH_SOURCE[0]%/*}/processes.sh"

tap_files=0 tap_bad_files=0 tap_tests=0 tap_failures=0

# The line that the dots are on: its beginning is written again after anything else was said.
tap_open=''
tap_dot() { [ -n "$tap_open" ] || printf '%s ' "$tap_file"; tap_open=1; printf '%s' "$1"; }
tap_say() { [ -z "$tap_open" ] || echo; tap_open=''; printf '%s\n' "$1"; }

# What one line of TAP says.
tap_line()
{
	local line=$1
	if [[ $line =~ ^(not )?ok(' '+([0-9]+))?(' '.*)?$ ]]; then
		ran=$((ran + 1))
		[ "${BASH_REMATCH[3]:-$ran}" = "$ran" ] || problem="test ${BASH_REMATCH[3]} came where $ran should"
		if [ -z "${BASH_REMATCH[1]}" ]; then
			tap_dot .
		else
			failed=$((failed + 1))
			tap_dot x
			tap_say "  $line"
		fi
	elif [[ $line =~ ^1\.\.([0-9]+)(.*)$ ]]; then
		[ -z "$plan" ] || problem="more than one plan"
		plan=${BASH_REMATCH[1]}
		[ "$plan" != 0 ] || skipped=${BASH_REMATCH[2]# # }
	elif [[ $line = 'Bail out!'* ]]; then
		problem=$line
	elif [ "$failed" = 0 ]; then
		notes+=("$line")
	else
		# Most likely about the assertion that failed.
		tap_say "  $line"
	fi
}

# The verdict about a file that has ended with this status, by what it said before.
tap_verdict()
{
	local status=$1 all=$ran
	if [ -z "$problem" ] && [ "$status" != 0 ] && [ "$failed" = 0 ]; then
		problem="exit status $status"
	fi
	if [ -z "$plan" ]; then
		problem=${problem:-"no plan: the file did not come to its end"}
	elif [ "$plan" != "$ran" ]; then
		problem=${problem:-"$ran of $plan planned tests ran"}
		# What is missing has not passed.
		if [ "$plan" -gt "$ran" ]; then all=$plan failed=$((failed + plan - ran)); fi
	elif [ "$plan" = 0 ] && [ -z "$skipped" ]; then
		problem=${problem:-"no test"}
	fi
	if [ -n "$problem" ] && [ "$failed" = 0 ]; then failed=1; fi
	[ "$all" -ge "$failed" ] || all=$failed
	tap_tests=$((tap_tests + all)) tap_failures=$((tap_failures + failed)) tap_files=$((tap_files + 1))
	[ -n "$tap_open" ] || printf '%s ' "$tap_file"
	tap_open=''
	if [ "$failed" != 0 ]; then
		tap_bad_files=$((tap_bad_files + 1))
		echo " FAILED, $failed of $all tests, $2 s${problem:+: $problem}"
	else
		echo " ok, $all tests, $2 s${skipped:+ ($skipped)}"
	fi
	[ ${#notes[@]} = 0 ] || printf '  %s\n' "${notes[@]}"
}

# who_waits PID: it, and whatever descends from it, and in what each waits, for the one who wonders why nothing happens.
who_waits()
{
	local pid stat state command
	for pid in $(descendants "$1" | sort -n); do
		IFS= read -r stat 2>/dev/null <"/proc/$pid/stat" || continue
		read -r state _ <<<"${stat##*) }"
		command=$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")
		tap_say "  # $pid $state $(cat "/proc/$pid/wchan" 2>/dev/null): ${command:0:100}"
	done
}

# run_file FILE: with its standard error where ours goes.
run_file()
{
	local path=$1 ran=0 failed=0 plan='' skipped='' problem='' notes=() line='' out pid status=0
	local start=${EPOCHREALTIME/./} took
	tap_file=${path##*/}
	printf '%s ' "$tap_file"
	tap_open=1
	# In a process group of its own, and with the interrupts that a background process would ignore.
	set -m
	"$path" >"$tap_fifo" </dev/null &
	pid=$!
	set +m
	exec {out}<"$tap_fifo"
	while :; do
		status=0
		IFS= read -r -t "$tap_silence" line <&"$out" || status=$?
		[ $status = 0 ] || [ -n "$line" ] || break
		tap_line "$line"
		line=''
		[ $status = 0 ] || break
	done
	if [ $status -gt 128 ]; then
		problem="ended after $tap_silence seconds without a word"
		who_waits "$pid"
	fi
	# Its last line is its end, or it had its time.
	if [ $status -gt 128 ] || [ -n "$problem" ]; then kill -KILL -- "-$pid" 2>/dev/null; fi
	exec {out}<&-
	status=0
	wait "$pid" 2>/dev/null || status=$?
	took=$((${EPOCHREALTIME/./} - start + 500))
	printf -v took '%d.%03d' $((took / 1000000)) $((took % 1000000 / 1000))
	tap_verdict $status "$took"
}

# run_tests SILENCE FILE...: true if there were tests and none failed.
run_tests()
{
	local dir path start=$SECONDS
	tap_silence=$1
	shift
	dir=$(mktemp -d)
	tap_fifo=$dir/out
	mkfifo "$tap_fifo"
	for path in "$@"; do
		run_file "$path"
	done
	rm -r "$dir"
	echo "$tap_files files, $tap_tests tests, $tap_failures failed, $((SECONDS - start)) s"
	[ $tap_tests -gt 0 ] && [ $tap_failures = 0 ]
}
