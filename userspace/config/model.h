/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A whole configuration in memory: a plan, built from a text by the rules by which
 * the kernel builds it, from nothing.
 */
#ifndef MODEL_H
#define MODEL_H

#include "plan/plan.h"

struct model_vip;

/**
 * struct model - a configuration
 * @plan: the services, and why the text was refused
 * @marks: backends by the marks that were asked for, once the model is checked
 * @vips: VIPs of all services, while the model is checked
 * @vips_by_key: the same VIPs
 * @nr_vips: how many VIPs
 */
struct model {
	struct nf_vip_plan plan;
	struct nf_vip_index marks;
	struct model_vip *vips;
	struct nf_vip_index vips_by_key;
	unsigned int nr_vips;
};

/**
 * model_init() - an empty configuration
 * @model: to be freed with model_free()
 */
void model_init(struct model *model);

/**
 * model_read() - carry out the statements of a text
 * @model: configuration
 * @text: text
 * @len: length in bytes
 *
 * Return: as nf_vip_plan_read().
 */
int model_read(struct model *model, const char *text, size_t len);

/**
 * model_check() - check what the statements make together
 * @model: configuration that was read, and not checked before
 *
 * Checks are in the order of the kernel's, so that of several errors both report
 * the same one. Which bits of the mark are the module's is not known here, so any
 * mark may be asked for.
 *
 * Return: 0, or with a sentence in the plan an errno of the checks of plan.h.
 */
int model_check(struct model *model);

/**
 * model_free() - free what the configuration consists of
 * @model: configuration
 */
void model_free(struct model *model);

#endif /* MODEL_H */
