// SPDX-License-Identifier: GPL-2.0
/* What a text says of a change that waits to be confirmed, or of itself. */
#include "config/confirm.h"
#include "config/draft.h"

static enum nf_vip_verdict verdict_of(const struct nf_vip_statement *st)
{
	if (st->verb == NF_VIP_REVERT)
		return NF_VIP_VERDICT_REVERT;
	return st->seconds ? NF_VIP_VERDICT_WAIT : NF_VIP_VERDICT_ACCEPT;
}

static const char *word_of(const struct nf_vip_draft *draft)
{
	return draft->verdict == NF_VIP_VERDICT_REVERT ? "revert" : "confirm";
}

int nf_vip_draft_verdict(struct nf_vip_draft *draft, const struct nf_vip_statement *st)
{
	if (draft->verdict)
		return nf_vip_draft_refuse(draft, st->line, -EEXIST,
					   "%s: stated on line %u already", word_of(draft),
					   draft->verdict_line);
	draft->verdict = verdict_of(st);
	draft->verdict_line = st->line;
	draft->seconds = st->seconds;
	return 0;
}

static int check_alone(struct nf_vip_draft *draft)
{
	bool alone = draft->nr_statements == 1;

	if (draft->verdict == NF_VIP_VERDICT_WAIT && alone)
		return nf_vip_draft_refuse(draft, draft->verdict_line, -EINVAL,
					   "confirm: expected a change beside it");
	if (draft->verdict > NF_VIP_VERDICT_WAIT && !alone)
		return nf_vip_draft_refuse(draft, draft->verdict_line, -EINVAL,
					   "%s: expected no other statement beside it",
					   word_of(draft));
	return 0;
}

int nf_vip_draft_check_verdict(struct nf_vip_draft *draft)
{
	unsigned int left = nf_vip_confirm_left(draft->vn);
	int err = check_alone(draft);

	if (err)
		return err;
	if (draft->verdict > NF_VIP_VERDICT_WAIT && !left)
		return nf_vip_draft_refuse(draft, draft->verdict_line, -ENOENT,
					   "%s: no change waits to be confirmed", word_of(draft));
	if (draft->verdict <= NF_VIP_VERDICT_WAIT && left)
		return nf_vip_draft_refuse(draft, 0, -EBUSY,
					   "a change waits for %u seconds more: say confirm or revert first",
					   left);
	return 0;
}
