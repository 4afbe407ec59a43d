// SPDX-License-Identifier: GPL-2.0
/*
 * Putting options together: those that a set gives with those that an object
 * has, and all of them with the rest of their service. Pure, see parse_addr.c.
 */
#include "grammar/parse.h"

static size_t size_of(const struct nf_vip_option *option)
{
	switch (option->kind) {
	case NF_VIP_OPTION_NAME:
	case NF_VIP_OPTION_DEV:
		return option->max + 1;
	case NF_VIP_OPTION_NUMBERS:
		return option->nr * sizeof(__u32);
	case NF_VIP_OPTION_NUMBER:
	case NF_VIP_OPTION_WORD:
		break;
	}
	return sizeof(__u32);
}

void nf_vip_set_merge(const struct nf_vip_statement *st, void *spec)
{
	const struct nf_vip_options *options = nf_vip_options_of(st->verb);
	const char *from = st->verb == NF_VIP_SET_SERVICE ? (const char *)&st->svc :
							     (const char *)&st->be;
	size_t i;

	for (i = 0; i < options->nr; i++) {
		const struct nf_vip_option *option = &options->list[i];

		if (st->given & 1U << i)
			memcpy((char *)spec + option->at, from + option->at, size_of(option));
	}
}

int nf_vip_service_fits(const struct nf_vip_service_spec *svc, struct nf_vip_misfit *misfit)
{
	if (svc->policy.repick && svc->proto != IPPROTO_UDP) {
		*misfit = (struct nf_vip_misfit){ "repick", "goes with udp only" };
		return -EINVAL;
	}
	if (svc->hold && svc->proto != IPPROTO_TCP && svc->proto != NF_VIP_PROTO_FWMARK) {
		*misfit = (struct nf_vip_misfit){ "hold", "goes with tcp and fwmark only" };
		return -EINVAL;
	}
	if (svc->mask > 32 && svc->family == NFPROTO_IPV4) {
		*misfit = (struct nf_vip_misfit){ "mask", "expected 1 to 32, as the VIP is IPv4" };
		return -ERANGE;
	}
	return 0;
}
