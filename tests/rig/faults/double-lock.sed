# SPDX-License-Identifier: GPL-2.0
# A lock is taken twice; interruptible, so that the guest gets out of it.
# file: kmod/files/config.c
# job: debug
# report: possible recursive locking detected
/^static int begin_anew/,/^}/s/^.*mutex_unlock(&vn->lock);/	if (mutex_lock_interruptible(\&vn->lock))\n		return -EINTR;\n&/
