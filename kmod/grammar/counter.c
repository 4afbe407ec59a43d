// SPDX-License-Identifier: GPL-2.0
#include "grammar/counter.h"

#define COUNTER(number, word, sentence)	[NF_VIP_##number] = { .name = (word), .help = (sentence) },

const struct nf_vip_counter nf_vip_svc_counters[NF_VIP_SVC_COUNTERS] = {
	NF_VIP_SVC_ROWS(COUNTER)
};

const struct nf_vip_counter nf_vip_be_counters[NF_VIP_BE_COUNTERS] = {
	NF_VIP_BE_ROWS(COUNTER)
};
