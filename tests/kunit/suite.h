/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every suite includes. The suites are linked into nf_vip.ko when it is
 * built with NF_VIP_KUNIT=y, and run when it is loaded.
 */
#ifndef NF_VIP_SUITE_H
#define NF_VIP_SUITE_H

#include <linux/kconfig.h>

#if !IS_ENABLED(CONFIG_KUNIT)
#error "NF_VIP_KUNIT=y wants a kernel with CONFIG_KUNIT: build the module without it"
#endif

#include <kunit/test.h>

#endif /* NF_VIP_SUITE_H */
