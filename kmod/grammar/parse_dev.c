// SPDX-License-Identifier: GPL-2.0
/*
 * Names of interfaces: the kernel's own rules, and for the fast path, where
 * vipctl hands them on to nftables, what can stand between its quotes. Pure,
 * see parse_addr.c.
 */
#include "grammar/parse.h"

int nf_vip_parse_dev(struct nf_vip_word w, char out[NF_VIP_DEV_MAX + 1])
{
	/* The kernel has no interface with a colon in its name: such a word is an address. */
	if (nf_vip_word_find(w, ':') < w.len)
		return -EINVAL;
	return nf_vip_parse_file_name(w, NF_VIP_DEV_MAX, out);
}

/* To nftables an asterisk stands for many interfaces, and a backslash escapes an asterisk. */
static bool fits_nftables(struct nf_vip_word w)
{
	return nf_vip_word_find(w, '"') == w.len && nf_vip_word_find(w, '*') == w.len &&
	       nf_vip_word_find(w, '\\') == w.len;
}

static bool is_listed(const struct nf_vip_fastpath_spec *spec, struct nf_vip_word w)
{
	unsigned int i;

	for (i = 0; i < spec->nr; i++)
		if (nf_vip_word_is(w, spec->dev[i]))
			return true;
	return false;
}

static_assert(NF_VIP_DEV_MAX == 15 && NF_VIP_FASTPATH_MAX == 16, "the sentences below say so");

int nf_vip_parse_fastpath(struct nf_vip_word w, struct nf_vip_fastpath_spec *spec,
			  struct nf_vip_refusal *no)
{
	int err;

	*no = (struct nf_vip_refusal){ .what = "fastpath", .word = w };
	no->why = "expected an interface name of 1 to 15 characters";
	if (!fits_nftables(w)) {
		no->why = "nftables takes no interface with \", * or \\ in its name";
		return -EINVAL;
	}
	if (is_listed(spec, w)) {
		no->why = "given twice";
		return -EINVAL;
	}
	if (spec->nr == NF_VIP_FASTPATH_MAX) {
		no->why = "expected at most 16 interfaces";
		return -E2BIG;
	}
	err = nf_vip_parse_dev(w, spec->dev[spec->nr]);
	if (!err)
		spec->nr++;
	return err;
}
