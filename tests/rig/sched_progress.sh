# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests/check shows while it works: on a terminal one line that changes, with what is being built or run, how many
# of how many, and how long that took the last time; elsewhere a line whenever something starts or ends. To be sourced,
# after sched.sh.
# shellcheck disable=SC2154,SC2004	# of sched.sh: $job_order, $job_running, ...

declare -A job_was_expected
progress_tty='' progress_last=-1 progress_open=''
[ ! -t 1 ] || progress_tty=1

# clock SECONDS: in $clock
clock() { printf -v clock '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# tell LINE: one that stays
tell()
{
	[ -z "$progress_open" ] || printf '\r\033[K'
	progress_open=''
	printf '%s\n' "$1"
}

# How far a job is, by its log, in files: a verdict is a line of tap_run.sh, or of prove.
job_progress()
{
	local total=${job_files[$1]-0} ended
	[ "$total" -gt 1 ] || return 0
	ended=$(grep -cE ' (ok|FAILED), [0-9]+ (of|tests)' "$job_logs/$1.log" || true)
	[ "$ended" -ge "$total" ] || echo " file $((ended + 1)) of $total"
}

show_progress()
{
	local name line ended=0 expected clock
	[ -n "$progress_tty" ] && [ $SECONDS != "$progress_last" ] || return 0
	progress_last=$SECONDS
	for name in "${job_order[@]}"; do
		case ${job_state[$name]} in ok|failed) ended=$((ended + 1)) ;; esac
	done
	clock $SECONDS
	line="[$ended of ${#job_order[@]}, $clock]"
	for name in "${job_running[@]}"; do
		clock $((SECONDS - ${job_start[$name]}))
		line+="  $name$(job_progress "$name") $clock"
		job_expected "$name"
		clock "$expected"
		[ "$expected" -le 5 ] || line+=" (last $clock)"
	done
	printf '\r\033[K%s' "${line:0:$(($(tput cols 2>/dev/null || echo 80) - 1))}"
	progress_open=1
}

# job_begins NAME: where no line changes, that it has started is worth one.
job_begins()
{
	local expected clock
	job_expected "$1"
	# What is in the cache takes no time; what it takes when it is not is what one wants to know the next time.
	job_was_expected[$1]=$expected
	[ -z "$progress_tty" ] || return 0
	clock "$expected"
	tell "start  $1 (about $clock)"
}
