# SPDX-License-Identifier: GPL-2.0
# Two locks are taken in one order here, and in the other everywhere else.
# file: kmod/files/config.c
# job: debug
# report: possible circular locking dependency detected
/^static int begin_anew/,/^}/s/^.*nf_vip_config_get.*/	mutex_lock(\&reader->vn->writer);\n&\n	mutex_unlock(\&reader->vn->writer);/
