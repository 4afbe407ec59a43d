# SPDX-License-Identifier: GPL-2.0
# A service is freed one line too early.
# file: kmod/service.c
# job: debug
# report: KASAN: slab-use-after-free in service_free
/^static void service_free/,/^}/ {
	/kfree(service);/d
	s/^.*kfree(service->cursor);/	kfree(service);\n&/
}
