// SPDX-License-Identifier: GPL-2.0
/*
 * The parameters are read once, at load. The short form is turned into
 * statements, so that it has the same parser and the same meaning as every
 * other configuration.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include "config/transaction.h"
#include "objects/mark.h"
#include "objects/state.h"
#include "params.h"

static char *vip;
module_param(vip, charp, 0444);
MODULE_PARM_DESC(vip, "one service: PROTO:ADDR:PORTS, as in tcp:10.0.0.1:25,8000-8100");

static char *backends;
module_param(backends, charp, 0444);
MODULE_PARM_DESC(backends, "its backends: ADDR[:PORT][,ADDR[:PORT]]...");

static char *dev;
module_param(dev, charp, 0444);
MODULE_PARM_DESC(dev, "its input interface (default: every one)");

static char *scheduler;
module_param(scheduler, charp, 0444);
MODULE_PARM_DESC(scheduler, "its scheduler: nth, random, hash or least (default: nth)");

static char *on_empty;
module_param(on_empty, charp, 0444);
MODULE_PARM_DESC(on_empty, "what it does without a backend: reject, accept or drop (default: reject)");

static char *config;
module_param(config, charp, 0444);
MODULE_PARM_DESC(config, "statements as in nf_vip.conf(5), separated by ;");

static unsigned int mark_mask = NF_VIP_DEFAULT_MARK_MASK;
module_param(mark_mask, uint, 0444);
MODULE_PARM_DESC(mark_mask, "bits of the connection mark that are ours (default: 0xffff)");

int nf_vip_params_check(void)
{
	if (!mark_mask) {
		pr_err("mark_mask=0: expected at least one bit\n");
		return -EINVAL;
	}
	if (!vip != !backends) {
		pr_err("vip= and backends= are given together or not at all\n");
		return -EINVAL;
	}
	if (!vip && (dev || scheduler || on_empty)) {
		pr_err("dev=, scheduler= and on_empty= need vip=\n");
		return -EINVAL;
	}
	nf_vip_mark_mask = mark_mask;
	return 0;
}

static int run(const char *what, const char *text)
{
	struct nf_vip_net *vn = nf_vip_pernet(&init_net);
	char error[NF_VIP_ERROR_MAX];
	int err = nf_vip_transaction(vn, text, strlen(text), error);

	if (err)
		pr_err("%s: %s\n", what, error);
	return err;
}

/*
 * Would the parser take this word for more than one? A parameter is one word of
 * a statement, never another statement.
 */
static int check_word(const char *what, const char *word)
{
	if (word && (!*word || strpbrk(word, " \t\r\n;#"))) {
		pr_err("%s=: expected one word\n", what);
		return -EINVAL;
	}
	return 0;
}

static int write_service(struct seq_buf *text)
{
	const char *colon = strchr(vip, ':');

	if (check_word("vip", vip) || check_word("dev", dev) ||
	    check_word("scheduler", scheduler) || check_word("on_empty", on_empty))
		return -EINVAL;
	if (!colon) {
		pr_err("vip=%s: expected PROTO:ADDR:PORT\n", vip);
		return -EINVAL;
	}

	seq_buf_printf(text, "service vip1 %.*s %s", (int)(colon - vip), vip, colon + 1);
	if (dev)
		seq_buf_printf(text, " dev %s", dev);
	if (scheduler)
		seq_buf_printf(text, " scheduler %s", scheduler);
	if (on_empty)
		seq_buf_printf(text, " on-empty %s", on_empty);
	return 0;
}

static int write_backends(struct seq_buf *text)
{
	const char *at = backends;
	int i;

	if (check_word("backends", backends))
		return -EINVAL;
	for (i = 1; at; i++) {
		const char *comma = strchrnul(at, ',');

		seq_buf_printf(text, "\nbackend vip1/backend%d %.*s", i, (int)(comma - at), at);
		at = *comma ? comma + 1 : NULL;
	}
	return 0;
}

static int apply_short_form(void)
{
	struct seq_buf text;
	char *buf;
	int err;

	/* Each backend costs at least two characters of the parameter. */
	buf = kzalloc(SZ_32K, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	seq_buf_init(&text, buf, SZ_32K - 1);
	err = write_service(&text);
	if (!err)
		err = write_backends(&text);
	if (!err && seq_buf_has_overflowed(&text))
		err = -E2BIG;
	if (!err)
		err = run("vip= and backends=", buf);
	kfree(buf);
	return err;
}

int nf_vip_params_apply(void)
{
	int err = vip ? apply_short_form() : 0;

	if (!err && config)
		err = run("config=", config);
	return err;
}
