# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What came of the jobs: counts, times, logs of those that failed, a night's state. To be sourced, by tests/check.
# shellcheck disable=SC2154,SC2034,SC2004	# of check, sched.sh, sched_jobs.sh: $job_logs, $job_order, $job_kind, ...

# count LOG: "passed failed" of a log of tap_run.sh, of prove, or of plain TAP.
count()
{
	awk '
		match($0, / (ok, [0-9]+|FAILED, [0-9]+ of [0-9]+) tests, [0-9.]+ s/) {
			split(substr($0, RSTART + 1, RLENGTH), w, "[ ,]+")
			all += w[1] == "ok" ? w[2] : w[4]
			bad += w[1] == "ok" ? 0 : w[2]
			counted = 1
		}
		/^Files=[0-9]+, Tests=/ { split($2, t, "[=,]"); all += t[2]; counted = 1 }
		/Failed [0-9]+\/[0-9]+ subtests/ {
			for (i = 1; i < NF; i++)
				if ($i == "Failed") { split($(i + 1), f, "/"); bad += f[1] }
		}
		/^[ \t]*ok [0-9]+/ { ok++ }
		/^[ \t]*not ok [0-9]+/ { notok++ }
		END { if (counted) print all - bad, bad + 0; else print ok + 0, notok + 0 }
	' "$1"
}

# file_times LOG: "FILE SECONDS" of each file that passed; tap_run.sh's lines, and those of prove --timer.
file_times()
{
	sed -nE 's/^([^ ]+\.t) [.x]* ?ok, [0-9]+ tests, ([0-9.]+) s.*/\1 \2/p
		s/^\[[0-9:]+\] ([^ ]+\.t) \.+ ok +([0-9]+) ms .*/\1 \2 ms/p' "$1" |
		awk '{ print $1, $3 == "ms" ? $2 / 1000 : $2 }'
}

# job_ended NAME STATUS SECONDS: a line about it on stdout, and in $job_logs/results: name, status, passed, failed,
# seconds.
job_ended()
{
	local name=$1 status=$2 seconds=$3 passed failed log=$job_logs/$1.log
	read -r passed failed < <(count "$log")
	if [ -z "${job_tests[$name]-}" ]; then
		passed=0 failed=0
	elif [ "$status" = 0 ] && [ "$passed" = 0 ]; then
		status=ran-no-test
		job_state[$name]=failed
	fi
	[ "$status" = 0 ] || [ "$failed" != 0 ] || failed=1
	job_tell "$name" "$status" "$passed" "$failed" "$seconds"
	keep_what_it_took "$name" "$status" "$seconds"
	[[ $name != compile* ]] || "$REPO/tests/kernels_table" --compiled "$log"
	[ -z "${job_kind[$name]-}" ] || [[ $status = needs-* ]] || record_kernel "$name" "$passed" "$failed"
	echo "$name $status $passed $failed $seconds" | tee -a "$job_logs/results" >>"${night_state:-/dev/null}"
}

job_tell()
{
	local line
	if [ "$2" != 0 ]; then
		printf -v line 'FAILED %-18s %4d tests, %d of them failed (%s) %5d s' "$1" $(($3 + $4)) "$4" "$2" "$5"
		tell "$line"
		sed "s/^/$1| /" "$job_logs/$1.log"
	elif [ -n "${job_tests[$1]-}" ]; then
		printf -v line 'ok     %-18s %4d tests %5d s' "$1" "$3" "$5"
		tell "$line"
	elif [ "$5" -ge 3 ]; then
		printf -v line 'ready  %-18s %16d s' "$1" "$5"
		tell "$line"
	fi
}

keep_what_it_took()
{
	local name=$1 status=$2 seconds=$3
	{
		# A guest takes what its files take.
		if [ "$status" != 0 ] || [ -n "${job_times[$name]-}" ]; then
			:
		elif [ -n "${job_tests[$name]-}" ] || [ "$seconds" -ge 10 ] && [ "${job_was_expected[$name]}" != 5 ]; then
			echo "job $name $seconds"
		fi
		[ -z "${job_times[$name]-}" ] ||
			file_times "$job_logs/$name.log" | sed "s/^/${job_times[$name]} /"
	} | times_keep
}

# For the table in README: what ran on which kernel.
record_kernel()
{
	[ "$tier" != quick ] && [ -z "$files" ] || return 0
	"$REPO/tests/kernels_table" --record "${job_kind[$1]}" "$1" "${job_files[$1]-0}" "$2" "$3" ||
		say "no record of ${job_kind[$1]} for README's table"
}

slowest()
{
	local name
	for name in "${job_order[@]}"; do
		[ ! -e "$job_logs/$name.log" ] || file_times "$job_logs/$name.log" | sed "s/^/$name /"
	done | sort -k3,3nr | awk 'NR <= 10 {
		if (NR == 1) print "the slowest files:"
		printf "  %6.1f s  %-28s %s\n", $3, $2, $1 }'
	sort -k5,5nr "$job_logs/results" | awk 'NR <= 10 {
		if (NR == 1) print "the longest jobs:"
		printf "  %6d s  %s\n", $5, $1 }'
}

# What failed, once more and in few lines, at the end: where the whole logs are too long for who shows them.
failures()
{
	local name status log lines
	while read -r name status _; do
		log=$job_logs/$name.log
		[ "$status" != 0 ] && [ -e "$log" ] || continue
		lines=$(grep -E '^[ \t]*not ok |FAILED, [0-9]+ of ' "$log" | head -n 20) || lines=$(tail -n 5 "$log")
		printf '%s\n' "failed in $name:" "$lines"
	done <"$job_logs/results"
}

summary()
{
	[ -z "$progress_open" ] || tell "" | tr -d '\n'
	slowest
	failures
	printf 'check: %d jobs in %d s\n' "$(wc -l <"$job_logs/results")" $SECONDS
	awk '{ p += $3; f += $4 } END { print p + 0 " passed, " f + 0 " failed" }' "$job_logs/results"
	[ -z "$(awk '$2 != "0"' "$job_logs/results")" ]
}

# --- a night -----------------------------------------------------------------------------------------------------

night_state='' night_done=''

tree_state()
{
	{
		git rev-parse HEAD
		git diff HEAD
		git ls-files -z --others --exclude-standard | xargs -0r sha256sum
	} | hash_of
}

# What is left of a night in the same tree: not the jobs that have passed. Which files a guest takes stays as it was.
night_begin()
{
	local dir name state left=() needs command
	dir=$CACHE/nightly/$(tree_state)
	mkdir -p "$dir"
	find "$CACHE/nightly" -mindepth 1 -maxdepth 1 -mtime +14 -exec rm -rf {} +
	night_state=$dir/results
	touch "$night_state" "$dir/jobs"
	while IFS=$'\t' read -r name needs command; do
		[ -z "${job_command[$name]-}" ] || job_command[$name]=$command
	done <"$dir/jobs"
	{ cat "$dir/jobs"; list_jobs; } | awk -F'\t' '!seen[$1]++' >"$dir/jobs.new"
	mv "$dir/jobs.new" "$dir/jobs"
	for name in "${job_order[@]}"; do
		state=$(awk -v name="$name" '$1 == name && $2 == "0"' "$night_state" | tail -n 1)
		if [ -z "$state" ]; then
			left+=("$name")
		else
			night_done+=$state$'\n'
			unset "job_needs[$name]" "job_state[$name]" "job_command[$name]"
		fi
	done
	[ ${#left[@]} = ${#job_order[@]} ] ||
		tell "$((${#job_order[@]} - ${#left[@]})) jobs of this night have passed before; ${#left[@]} are left"
	job_order=("${left[@]}")
}
