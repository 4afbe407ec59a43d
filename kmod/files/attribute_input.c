// SPDX-License-Identifier: GPL-2.0
#include <linux/capability.h>
#include <linux/cred.h>
#include <net/net_namespace.h>
#include "files/attribute_input.h"
#include "objects/state.h"

bool nf_vip_may_change(struct nf_vip_net *vn)
{
	return ns_capable(vn->net->user_ns, CAP_NET_ADMIN);
}

bool nf_vip_may_report(struct nf_vip_net *vn)
{
	kuid_t uid;
	kgid_t gid;

	net_ns_get_ownership(vn->net, &uid, &gid);
	return !uid_eq(current_fsuid(), uid) || nf_vip_may_change(vn);
}

static int read_word(const char *buf, size_t len, char word[NF_VIP_INPUT_WORD])
{
	if (len && buf[len - 1] == '\n')
		len--;
	if (!len || len >= NF_VIP_INPUT_WORD || memchr(buf, '\0', len))
		return -EINVAL;
	memcpy(word, buf, len);
	word[len] = '\0';
	return 0;
}

int nf_vip_input_begin(struct nf_vip_net *vn, bool allowed, const char *buf, size_t len,
		       char word[NF_VIP_INPUT_WORD])
{
	int err;

	if (!allowed)
		return -EPERM;
	err = read_word(buf, len, word);
	if (err)
		return err;
	return mutex_lock_interruptible(&vn->lock);
}
