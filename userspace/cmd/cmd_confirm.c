// SPDX-License-Identifier: GPL-2.0
/* Commands about a change that waits to be confirmed. */
#include <stdlib.h>
#include <string.h>
#include "cmd/confirm.h"
#include "cmd/vipctl.h"
#include "module/last_good.h"
#include "module/module_io.h"
#include "module/status.h"
#include "net/fastpath.h"

bool confirm_is_time(const char *word)
{
	struct nf_vip_statement st;
	struct nf_vip_parser p;
	char text[32];

	if (word[strspn(word, "0123456789")])
		return false;
	snprintf(text, sizeof(text), "confirm %s", word);
	nf_vip_parse_start(&p, text, strlen(text));
	return nf_vip_parse_next(&p, &st) > 0 && st.seconds && p.at == p.end;
}

unsigned int confirm_left(void)
{
	struct text status = { 0 };
	unsigned int left = 0;

	if (!module_io_read_status(&status))
		left = status_module_number(&status, "confirm-left");
	text_free(&status);
	return left;
}

int cmd_confirm(int argc, char **argv)
{
	int ret = vipctl_state("confirm", "confirm", argc, argv);

	if (!ret)
		last_good_keep();
	return ret;
}

int cmd_revert(int argc, char **argv)
{
	int ret = vipctl_state("revert", "revert", argc, argv);

	return ret ? ret : fastpath_apply("revert");
}
