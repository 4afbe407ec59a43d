#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What tests/rig/tap_run.sh makes of files that print TAP, well or not.
cd "$(dirname "$0")" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ./tap.sh

# file NAME, with its text on stdin
file()
{
	{ echo '#!/bin/bash'; cat; } >"$tap_dir/$1"
	chmod +x "$tap_dir/$1"
}

# runs FILE...: by the runner; its output, without the times, and its status
runs()
{
	status=0
	# shellcheck disable=SC2016	# the single quotes are for the other shell
	out=$(cd "$tap_dir" && bash -uc '. "$0"; run_tests "$@"' "$tap_tests/../rig/tap_run.sh" "${silence:-100}" \
		"${@/#/./}" 2>/dev/null) || status=$?
	# Who waits has another number each time, and the kernel another word for why.
	out=$(sed -E 's/ [0-9.]+ s(: |$| \()/ T\1/; s/^  # [0-9]+ ([A-Z]) .*: ([^:]*[^: ]) *$/  # PID \1: \2/' <<<"$out")
}

# gives STATUS NAME, with the output on stdin
gives()
{
	local want
	want="status $1"$'\n'$(cat)
	diff -u - <(printf 'status %s\n%s\n' "$status" "$out") <<<"$want" >"$tap_dir/why"
	result $? "$2" "$tap_dir/why"
}

file good.t <<<'echo "ok 1 - a"; echo "ok 2 - b"; echo "# a note"; echo 1..2'
runs good.t
gives 0 "a good file is one line, its notes follow" <<'END'
good.t .. ok, 2 tests, T
  # a note
1 files, 2 tests, 0 failed, T
END

file bad.t <<<'echo 1..3; echo "ok 1 - a"; echo "not ok 2 - b"; echo "# got: nothing"; echo "ok 3 - c"; exit 1'
runs bad.t good.t
gives 1 "a failed test is told at once, with what follows; the next file runs" <<'END'
bad.t .x
  not ok 2 - b
  # got: nothing
bad.t . FAILED, 1 of 3 tests, T
good.t .. ok, 2 tests, T
  # a note
2 files, 5 tests, 1 failed, T
END

file short.t <<<'echo 1..4; echo "ok 1"; echo "ok 2"'
runs short.t
gives 1 "tests that did not run have failed" <<'END'
short.t .. FAILED, 2 of 4 tests, T: 2 of 4 planned tests ran
1 files, 4 tests, 2 failed, T
END

file died.t <<<'echo "ok 1"; kill -KILL $$'
runs died.t
gives 1 "a file that died is named" <<'END'
died.t . FAILED, 1 of 1 tests, T: exit status 137
1 files, 1 tests, 1 failed, T
END

file unplanned.t <<<'echo "ok 1"'
runs unplanned.t
gives 1 "a file without a plan" <<'END'
unplanned.t . FAILED, 1 of 1 tests, T: no plan: the file did not come to its end
1 files, 1 tests, 1 failed, T
END

file twice.t <<<'echo "ok 1"; echo "ok 1"; echo 1..2'
runs twice.t
gives 1 "a test that came twice" <<'END'
twice.t .. FAILED, 1 of 2 tests, T: test 1 came where 2 should
1 files, 2 tests, 1 failed, T
END

file bail.t <<<'echo "Bail out! no peer"; exit 1'
runs bail.t
gives 1 "a file that gives up says why" <<'END'
bail.t  FAILED, 1 of 1 tests, T: Bail out! no peer
1 files, 1 tests, 1 failed, T
END

file skip.t <<<'echo "1..0 # SKIP no SCTP"'
runs skip.t
gives 1 "a file that is skipped is none that ran" <<'END'
skip.t  ok, 0 tests, T (SKIP no SCTP)
1 files, 0 tests, 0 failed, T
END

file empty.t <<<':'
runs empty.t none.t
gives 1 "files that say nothing, or are not there" <<'END'
empty.t  FAILED, 1 of 1 tests, T: no plan: the file did not come to its end
none.t  FAILED, 1 of 1 tests, T: exit status 127
2 files, 2 tests, 2 failed, T
END

# Its child would keep the pipe open for ever.
file hangs.t <<END
echo "ok 1 - a"
sleep 1000 &
echo \$! >$tap_dir/child
wait
END
silence=1 runs hangs.t good.t
gives 1 "a file that hangs is ended, and the next one runs" <<'END'
hangs.t .
  # PID S: /bin/bash ./hangs.t
  # PID S: sleep 1000
hangs.t  FAILED, 1 of 1 tests, T: ended after 1 seconds without a word
good.t .. ok, 2 tests, T
  # a note
2 files, 3 tests, 1 failed, T
END
[[ $(ps -o stat= -p "$(<"$tap_dir/child")") != [RSDT]* ]]
result $? "with what it has started"

# Longer than its limit, but never silent for as long; of which a loaded machine may need some.
# shellcheck disable=SC2016	# the single quotes are for the file
file works.t <<<'for n in {1..9}; do read -rt 1 <> <(:); echo "ok $n"; done; echo 1..9'
silence=7 runs works.t
gives 0 "a file that works may take its time" <<'END'
works.t ......... ok, 9 tests, T
1 files, 9 tests, 0 failed, T
END
finish
