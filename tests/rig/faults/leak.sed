# SPDX-License-Identifier: GPL-2.0
# A backend leaves something behind.
# file: kmod/objects/service.c
# job: debug
# report: unreferenced object
/^static void backend_free/,/^}/{
	/kfree(backend->load);/d
}
