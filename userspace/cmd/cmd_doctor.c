// SPDX-License-Identifier: GPL-2.0
/* The command that finds what keeps services from working. */
#include <stdlib.h>
#include "cmd/vipctl.h"
#include "doctor/doctor.h"
#include "lib/json.h"
#include "lib/table.h"
#include "module/module_io.h"
#include "module/status.h"

/* In the order in which a person would look, because some findings follow from others. */
static const struct {
	void (*look)(struct doctor *d);
	bool needs_net;
} checks[] = {
	{ doctor_module, false },
	{ doctor_kernels, false },
	{ doctor_health, false },
	{ doctor_forward, true },
	{ doctor_backends, true },
	{ doctor_local, true },
	{ doctor_vips, true },
	{ doctor_replies, true },
	{ doctor_rp_filter, true },
	{ doctor_conntrack, false },
	{ doctor_reload, false },
	{ doctor_xt_condition, false },
	{ doctor_ipvs, false },
	{ doctor_silent, false },
	{ doctor_rules, true },
};

/* Without the module there is nothing to read; doctor_module() reports that. */
static int read_module(struct doctor *d)
{
	int err;

	err = module_io_read_config(&d->config);
	if (err == -ENOENT)
		return 0;
	if (!err)
		err = module_io_read_status(&d->status);
	if (!err)
		err = model_read(&d->model, d->config.data, d->config.len);
	d->mark_mask = (__u32)status_module_number(&d->status, "mark_mask");
	return err;
}

static void read_net(struct doctor *d)
{
	int err = rtnl_read(&d->net);

	d->has_net = !err;
	if (err)
		doctor_unseen(d, "the network", err);
}

static void print_finding(struct table *table, const json_t *finding)
{
	const char *id, *severity, *place, *seen, *why, *mend;

	if (json_unpack((json_t *)finding, "{s:s, s:s, s:s, s:s, s:s, s:s}",
			"id", &id, "severity", &severity, "place", &place,
			"seen", &seen, "why", &why, "mend", &mend))
		return;
	table_text(table, strcmp(severity, "error") ? TABLE_YELLOW : TABLE_RED,
		   "%s %s: %s", severity, id, place);
	table_text(table, TABLE_PLAIN, "  seen: %s", seen);
	table_text(table, TABLE_PLAIN, "  why:  %s", why);
	table_text(table, TABLE_BOLD, "  mend: %s", mend);
}

static int print_text(const struct doctor *d)
{
	struct table table = { 0 };
	json_t *value;
	size_t i;
	int err;

	json_array_foreach(d->findings, i, value)
		print_finding(&table, value);
	if (!json_array_size(d->findings))
		table_text(&table, TABLE_PLAIN, "nothing found");
	json_array_foreach(d->unseen, i, value)
		table_text(&table, TABLE_DIM, "not looked at: %s",
			   json_string_value(value));
	err = table_print(&table);
	table_free(&table);
	return err ? vipctl_complain_kernel("doctor", err) : VIPCTL_DONE;
}

static int print_json(struct doctor *d)
{
	json_t *kinds = json_array();
	unsigned int i;

	for (i = 0; i < DOCTOR_KINDS; i++)
		if (json_array_append_new(kinds, json_string(doctor_kind_name(i))))
			d->failed = true;
	return json_print("doctor", json_pack("{s:O, s:O, s:o}",
					      "findings", d->findings,
					      "unseen", d->unseen,
					      "looked_for", kinds));
}

static int print(struct doctor *d)
{
	int ret = vipctl_given('j') ? print_json(d) : print_text(d);

	if (ret == VIPCTL_DONE && json_array_size(d->findings))
		return VIPCTL_REFUSED;
	return ret;
}

/* A service with a misspelt name would look healthy. */
static int check_names(const struct doctor *d)
{
	int i;

	for (i = 0; i < d->nr_asked && module_io_is_loaded(); i++) {
		if (nf_vip_plan_find_service(&d->model.plan, d->asked[i]))
			continue;
		vipctl_complain("doctor: service \"%s\": expected one that exists", d->asked[i]);
		return VIPCTL_USAGE;
	}
	return VIPCTL_DONE;
}

static int look(struct doctor *d)
{
	int err = read_module(d), ret;
	size_t i;

	if (err)
		return vipctl_complain_kernel("doctor", err);
	ret = check_names(d);
	if (ret)
		return ret;
	read_net(d);
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		if (d->has_net || !checks[i].needs_net)
			checks[i].look(d);
	if (d->failed)
		return vipctl_complain_kernel("doctor", -ENOMEM);
	return print(d);
}

int cmd_doctor(int argc, char **argv)
{
	struct doctor d = { .asked = argv, .nr_asked = argc };
	int ret;

	d.findings = json_array();
	d.unseen = json_array();
	d.known = json_object();
	model_init(&d.model);
	ret = look(&d);
	rtnl_free(&d.net);
	model_free(&d.model);
	text_free(&d.config);
	text_free(&d.status);
	json_decref(d.findings);
	json_decref(d.unseen);
	json_decref(d.known);
	return ret;
}
