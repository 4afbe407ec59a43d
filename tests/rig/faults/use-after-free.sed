# SPDX-License-Identifier: GPL-2.0
# A service is freed one line too early; by a function of its own, as the compiler would see it otherwise.
# file: kmod/objects/service.c
# job: debug
# report: KASAN: slab-use-after-free in service_free
/^static void service_free/,/^}/ {
	/^	kfree(service);/d
	s/^.*kfree(service->cursor);/	planted(service);\n&/
}
s/^static void service_free/static noinline void planted(struct nf_vip_service *service)\n{\n	kfree(service);\n}\n\n&/
