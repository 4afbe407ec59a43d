# SPDX-License-Identifier: GPL-2.0
# Every packet takes a lock.
# file: kmod/path/hooks.c
# job: packet_path
# report: spin_lock
/^static unsigned int engine/,/^}/s/^.*vn->nr_down.*/	spin_lock(\&planted);\n	spin_unlock(\&planted);\n&/
s/^static unsigned int engine/static DEFINE_SPINLOCK(planted);\n\n&/
