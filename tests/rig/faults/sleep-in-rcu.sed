# SPDX-License-Identifier: GPL-2.0
# A packet may sleep for memory, in a section of RCU.
# file: kmod/path/hooks.c
# job: debug
# report: sleeping function called from invalid context
/^static unsigned int engine/,/^}/s/^.*vn->nr_down.*/	kvfree(kvmalloc(8, GFP_KERNEL));\n&/
