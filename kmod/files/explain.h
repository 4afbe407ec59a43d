/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Explain: what would become of a new connection, and why? A question is
 * answered by the packet path's own code, see simulate.h, and changes nothing.
 */
#ifndef NF_VIP_EXPLAIN_H
#define NF_VIP_EXPLAIN_H

#include "nf_vip_grammar.h"

struct nf_vip_net;
struct proc_ops;
struct seq_file;

/*
 * /proc/net/nf_vip/explain, for everybody: a question changes nothing. The
 * file's data is the struct nf_vip_net.
 */
#define NF_VIP_EXPLAIN_MODE	0666
extern const struct proc_ops nf_vip_explain_ops;

/**
 * nf_vip_explain_answer() - answer a question
 * @m: filled with the lines that kmod/abi describes
 * @vn: network namespace
 * @question: question
 * @all: the asker may see connections of others, and what is remembered of
 *	clients
 *
 * Context: process, may sleep, takes the namespace's lock.
 * Return: 0, -EINTR, -ENOMEM, or -ENODEV if there is no interface of this name.
 */
int nf_vip_explain_answer(struct seq_file *m, struct nf_vip_net *vn,
			  const struct nf_vip_question *question, bool all);

#endif /* NF_VIP_EXPLAIN_H */
