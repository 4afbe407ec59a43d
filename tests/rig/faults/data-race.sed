# SPDX-License-Identifier: GPL-2.0
# Packets on all processors count in one variable.
# file: kmod/path/hooks.c
# job: kcsan
# report: BUG: KCSAN: data-race in .*\[nf_vip\]
/^static unsigned int engine/,/^}/s/^.*vn->nr_down.*/	nf_vip_planted++;\n&/
s/^static unsigned int engine/unsigned long nf_vip_planted;\n\n&/
