# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Which processes there are, and who descends from whom. To be sourced.

# "PID PARENT GROUP STATE" of every process. A bare root has no ps.
processes()
{
	{ cat /proc/[0-9]*/stat 2>/dev/null || true; } | sed -nE 's/^([0-9]+) \(.*\) ([A-Z]) ([0-9]+) ([0-9]+) .*/\1 \3 \4 \2/p'
}

# descendants PID...: these, and everything that descends from them. UML leaves its process group.
descendants()
{
	processes | awk -v roots="$*" '
		{ parent[$1] = $2 }
		END {
			n = split(roots, root)
			for (i = 1; i <= n; i++) top[root[i]] = 1
			for (pid in parent) {
				for (p = pid; p in parent && !(p in top); p = parent[p]) ;
				if (p in top) print pid
			}
		}'
}
