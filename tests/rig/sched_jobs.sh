# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# From tests/jobs to the jobs of a run. To be sourced, by tests/check.
# shellcheck disable=SC2154,SC2034	# of check and the other sched_*.sh: $tier, $part, $files, $names, $job_order, ...

jobs_table=${NF_VIP_JOBS:-$REPO/tests/jobs}
where_table=${NF_VIP_WHERE:-$REPO/tests/e2e/where}
declare -A job_files job_kind job_times job_tests

# table_lines TABLE: without comments
table_lines() { grep -vE '^[[:space:]]*(#|$)' "$1"; }

# tagged TAG[,TAG]...: the end-to-end tests that have one of these tags, or names.
tagged()
{
	case $1 in
	all)		(cd "$REPO/tests/e2e" && echo *.t) ;;
	changed)	concerned ;;
	*)
		table_lines "$where_table" | awk -v wanted="$1" '
			BEGIN { n = split(wanted, w, ","); for (i = 1; i <= n; i++) want[w[i]] = 1 }
			{
				n = split($2 "," $1, t, ",")
				for (i = 1; i <= n; i++) if (t[i] in want) { print $1; break }
			}' | xargs ;;
	esac
}

# What has changed here since the branch left upstream's, and what git does not know yet.
changed_files()
{
	local upstream base=HEAD
	for upstream in '@{upstream}' origin/main main; do
		git -C "$REPO" rev-parse -q --verify "$upstream" >/dev/null 2>&1 || continue
		base=$(git -C "$REPO" merge-base HEAD "$upstream")
		break
	done
	git -C "$REPO" diff --name-only "$base"
	git -C "$REPO" ls-files --others --exclude-standard
}

# concerns PATH FILE GLOB...: does a change of PATH concern the test FILE? A pattern's * matches slashes, too.
concerns()
{
	local path=$1 glob
	[ "$path" != "tests/e2e/$2" ] || return 0
	for glob in "${@:3}"; do
		# shellcheck disable=SC2053	# a pattern
		[[ $path != $glob ]] || return 0
	done
	return 1
}

# The tests that a change concerns, by tests/e2e/where, changed tests, and those with the tag quick; as many of them as
# two guests run in a minute and a half.
concerned()
{
	local changed file tags globs path concern=() tests=() left=() sum=0 expected
	mapfile -t changed < <(changed_files | grep -E '^(kmod|userspace|include|tests/e2e|tests/rig)/|^(Kbuild|dkms.conf)$')
	[ ${#changed[@]} -gt 0 ] || return 0
	# Patterns, that are not to become files.
	set -f
	while read -r file tags globs; do
		[ -e "$REPO/tests/e2e/$file" ] || continue
		for path in "${changed[@]}"; do
			# shellcheck disable=SC2086	# patterns
			if concerns "$path" "$file" $globs; then concern+=("$file"); break; fi
		done
		[[ " ${concern[*]} " = *" $file "* || ,$tags, != *,quick,* ]] || concern+=("$file")
	done < <(table_lines "$where_table")
	set +f
	for file in "${concern[@]}"; do
		file_expected uml "$file"
		if [ $sum = 0 ] || [ $((sum + expected)) -le 180 ]; then
			sum=$((sum + expected))
			tests+=("$file")
		else
			left+=("$file")
		fi
	done
	[ ${#left[@]} = 0 ] || say "left to \`make check\`, for want of time: ${left[*]}"
	echo "${tests[*]}"
}

# add_e2e NAME NEEDS KIND TAG GUESTS [OPTION|VARIABLE=VALUE]...
add_e2e()
{
	local name=$1 needs=$2 kind=$3 tag=$4 guests=$5 word options='' env='' rules='' number=0 guest lines=()
	shift 5
	for word in "$@"; do
		case $word in
		*=*)	env+=" $word" ;;
		*)	options+=" $word" ;;
		esac
	done
	# With other rules for memory a file takes another time.
	[ -z "$env" ] || rules=${env// /+}
	# shellcheck disable=SC2046,SC2086	# names of files
	mapfile -t lines < <(split_files "$kind$rules" "$guests" ${files:-$(tagged "$tag")})
	[ ${#lines[@]} -gt 0 ] || [ "$tag" = changed ] || die "job $name: no end-to-end test has the tag $tag"
	for word in "${lines[@]}"; do
		number=$((number + 1))
		guest=$name
		[ ${#lines[@]} = 1 ] || guest=$name-$number
		add_job "$guest" "$needs" "${env:+env$env }tests/rig/run.sh$options $kind tests/e2e/run $word"
		job_files[$guest]=$(wc -w <<<"$word")
		job_kind[$guest]=$kind
		job_times[$guest]=$kind$rules
		job_tests[$guest]=1
	done
}

# add_line NAME TIERS NEEDS COMMAND
add_line()
{
	local name=$1 tiers=$2 needs=$3 command=$4
	if [ "${command%% *}" = e2e ]; then
		# shellcheck disable=SC2086	# words
		add_e2e "$name" "$needs" ${command#e2e }
		return
	fi
	add_job "$name" "$needs" "$command"
	[ "$tiers" = - ] || job_tests[$name]=1
	[[ $command != *"tests/rig/run.sh "* ]] || [[ ! $command =~ --kunit\ ([a-z0-9-]+) ]] ||
		job_kind[$name]=${BASH_REMATCH[1]}
}

# add_table_job NAME: something that another one needs.
add_table_job()
{
	local line
	line=$(table_lines "$jobs_table" | awk -v name="$1" '$1 == name')
	[ -n "$line" ] || die "a job needs $1, and $jobs_table has none of that name"
	# shellcheck disable=SC2086	# columns
	read -r name tiers needs command <<<"$line"
	add_line "$name" "$tiers" "$needs" "$command"
}

# is_selected NAME TIERS
is_selected()
{
	if [ -n "$files" ]; then
		[ "$1" = e2e-uml ]
	elif [ ${#names[@]} -gt 0 ]; then
		[[ " ${names[*]} " = *" $1 "* ]]
	elif [ "$tier" = nightly ]; then
		[[ ,$2, = *",nightly:${part:-}"* ]] && { [ -z "$part" ] || [[ ,$2, = *",nightly:$part,"* ]]; }
	else
		[[ ,$2, = *",$tier,"* ]]
	fi
}

select_jobs()
{
	local name tiers needs command known=()
	while read -r name tiers needs command; do
		known+=("$name")
		! is_selected "$name" "$tiers" || add_line "$name" "$tiers" "$needs" "$command"
	done < <(table_lines "$jobs_table")
	for name in "${names[@]}"; do
		[[ " ${known[*]} " = *" $name "* ]] || die "no job $name in $jobs_table; --list says which there are"
	done
}

kernel_is_ready() { compgen -G "$CACHE/kernel/$1-????????????????/ready" >/dev/null; }

# job_expected NAME: in $expected, seconds. A kernel that is in the cache is ready at once.
job_expected()
{
	local file sum=0
	if [ -n "${job_times[$1]-}" ]; then
		for file in ${job_command[$1]}; do
			[[ $file = *.t ]] || continue
			file_expected "${job_times[$1]}" "$file"
			sum=$((sum + expected))
		done
		expected=$sum
	elif [[ $1 = kernel-* ]] && kernel_is_ready "${1#kernel-}"; then
		expected=5
	else
		expected=${times["job $1"]-30}
	fi
}

list_jobs()
{
	local name
	for name in "${job_order[@]}"; do
		printf '%s\t%s\t%s\n' "$name" "${job_needs[$name]// /,}" "${job_command[$name]}"
	done
}
