// SPDX-License-Identifier: GPL-2.0
#include "objects/state.h"

unsigned int nf_vip_pernet_id __read_mostly;

/* Set for all namespaces at once, so that none waits for another one's writers. */
bool nf_vip_unloading;
