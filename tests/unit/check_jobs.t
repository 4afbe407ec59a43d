#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# tests/check with small tables of jobs: order, needs, failures, what it says, how it ends, a night in two parts.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh

check=$tap_tests/../check
export NF_VIP_CACHE=$tap_dir/cache NF_VIP_JOBS=$tap_dir/jobs NF_VIP_WHERE=$tap_dir/where NF_VIP_SLOTS=2
jobs=$tap_dir/scripts
mkdir -p "$jobs" "$NF_VIP_CACHE"
: >"$NF_VIP_WHERE"

# script NAME, with its text on stdin: a command for a table. Each says in $tap_dir/ran that it ran.
script()
{
	{ printf '#!/bin/bash\necho %s >>%s\n' "$1" "$tap_dir/ran"; cat; } >"$jobs/$1"
	chmod +x "$jobs/$1"
}

# run ARGUMENT...: of check; its output, status, and what ran, in which order
run()
{
	: >"$tap_dir/ran"
	status=0
	out=$("$check" "$@" 2>&1 </dev/null) || status=$?
	ran=$(xargs <"$tap_dir/ran")
	last=$(tail -n 1 <<<"$out")
}

# equal GOT EXPECTED NAME, has PATTERN NAME
equal()
{
	printf 'got:      %s\nexpected: %s\n%s\n' "$1" "$2" "$out" >"$tap_dir/why"
	[ "$1" = "$2" ]
	result $? "$3" "$tap_dir/why"
}

has()
{
	printf 'no %s in:\n%s\n' "$1" "$out" >"$tap_dir/why"
	grep -qE -- "$1" <<<"$out"
	result $? "$2" "$tap_dir/why"
}

for n in one two three four; do
	script $n <<<'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
done
script bad <<<'echo "ok 1 - a"; echo "not ok 2 - b"; echo "# got nothing"; echo 1..2; exit 1'
script silent <<<':'
script make <<<'echo made'
script fail_to_make <<<'echo "no space left"; exit 3'

# --- order and needs ---------------------------------------------------------------------------------------------

cat >"$NF_VIP_JOBS" <<END
# a comment
made	-		-	$jobs/make
unused	-		-	$jobs/fail_to_make
one	check,all	made	$jobs/one
two	check		one,made	$jobs/two
three	all		-	$jobs/three
four	quick		-	$jobs/four
END
run
equal $status 0 "a tier runs"
equal "$ran" "make one two" "what a job needs runs before it, and nothing that no job needs"
equal "$last" "4 passed, 0 failed" "the last line counts tests"
run --tier all three
equal "$ran" three "a job by its name"
run nothing
equal "$status" 1 "a job that is not there is an error"
run --tier nightly
equal "$status" 1 "a tier without jobs is an error"
run --list
equal "$ran" "" "--list runs nothing"
has "^two	one,made	$jobs/two\$" "--list says what would run, and what that needs"

cat >"$NF_VIP_JOBS" <<END
a	check	-	$jobs/one
b	check	-	$jobs/two
c	check	-	$jobs/three
made	-	-	$jobs/make
d	check	made	$jobs/four
END
printf 'job %s %s\n' a 10 b 200 c 30 d 500 >"$NF_VIP_CACHE/times"
NF_VIP_SLOTS=1 run
equal "$ran" "make four two three one" "the longest first, together with what it needs"
printf 'job %s %s\n' a 10 b 200 c 30 d 500 >"$NF_VIP_CACHE/times"

# Each waits for the other: were it one at a time, none would end.
script meets_one <<<"touch $tap_dir/m1; until [ -e $tap_dir/m2 ]; do read -rt 0.02 <> <(:); done; echo ok 1"
script meets_two <<<"touch $tap_dir/m2; until [ -e $tap_dir/m1 ]; do read -rt 0.02 <> <(:); done; echo ok 1"
printf '%s\n' "a check - $jobs/meets_one" "b check - $jobs/meets_two" >"$NF_VIP_JOBS"
run
equal "$last" "2 passed, 0 failed" "two at a time"

# --- failures ----------------------------------------------------------------------------------------------------

cat >"$NF_VIP_JOBS" <<END
one	check	-	$jobs/one
bad	check	-	$jobs/bad
END
run
equal $status 1 "a failed test is a failure"
equal "$last" "3 passed, 1 failed" "and counted"
has '^FAILED bad ' "its job is named"
has '^bad\| # got nothing$' "its log is shown"
equal "$(grep -xA 1 'failed in .*' <<<"$out" | xargs)" "failed in bad: not ok 2 - b" "what failed is said once more at the end"
has '^ok +one ' "the other job ran"

# Not of the kernel, nor of the test.
script emulated <<<"[ -e $tap_dir/again ] && exec $jobs/two; touch $tap_dir/again; echo not ok 1; exit 120"
script never_right <<<"exit 120"
echo "a check - $jobs/emulated" >"$NF_VIP_JOBS"
run
equal "$ran" "emulated emulated two" "what an emulator got wrong runs once more"
equal "$last" "2 passed, 0 failed" "and that counts"
echo "a check - $jobs/never_right" >"$NF_VIP_JOBS"
run
equal "$status, $ran" "1, never_right never_right" "not for ever"

cat >"$NF_VIP_JOBS" <<END
broken	-	-	$jobs/fail_to_make
more	-	broken	$jobs/make
one	check	more	$jobs/one
two	check	-	$jobs/two
END
run
equal $status 1 "what cannot be made is a failure"
# Both start at once.
equal "$(tr ' ' '\n' <<<"$ran" | sort | xargs)" "fail_to_make two" "what needs it does not run, the rest does"
has '^broken\| no space left$' "why is shown"
has '^one\| not run, because more failed$' "and why a job did not run"
equal "$(grep -xA 1 'failed in broken:' <<<"$out" | xargs)" "failed in broken: no space left" "at the end too"

printf '%s\n' "one check - $jobs/one" "silent check - $jobs/silent" >"$NF_VIP_JOBS"
run
equal "$status $last" "1 2 passed, 1 failed" "a job that runs no test is a failure"
has '^FAILED silent .*ran-no-test' "and says so"

printf '%s\n' "a check b $jobs/one" "b check a $jobs/two" >"$NF_VIP_JOBS"
run
equal "$status $ran" "1 " "jobs that need each other are an error"
printf '%s\n' "a check b $jobs/one" >"$NF_VIP_JOBS"
run
equal "$status $ran" "1 " "a need that no line makes is an error"

# --- end-to-end tests --------------------------------------------------------------------------------------------

printf '%s\n' "e check - e2e uml some 2" "f check - e2e debug other 3 A=b --cpus 4" "g all - e2e uml none 1" >"$NF_VIP_JOBS"
printf '%s\n' "nat.t some,other kmod/nat*" "map.t x,some *" "a.t some" "b.t some" >"$NF_VIP_WHERE"
printf '%s\n' "uml nat.t 10" "uml map.t 7.5" "uml a.t 2" "uml b.t 3" >"$NF_VIP_CACHE/times"
run --list
has '^e-1	-	tests/rig/run.sh uml tests/e2e/run nat.t a.t$' "files are split by what they took, the longest first"
has '^e-2	-	tests/rig/run.sh uml tests/e2e/run map.t b.t$' "so that both guests end together"
has '^f	-	env A=b tests/rig/run.sh --cpus 4 debug tests/e2e/run nat.t$' "options and variables; no more guests than files"
run --list --tier all
equal $status 1 "a tag that no file has is an error"

# --- what a change concerns --------------------------------------------------------------------------------------

# In a repository of its own.
repo=$tap_dir/repo
mkdir -p "$repo/tests/e2e" "$repo/kmod"
cp -r "$tap_tests/../check" "$tap_tests/../rig" "$repo/tests/"
touch "$repo"/tests/e2e/{nat,map,smoke,slow}.t "$repo"/kmod/{nat,map,hooks}.c "$repo/README.md"
printf '%s\n' "nat.t some kmod/nat.* kmod/hooks.*" "map.t - kmod/map*" "slow.t - kmod/map*" "smoke.t quick -" >"$NF_VIP_WHERE"
printf '%s\n' "c quick - e2e uml changed 1" "u quick - true" >"$NF_VIP_JOBS"
printf 'uml %s\n' "slow.t 1000" "map.t 3" >"$NF_VIP_CACHE/times"
git_there() { git -C "$repo" -c user.name=a -c user.email=a@b.invalid "$@" >/dev/null 2>&1; }
git_there init -b main
git_there add . && git_there commit -m one

# concerned FILE... EXPECTED NAME: the tests that a change of these files concerns
concerned()
{
	git_there checkout . && git_there clean -fd
	for f in "${@:1:$#-2}"; do echo "// changed" >>"$repo/$f"; done
	out=$("$repo/tests/check" --list --tier quick 2>&1)
	equal "$(sed -n 's,.* tests/e2e/run ,,p' <<<"$out")" "${@: -2}"
}
concerned README.md "" "a text concerns no test"
concerned kmod/hooks.c "nat.t smoke.t" "a source concerns the tests that name it, and the quick ones"
concerned kmod/new.c "smoke.t" "one that no test names the quick ones"
concerned tests/e2e/nat.t "nat.t smoke.t" "a test concerns itself"
concerned kmod/map.c "smoke.t map.t" "what takes too long is left out"
has 'left to .make check., for want of time: slow.t' "and named"
git_there checkout . && git_there checkout -b branch
echo "// changed" >>"$repo/kmod/nat.c"
git_there commit -am two
concerned "nat.t smoke.t" "what a branch has changed counts"

# --- the end -----------------------------------------------------------------------------------------------------

# A job with a child in its process group, and one that left it and says so.
script slow <<END
sleep 1000 &
echo \$! >$tap_dir/child
setsid sleep 1000 &
echo \$! >$tap_dir/stray
echo \$\$ >$tap_dir/leader
wait
END
printf '%s\n' "slow check - $jobs/slow" "one check - $jobs/one" "two check slow $jobs/two" >"$NF_VIP_JOBS"
for signal in TERM INT HUP; do
	rm -f "$tap_dir"/{child,stray,leader}
	: >"$tap_dir/ran"
	# Not as this shell has it: SIGINT is ignored in its background, and SIGHUP under nohup. A list of one word would be
	# split at its blanks.
	perl -e '$SIG{$_} = "DEFAULT" for qw(INT HUP TERM); exec { $ARGV[0] } @ARGV or die' "$check" >"$tap_dir/out" 2>&1 </dev/null &
	pid=$!
	until [ -s "$tap_dir/leader" ] || ! kill -0 $pid 2>/dev/null; do read -rt 0.05 <> <(:); done
	kill -$signal $pid
	status=0
	wait $pid || status=$?
	out=$(<"$tap_dir/out")
	equal $status $((128 + $(kill -l $signal))) "SIG$signal ends it"
	# Without those that have ended, and whose parent does not take them down.
	left=$(for f in child stray leader; do ps -o stat=,args= -p "$(<"$tap_dir/$f")"; done | grep -v '^Z')
	equal "$left" "" "SIG$signal: nothing is left running"
done

# --- a night -----------------------------------------------------------------------------------------------------

cat >"$NF_VIP_JOBS" <<END
made	-		-	$jobs/make
one	nightly:first	made	$jobs/one
two	nightly:second	-	$jobs/two
bad	nightly:second	-	$jobs/bad
END
run --part first
equal "$ran $last" "make one 2 passed, 0 failed" "a part of a night"
run --tier nightly
equal "$(tr ' ' '\n' <<<"$ran" | sort | xargs)" "bad two" "the night goes on with what is left"
equal "$status $last" "1 5 passed, 1 failed" "and counts what was done before"
run --tier nightly
equal "$ran" bad "what failed runs again"
script bad <<<'echo "ok 1 - a"; echo 1..1'
run --tier nightly
equal "$status $ran $last" "0 bad 5 passed, 0 failed" "until all has passed"
run --tier nightly
equal "$status $ran $last" "0  5 passed, 0 failed" "then nothing is left"
finish
