# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Lack of memory, for tests inside a guest: the kernel's failslab, if it has that. To be sourced.

failslab=/sys/kernel/debug/failslab

# has_failslab: does the kernel? A test has a /sys of its own, without it.
has_failslab()
{
	[ -d /sys/kernel/debug/tracing ] || [ -d $failslab ] || mount -t debugfs debug /sys/kernel/debug 2>/dev/null || true
	[ -d $failslab ]
}

# can_fail CACHE-PATTERN...: which allocations may. Not what the checkers of this kernel need themselves: kmemleak would
# give up.
can_fail()
{
	local file cache pattern fails
	for file in /sys/kernel/slab/*/failslab; do
		cache=${file#/sys/kernel/slab/} fails=0
		for pattern in "$@"; do
			# shellcheck disable=SC2053	# a pattern
			[[ ${cache%/failslab} != $pattern ]] || fails=1
		done
		[[ $cache != *kmemleak_* && $cache != *debug_objects_cache/* ]] || fails=0
		echo $fails >"$file"
	done 2>/dev/null
	echo Y >$failslab/cache-filter
	echo 0 >$failslab/verbose
}

# allow_failures: who tells his own allocations to fail, one at a time, may do so with all, even those that may sleep.
allow_failures()
{
	has_failslab || return 0
	can_fail '*'
	echo N >$failslab/ignore-gfp-wait
}
