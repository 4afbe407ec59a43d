# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of `vipctl doctor` share. Each sets a fault up, has it found, does what doctor says, and looks again.
PATH=$tmp/bin:$PATH

# The machine that the tests run on may have kernels of its own, for which nobody has made the module.
kernels=$tmp/kernels/$(uname -r)
mkdir -p "$kernels"
mount --bind "/lib/modules/$(uname -r)" "$kernels" || bail "no kernels to look at"
mount --rbind "$tmp/kernels" /lib/modules || bail "no kernels to look at"

# look: what doctor finds, "ID: PLACE" with ", " between; the command that mends the first is in $mend.
look()
{
	local line
	found='' mend=''
	while read -r line; do
		case $line in
		error\ *|warning\ *)	found+=${found:+, }${line#* } ;;
		'not looked at: '*)	found+=${found:+, }$line ;;
		'mend: '*)		[ -n "$mend" ] || mend=${line#mend: } ;;
		esac
	done < <(vipctl doctor "$@" 2>&1)
}

# finds "ID: PLACE" NAME [SERVICE...]: this and nothing else
finds()
{
	local want=$1 name=$2
	shift 2
	look "$@"
	is "$found" "$want" "$name"
}

# mends [SERVICE...]: the command that was printed last mends all of it.
mends()
{
	local command=$mend out
	out=$(eval "$command" 2>&1) || diag "$out"
	look "$@"
	is "$found" "" "mended by: $command"
}

# mends_each MAX: command after command, MAX at most, until nothing is found; how many they were is in $n, what was found
# at first in $all.
# shellcheck disable=SC2034	# for the caller
mends_each()
{
	look
	all=$found n=0
	while [ -n "$found" ] && [ $n -lt "$1" ]; do
		eval "$mend"
		n=$((n + 1))
		look
	done
}
