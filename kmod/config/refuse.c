// SPDX-License-Identifier: GPL-2.0
#include <linux/kernel.h>
#include "config/draft.h"

int nf_vip_draft_refuse(struct nf_vip_draft *draft, unsigned int line, int err,
			const char *fmt, ...)
{
	size_t at = 0;
	va_list args;

	if (line)
		at = scnprintf(draft->error, sizeof(draft->error), "line %u: ", line);
	va_start(args, fmt);
	vscnprintf(draft->error + at, sizeof(draft->error) - at, fmt, args);
	va_end(args);
	return err;
}
