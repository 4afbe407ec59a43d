// SPDX-License-Identifier: GPL-2.0
/* Not a test: the options that the parser knows, one a line, for pages.t. */
#include "nf_vip_option.h"

static void print(const char *statement, enum nf_vip_verb verb)
{
	const struct nf_vip_option *option = NULL;

	while ((option = nf_vip_option_next(verb, option)))
		printf("%s %s\n", statement, nf_vip_option_name(option));
}

int main(void)
{
	print("service", NF_VIP_SERVICE);
	print("backend", NF_VIP_BACKEND);
	return 0;
}
