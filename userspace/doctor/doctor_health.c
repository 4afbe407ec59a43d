// SPDX-License-Identifier: GPL-2.0
/* Which services have no backend that may be chosen, and why? */
#include "doctor/doctor.h"
#include "module/module_io.h"
#include "module/status.h"

/* The command against the first of the reasons that status_reasons() lists. */
static json_t *let_in(const struct status_line *line)
{
	const char *condition = status_get(line, "condition");
	const char *flag = strrchr(condition, ':');
	const char *up = status_get(line, "up");

	if (!status_is(line, "state", "up"))
		return doctor_words("vipctl up %s", line->name);
	if (!strcmp(up, "0") || !strcmp(up, "unknown"))
		return doctor_words("echo 1 >" MODULE_IO_SYSFS "/%s/up", line->name);
	if (flag && !strcmp(flag, ":1"))
		return doctor_words("echo 0 >" MODULE_IO_FLAGS "/%.*s",
				    (int)(flag - condition), condition);
	if (status_is(line, "weight", "0"))
		return doctor_words("echo 1 >" MODULE_IO_SYSFS "/%s/weight", line->name);
	return doctor_words("vipctl show");
}

/* A service while the lines of its backends are read: without a usable backend if it has a name. */
struct dead {
	const char *name;
	json_t *seen;
	json_t *mend;
};

static void finish(struct doctor *d, struct dead *dead)
{
	if (dead->name && !dead->mend) {
		dead->seen = doctor_words("it has no backends");
		dead->mend = doctor_words("vipctl add backend %s/NAME ADDRESS",
					  dead->name);
	}
	if (dead->name)
		doctor_found(d, DOCTOR_SERVICE_DEAD,
			     doctor_words("service %s", dead->name), dead->seen,
			     dead->mend);
	memset(dead, 0, sizeof(*dead));
}

/* The first backend is as good as any to be mended. */
static void take_backend(struct doctor *d, struct dead *dead,
			 const struct status_line *line)
{
	struct text reasons = { 0 };

	if (dead->name && !dead->mend) {
		if (status_reasons(line, &reasons))
			d->failed = true;
		dead->mend = let_in(line);
		dead->seen = doctor_words("none of its backends may be chosen; %s: %s",
					  line->name,
					  reasons.len ? reasons.data : "not usable");
	}
	text_free(&reasons);
}

void doctor_health(struct doctor *d)
{
	struct dead dead = { 0 };
	struct status_line line;
	char *at = d->status.data;

	while (status_next(&at, &line)) {
		if (!strcmp(line.kind, "backend")) {
			take_backend(d, &dead, &line);
			continue;
		}
		finish(d, &dead);
		if (!strcmp(line.kind, "service") && doctor_asked(d, line.name) &&
		    !status_number(&line, "usable"))
			dead.name = line.name;
	}
	finish(d, &dead);
}
