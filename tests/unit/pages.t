#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is written down, and completed on a command line, is what there is: commands, statements and every option of the
# parser. The manual pages themselves are in order.
cd "$(dirname "$0")/../../userspace" || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. ../tests/unit/tap.sh

make -s -C ../tests/unit >&2 && build_vipctl || exit 1
pages=(vipctl.8 nf_vip.conf.5 nf_vip.4)

for page in "${pages[@]}"; do
	ok "$page: mandoc has no warning" mandoc -T lint -W warning "$page"
	ok "$page: man has no warning" [ -z "$(man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)" ]
done
# A section of a page that it names is there.
for page in "${pages[@]}"; do
	sed -n 's/^\.Sx \(.*[^ ]\) *[.,;:)]*$/\1/p' "$page" | sed 's/ [.,;:)]*$//' | sort -u >"$tap_dir/named"
	sed -n 's/^\.S[hs] //p' "$page" | sort -u >"$tap_dir/sections"
	ok "$page: sections that are named exist" [ -z "$(comm -23 "$tap_dir/named" "$tap_dir/sections")" ]
done

# --- commands ---
commands=$(vipctl --help | sed -n 's/^  \([a-z-]*\) .*/\1/p')
for command in $commands; do
	ok "vipctl.8 has $command" grep -Eq "^\.It (Xo )?Cm $command\b" vipctl.8
	ok "its synopsis has $command" grep -Eq "^\.Cm ([a-z]+ \| )*$command\b" \
		<(sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' vipctl.8)
	for option in $(vipctl help "$command" | sed -n 1p | grep -oE -- '--[a-z-]+'); do
		ok "vipctl.8 has $command $option" grep -Eq "^\.It .*Cm $command.*Fl -${option#--}" vipctl.8
	done
done

# --- the grammar ---
for word in replace service backend set fastpath delete flush confirm revert; do
	ok "nf_vip.conf.5 has $word" grep -Eq "^\.(It )?Ic $word|^\.It .*Ic $word" nf_vip.conf.5
done
../tests/unit/build/options >"$tap_dir/options"
ok "the parser has options" grep -q "^service scheduler$" "$tap_dir/options"
sed -n '/^\.Ss Options of a service/,/^\.Ss Options of a backend/p' nf_vip.conf.5 >"$tap_dir/service"
sed -n '/^\.Ss Options of a backend/,/^\.El/p' nf_vip.conf.5 >"$tap_dir/backend"
sed -n '/^\.Ss Statements/,/^\.Ss Names/p' nf_vip.conf.5 >"$tap_dir/statements"
while read -r verb option; do
	ok "nf_vip.conf.5 describes the $verb option $option" grep -Eq "^\.It Ic $option\b" "$tap_dir/$verb"
	ok "its statement has $option" grep -Eq "^\.Op Ic $option\b" "$tap_dir/statements"
done <"$tap_dir/options"
# And nothing else: what the page describes is an option.
for verb in service backend; do
	sed -n 's/^\.It Ic \([a-z-]*\).*/\1/p' "$tap_dir/$verb" | sort >"$tap_dir/described"
	ok "no other options of a $verb are described" \
		diff <(sed -n "s/^$verb //p" "$tap_dir/options" | sort) "$tap_dir/described"
done
parameters=$(sed -n 's/^module_param(\([a-z_]*\),.*/\1/p' ../kmod/{,*/}*.c)
for name in $parameters; do
	ok "nf_vip.4 has the parameter $name" grep -q "^\.It Cm $name Ns = " nf_vip.4
done
ok "the module has no other parameters" [ "$(wc -w <<<"$parameters")" = \
	"$(grep -c '^\.It Cm [a-z_]* Ns = ' nf_vip.4)" ]

# --- examples are checked as they stand ---
sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' nf_vip.conf.5 | grep -v '^\.' \
	>"$tap_dir/manual.conf"
ok "the manual's example has statements" grep -q ^service "$tap_dir/manual.conf"
ok "the manual's example is good" vipctl check "$tap_dir/manual.conf"

# --- completion ---
# shellcheck source-path=SCRIPTDIR/../../userspace source=completion/vipctl
. completion/vipctl

# completes WORD...: what bash would offer for the last word, on one line
completes()
{
	COMP_WORDS=(vipctl "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	# Only bash itself may ask for file names.
	compopt() { COMPREPLY=(files); }
	_vipctl
	echo "${COMPREPLY[*]}"
}

list() { xargs <<<"$*"; }
is "commands" 0 "$(list "$commands")" "" completes ""
is "a command" 0 drain "" completes dr
is "commands after help" 0 flush "" completes help flu
is "options of vipctl" 0 "--help --version --netns --json" "" completes --
is "options of a command" 0 "--help --wait" "" completes drain --
is "files" 0 files "" completes apply ""
is "objects" 0 "service backend" "" completes add ""
is "protocols" 0 "tcp udp sctp fwmark" "" completes add service m ""
is "no address" 0 "" "" completes add service m tcp ""
is "every option of a service" 0 "$(list "$(sed -n 's/^service //p' "$tap_dir/options")")" "" \
	completes add service m tcp 1.2.3.4 : 25 ""
is "every option of a backend" 0 "$(list "$(sed -n 's/^backend //p' "$tap_dir/options")")" "" \
	completes add backend m/m 1.2.3.4 ""
is "words of an option" 0 "nth random hash least" "" completes add service m tcp "[2001:db8::1]:25" scheduler ""
is "no number" 0 "" "" completes add backend m/m 1.2.3.4 weight ""
is "interfaces" 0 lo "" completes add service m tcp 1.2.3.4:25 dev lo
is "interfaces of the fast path" 0 lo "" completes fastpath lo
finish
