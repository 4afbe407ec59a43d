#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: scan.sh LOG...
#
# Exit 0 when the kernel complained about nothing, else 1 with the complaints, each with what follows it.
#
# KCSAN's reports are complaints only if they are about us. The kernel has data races of its own, found by everybody
# who looks for them; those are counted, no more. The title of a report names the function at the top of both stacks, or
# of the one that is known, each with its module: a report is ours if one of them is in [nf_vip]. Where the access is
# in a function of the kernel that ours called, it is the kernel's business.
set -euo pipefail

# One expression a line. The last two are checkers that have given up: what comes after them nobody has looked at.
complaints='BUG:
BUG [^ ]+ [(][^)]*[)]:
WARNING:
KASAN
UBSAN
Oops
general protection
Kernel panic
possible (circular|recursive|irq lock inversion)
inconsistent lock state
bad unlock balance
suspicious RCU usage
Invalid wait context
held lock freed
lock held (when|at)
locks held when returning to user space
sleeping function called
scheduling while atomic
INFO: task .* blocked
INFO: .*detected( expedited)? stalls?
INFO: trying to register non-static key
soft lockup
stuck for
refcount_t
unreferenced object
ODEBUG
kobject.*(tried|initialize)
proc_dir_entry .* already registered
sysfs: cannot create duplicate
Slab .*(still|remaining)
unregister_netdevice: waiting
leaked reference
reference already released
@[^ ]+ has [0-9]+/[0-9]+ users at
segfault at
list_(add|del) corruption
percpu ref .* leak
INFO: lockdep is turned off
kmemleak: .*(disabled|Memory pool empty|Cannot allocate)'

# What a healthy boot says, and why it is harmless.
harmless='ODEBUG: selftest passed
ODEBUG: [0-9]+ of [0-9]+ active objects replaced'
# (both: the object tracker telling that it works)

rc=0
for log in "$@"; do
	[ -s "$log" ] || continue
	awk -v bad="${complaints//$'\n'/|}" -v fine="${harmless//$'\n'/|}" '
		/BUG: KCSAN: / && !/\[nf_vip\]/ { foreign++; next }
		$0 ~ bad && $0 !~ fine {
			found = 1
			if (show <= 0 && shown) print "--"
			show = 45
		}
		show-- > 0 && shown < 400 { print; shown++ }
		END {
			if (foreign) print FILENAME ": " foreign " data races of the kernel itself"
			exit found
		}' "$log" || rc=1
done
exit $rc
