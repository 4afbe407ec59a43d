# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Runs jobs that need each other, some at a time, those first that most time depends on. To be sourced, after lib.sh.
#
#   add_job NAME NEEDS COMMAND	NEEDS: other jobs, with commas, or -; COMMAND: words without quotes
#   run_jobs LOGS SLOTS		each with its output in LOGS/NAME.log
#
# The caller has job_expected NAME (seconds, answered in $expected), job_ended NAME STATUS SECONDS, which may alter
# ${job_state[NAME]}, job_begins NAME and show_progress. A job whose needs fail is not run. Each job is a process group; when this shell
# is told to end, or loses its terminal, all of them end first. A job that ends with status 120, the emulator's fault, runs once more.
# shellcheck disable=SC2154	# $expected
. "${BASH_SOURCE[0]%/*}/processes.sh"

declare -A job_needs job_command job_state job_pid job_start job_weight job_silent job_again
job_order=() job_running=() job_watched=0 job_told=''

add_job()
{
	[ -z "${job_needs[$1]-}" ] || die "two jobs have the name $1"
	job_order+=("$1")
	job_needs[$1]=${2//,/ }
	job_command[$1]=$3
	job_state[$1]=waiting
}

# job_weigh NAME: its own time, and the longest chain of those that need it.
job_weigh()
{
	local name=$1 other longest=0
	[ -z "${job_weight[$name]-}" ] || return 0
	job_weight[$name]=0
	for other in "${job_order[@]}"; do
		[[ " ${job_needs[$other]} " = *" $name "* ]] || continue
		job_weigh "$other"
		[ "${job_weight[$other]}" -le "$longest" ] || longest=${job_weight[$other]}
	done
	job_expected "$name"
	job_weight[$name]=$((longest + expected + 1))
}

# job_ready NAME: may it start? It fails at once, and sets $failed, if one of its needs did.
job_ready()
{
	local name=$1 need
	[ "${job_state[$name]}" = waiting ] || return 1
	for need in ${job_needs[$name]}; do
		[ "$need" != - ] || continue
		case ${job_state[$need]} in
		ok)	;;
		failed)	echo "not run, because $need failed" >"$job_logs/$name.log"
			job_finish "$name" "needs-$need" 0
			failed=1
			return 1 ;;
		*)	return 1 ;;
		esac
	done
	# The packages have one lock; who waits for that would only keep others from working.
	[[ $name != packages-* ]] || [[ " ${job_running[*]} " != *" packages-"* ]]
}

job_finish()
{
	job_state[$1]=ok
	[ "$2" = 0 ] || job_state[$1]=failed
	job_ended "$1" "$2" "$3"
}

# The heaviest of those that may start, in $next. One that cannot run any more may be what others need.
job_next()
{
	local name failed=1
	while [ -n "$failed" ]; do
		next='' failed=''
		for name in "${job_order[@]}"; do
			if job_ready "$name"; then
				[ -n "$next" ] && [ "${job_weight[$name]}" -le "${job_weight[$next]}" ] || next=$name
			fi
		done
	done
}

job_start()
{
	local name=$1 command
	set -f
	# shellcheck disable=SC2206	# a command and its arguments
	command=(${job_command[$name]})
	set +f
	# A process group of its own, to be ended whole.
	set -m
	"${command[@]}" >"$job_logs/$name.log" 2>&1 </dev/null &
	job_pid[$name]=$!
	set +m
	job_start[$name]=$SECONDS
	job_state[$name]=running
	job_running+=("$name")
	job_begins "$name"
}

# Takes down those that have ended, with what they left running.
job_reap()
{
	local name status still=() ended=()
	for name in "${job_running[@]}"; do
		if kill -0 "${job_pid[$name]}" 2>/dev/null; then still+=("$name"); else ended+=("$name"); fi
	done
	job_running=("${still[@]}")
	for name in "${ended[@]}"; do
		status=0
		wait "${job_pid[$name]}" || status=$?
		kill -KILL -- "-${job_pid[$name]}" 2>/dev/null || true
		if [ $status = 120 ] && [ -z "${job_again[$name]-}" ]; then
			job_again[$name]=1
			job_state[$name]=waiting
			continue
		fi
		[ -z "${job_silent[$name]-}" ] || status=silent
		job_finish "$name" $status $((SECONDS - job_start[$name]))
	done
}

# Once a minute: a job that has said nothing for very long hangs. Building a kernel says nothing either.
job_watch()
{
	local name now
	[ $((SECONDS - job_watched)) -ge 60 ] || return 0
	job_watched=$SECONDS
	printf -v now '%(%s)T'
	for name in "${job_running[@]}"; do
		[ $((now - $(stat -c %Y "$job_logs/$name.log"))) -gt "${NF_VIP_JOB_SILENCE:-7200}" ] || continue
		kill "-$([ -z "${job_silent[$name]-}" ] && echo TERM || echo KILL)" -- "-${job_pid[$name]}" 2>/dev/null || true
		job_silent[$name]=1
	done
}

# Before anything is started: is there all that is needed?
job_check()
{
	local name need
	for name in "${job_order[@]}"; do
		for need in ${job_needs[$name]}; do
			[ "$need" = - ] || [ -n "${job_needs[$need]-}" ] || die "job $name needs $need, and there is none"
		done
	done
}

run_jobs()
{
	local name next never
	job_logs=$1
	job_check
	# A read that never succeeds is a sleep that costs no process.
	exec {never}<> <(:)
	# No more than that: the time of a `read -t` that the signal comes into goes on, and ends the trap in its middle.
	trap 'job_told=129' HUP
	trap 'job_told=130' INT
	trap 'job_told=141' PIPE
	trap 'job_told=143' TERM
	for name in "${job_order[@]}"; do
		job_weigh "$name"
	done
	while :; do
		while [ ${#job_running[@]} -lt "$2" ] && job_next && [ -n "$next" ]; do
			job_start "$next"
		done
		[ ${#job_running[@]} -gt 0 ] || break
		show_progress
		read -r -t 0.2 -u "$never" || true
		[ -z "$job_told" ] || job_end_all "$job_told"
		job_reap
		job_watch
	done
	for name in "${job_order[@]}"; do
		[ "${job_state[$name]}" != waiting ] || die "job $name waits for itself: ${job_needs[$name]}"
	done
	exec {never}<&-
	trap - HUP INT PIPE TERM
}

# job_end_all STATUS: ask each job to end, let it clean up, and end what is still there.
job_end_all()
{
	local status=$1 all p end pids=()
	trap '' HUP INT PIPE TERM
	trap - EXIT
	# Whatever goes wrong, to its end.
	set +e
	mapfile -t pids < <(jobs -p)
	all=$(descendants "${pids[@]}")
	for p in "${pids[@]}"; do
		kill -TERM -- "-$p" 2>/dev/null || true
	done
	end=$((SECONDS + 15))
	while [ $SECONDS -lt $end ] && [ -n "$(jobs -pr)" ]; do
		read -r -t 0.2 -u "$never" || true
	done
	for p in "${pids[@]}"; do
		kill -KILL -- "-$p" 2>/dev/null || true
	done
	for p in $all; do
		kill -KILL "$p" 2>/dev/null || true
	done
	wait
	exit "$status"
}
