// SPDX-License-Identifier: GPL-2.0
#include "grammar/counter.h"

#define SVC(number, word, sentence)	{ .name = (word), .help = (sentence) },
#define BE(...)
const struct nf_vip_counter nf_vip_svc_counters[NF_VIP_SVC_COUNTERS] = {
#include "grammar/counter_rows.h"
};

#undef SVC
#undef BE
#define SVC(...)
#define BE(number, word, sentence)	{ .name = (word), .help = (sentence) },
const struct nf_vip_counter nf_vip_be_counters[NF_VIP_BE_COUNTERS] = {
#include "grammar/counter_rows.h"
};
