// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "config/config_json.h"
#include "nf_vip_option.h"
#include "status/fields.h"

/*
 * Skips the words in front of the address, as in "service NAME PROTO" and
 * "backend SERVICE/NAME".
 */
static const char *skip_words(const char *at, unsigned int words)
{
	while (words--) {
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return at;
}

/* Length of the VIPs, which have colons, or of the mark; names of options have no colons. */
static size_t vips_length(const char *at, bool fwmark)
{
	size_t len = strcspn(at, "\n ");

	while (!fwmark && at[len] == ' ') {
		size_t more = strcspn(at + len + 1, "\n ");

		if (!memchr(at + len + 1, ':', more))
			break;
		len += 1 + more;
	}
	return len;
}

static int add_vips(json_t *object, const char *line, const struct nf_vip_service_spec *spec)
{
	const char *at = skip_words(line, 3);
	char *vips;
	int err;

	if (asprintf(&vips, "%.*s%s", (int)vips_length(at, spec->fwmark), at,
		     spec->fwmark && spec->family == NFPROTO_IPV6 ? "/ipv6" : "") < 0)
		return -ENOMEM;
	err = fields_add(object, "statement", "vip", vips);
	free(vips);
	return err;
}

static int add_options(json_t *object, enum nf_vip_verb verb, const void *spec)
{
	const struct nf_vip_option *option = NULL;
	char value[NF_VIP_OPTION_SIZE];
	int err = 0;

	while (!err && (option = nf_vip_option_next(verb, option)))
		err = fields_add(object, "statement", nf_vip_option_name(option),
				 nf_vip_option_print(option, spec, value));
	return err;
}

static json_t *make_service(const struct nf_vip_statement *st, const char *line)
{
	json_t *object = json_pack("{ss ss}", "name", st->service, "proto",
				   nf_vip_proto_name(st->svc.proto));

	if (!add_vips(object, line, &st->svc) && !add_options(object, st->verb, &st->svc) &&
	    !json_object_set_new(object, "backend", json_array()))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *make_backend(const struct nf_vip_statement *st, const char *line)
{
	const char *at = skip_words(line, 2);
	json_t *object = json_pack("{ss ss%}", "name", st->backend, "address", at,
				   strcspn(at, "\n "));

	if (!add_options(object, st->verb, &st->be))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *make_interfaces(const struct nf_vip_fastpath_spec *fastpath)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = 0; i < fastpath->nr; i++)
		if (json_array_append_new(list, json_text(fastpath->dev[i]))) {
			json_decref(list);
			return NULL;
		}
	return list;
}

/* The kernel writes the backends of a service behind the service. */
static int add_statement(json_t *root, const struct nf_vip_statement *st, const char *line)
{
	json_t *services = json_object_get(root, "service");
	json_t *last = json_array_get(services, json_array_size(services) - 1);

	switch (st->verb) {
	case NF_VIP_SERVICE:
		return json_array_append_new(services, make_service(st, line));
	case NF_VIP_BACKEND:
		return json_array_append_new(json_object_get(last, "backend"),
					     make_backend(st, line));
	case NF_VIP_FASTPATH:
		return json_object_set_new(root, "fastpath", make_interfaces(&st->fastpath));
	default:
		return 0;
	}
}

json_t *config_json(const struct text *config)
{
	json_t *root = json_pack("{s[] s[]}", "fastpath", "service");
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	const char *line;

	nf_vip_parse_start(&p, config->data, config->len);
	for (line = p.at; root && nf_vip_parse_next(&p, &st) > 0; line = p.at)
		if (add_statement(root, &st, line + strspn(line, "\n "))) {
			json_decref(root);
			root = NULL;
		}
	return root;
}
