/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A whole configuration in memory, built from a text by the rules by which the
 * kernel builds it, from nothing.
 */
#ifndef MODEL_H
#define MODEL_H

#include <sys/queue.h>
#include "nf_vip_grammar.h"

/**
 * struct model_backend - a backend
 * @name: its name; first, because the tree compares it
 * @line: where it is stated
 * @spec: what is stated
 * @service: its service
 * @node: in model_service.backends
 */
struct model_backend {
	char name[NF_VIP_NAME_MAX + 1];
	unsigned int line;
	struct nf_vip_backend_spec spec;
	struct model_service *service;

	TAILQ_ENTRY(model_backend) node;
};

TAILQ_HEAD(model_backends, model_backend);

/**
 * struct model_service - a service
 * @name: its name; first, because the tree compares it
 * @line: where it is stated
 * @spec: what is stated
 * @backends: its backends, in the order of the text
 * @by_name: the same, for tfind(3)
 * @nr_backends: how many
 * @node: in model.services
 */
struct model_service {
	char name[NF_VIP_NAME_MAX + 1];
	unsigned int line;
	struct nf_vip_service_spec spec;
	struct model_backends backends;
	void *by_name;
	unsigned int nr_backends;

	TAILQ_ENTRY(model_service) node;
};

TAILQ_HEAD(model_services, model_service);

/**
 * struct model - a configuration
 * @services: in the order of the text
 * @by_name: the same, for tfind(3)
 * @nr_services: how many
 * @nr_backends: how many, of all services
 * @fastpath_line: where the fast path is stated, or 0
 * @fastpath: its interfaces
 * @error: why the text was refused: `line N: ...`
 */
struct model {
	struct model_services services;
	void *by_name;
	unsigned int nr_services;
	unsigned int nr_backends;
	unsigned int fastpath_line;
	struct nf_vip_fastpath_spec fastpath;
	char error[NF_VIP_ERROR_MAX];
};

/**
 * model_init() - an empty configuration
 * @model: to be freed with model_free()
 */
void model_init(struct model *model);

/**
 * model_read() - carry out the statements of a text
 * @model: empty configuration
 * @text: text
 * @len: length in bytes
 *
 * Return: 0, or with a sentence in @model->error what nf_vip_parse_next()
 * returns, -EEXIST (stated twice), -ENOENT (no such service or backend, no
 * fast path), -E2BIG (too many backends), -ENOMEM.
 */
int model_read(struct model *model, const char *text, size_t len);

/**
 * model_find_service() - service of that name
 * @model: configuration
 * @name: name
 *
 * Return: the service or NULL.
 */
const struct model_service *model_find_service(const struct model *model, const char *name);

/**
 * model_find_backend() - backend of that name
 * @service: service
 * @name: name
 *
 * Return: the backend or NULL.
 */
const struct model_backend *model_find_backend(const struct model_service *service,
					       const char *name);

/**
 * model_check() - check what the statements make together
 * @model: configuration
 *
 * Families, marks, weights, number of services and virtual addresses, in the
 * order of the kernel, so that of several errors both report the same one.
 *
 * Return: 0, or with a sentence in @model->error -EAFNOSUPPORT, -EEXIST,
 * -E2BIG, -ENOMEM.
 */
int model_check(struct model *model);

/**
 * model_check_vips() - check that no two services have the same VIP
 * @model: configuration
 *
 * A part of model_check().
 *
 * Return: 0, or with a sentence in @model->error -EEXIST, -E2BIG (the port
 * ranges are too many), -ENOMEM.
 */
int model_check_vips(struct model *model);

/**
 * model_refuse() - keep the sentence that says why
 * @model: configuration
 * @line: line to blame, or 0
 * @err: negative errno
 * @format: the sentence, as for printf(3)
 *
 * Return: @err.
 */
int model_refuse(struct model *model, unsigned int line, int err,
		 const char *format, ...);

/**
 * model_free() - free what the configuration consists of
 * @model: configuration
 */
void model_free(struct model *model);

#endif /* MODEL_H */
