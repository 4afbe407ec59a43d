# SPDX-License-Identifier: GPL-2.0
# Two locks are taken in one order here, and in the other everywhere else.
# file: kmod/files/config.c
# job: debug
# report: possible circular locking dependency detected
/^static int begin_anew/,/^}/s/^.*mutex_unlock(&vn->lock);/	mutex_lock(\&vn->writer);\n	mutex_unlock(\&vn->writer);\n&/
