# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# How long jobs and test files took the last time, on this machine, or else on the one that wrote tests/times. To be
# sourced, after lib.sh. A line is WHERE NAME SECONDS: WHERE is `job`, or the kind of kernel a file ran on.

times_default=$REPO/tests/times
times_kept=$CACHE/times
declare -A times

times_read()
{
	local where name seconds
	while read -r where name seconds; do
		[[ $where != \#* ]] || continue
		times["$where $name"]=${seconds%.*}
	done < <(cat "$times_default" "$times_kept" 2>/dev/null)
}

# What a process costs on a kind of kernel, where no file of it has a time yet.
times_factor()
{
	case $1 in
	uml)	echo 1 ;;
	debug+*)	echo 8 ;;
	debug)	echo 4 ;;
	debug-smp|kcsan|arm64)	echo 20 ;;
	*)	echo 5 ;;
	esac
}

# file_expected KIND FILE: in $expected
file_expected()
{
	expected=${times["$1 $2"]-}
	[ -z "$expected" ] || return 0
	expected=$((${times["uml $2"]-5} * $(times_factor "$1")))
}

# times_keep WHERE NAME SECONDS, a line each on stdin. Other runs may do the same.
times_keep()
{
	local new=$times_kept.$$
	mkdir -p "$CACHE"
	(
		flock 9
		touch "$times_kept"
		cat "$times_kept" - | awk '{ t[$1 " " $2] = $3 } END { for (k in t) print k, t[k] }' |
			sort >"$new"
		mv "$new" "$times_kept"
	) 9>"$times_kept.lock"
}

# split_files KIND GUESTS FILE...: a line of files for each guest, so that all end at the same time as far as one
# can know, the longest first. No more guests than files.
split_files()
{
	local kind=$1 guests=$2 file expected
	shift 2
	for file in "$@"; do
		file_expected "$kind" "$file"
		echo "$expected $file"
	done | sort -k1,1nr -k2 | awk -v n="$guests" '
		{
			best = 1
			for (i = 2; i <= n; i++) if (sum[i] < sum[best]) best = i
			# A file that takes no time still takes some.
			sum[best] += $1 + 0.1
			list[best] = list[best] " " $2
		}
		END { for (i = 1; i <= n; i++) if (list[i] != "") print substr(list[i], 2) }'
}

# tests/times: of files on our own kernels, and of jobs; what has not run here keeps its time. Those on Debian's kernels
# follow from them well enough.
times_write()
{
	[ -s "$times_kept" ] || die "nothing has run here yet: make check-all"
	{
		echo "# SPDX-License-Identifier: GPL-2.0"
		echo "# Seconds, by make times: WHERE NAME SECONDS, see tests/rig/sched_times.sh"
		cat "$times_default" "$times_kept" 2>/dev/null |
			awk '$1 ~ /^(uml|debug|debug[+].*|job)$/ && $2 !~ /-[0-9]+$/ {
				t[$1 " " $2] = sprintf("%d", $3 < 1 ? 1 : $3 + 0.5) }
				END { for (k in t) print k, t[k] }' | sort
	} >"$times_default.new"
	mv "$times_default.new" "$times_default"
}
