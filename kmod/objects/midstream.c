// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/math64.h>
#include "objects/midstream.h"
#include "objects/service.h"
#include "objects/state.h"

/* No machine runs until this time. */
#define NEVER	((u64)S64_MAX)

void nf_vip_midstream_begin(struct nf_vip_service *service, u32 seconds)
{
	u64 end = 0;

	lockdep_assert_held(&service->vn->lock);
	if (seconds == NF_VIP_MIDSTREAM_ON)
		end = NEVER;
	else if (seconds)
		end = get_jiffies_64() + (u64)seconds * HZ;
	WRITE_ONCE(service->midstream.end, end);
}

bool nf_vip_midstream_runs(const struct nf_vip_midstream *midstream)
{
	return time_before64(get_jiffies_64(), READ_ONCE(midstream->end));
}

const char *nf_vip_midstream_left(const struct nf_vip_service *service,
				  char buf[NF_VIP_MIDSTREAM_SIZE])
{
	u64 now = get_jiffies_64(), end = service->midstream.end;

	lockdep_assert_held(&service->vn->lock);
	if (end == NEVER)
		return memcpy(buf, "on", sizeof("on"));
	snprintf(buf, NF_VIP_MIDSTREAM_SIZE, "%u",
		 time_before64(now, end) ? (u32)div_u64(end - now + HZ - 1, HZ) : 0);
	return buf;
}
