# SPDX-License-Identifier: GPL-2.0
# A lock is taken twice; interruptible, so that the guest gets out of it.
# file: kmod/procfs.c
# job: debug
# report: possible recursive locking detected
/^static int config_show/,/^}/s/^.*nf_vip_procfs_config.*/	if (mutex_lock_interruptible(\&vn->lock))\n		seq_puts(m, "");\n&/
