# SPDX-License-Identifier: GPL-2.0
# Two locks are taken in one order here, and in the other everywhere else.
# file: kmod/procfs.c
# job: debug
# report: possible circular locking dependency detected
/^static int config_show/,/^}/s/^.*nf_vip_procfs_config.*/	mutex_lock(\&vn->writer);\n&\n	mutex_unlock(\&vn->writer);/
