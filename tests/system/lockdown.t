#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A kernel that is locked down, as after Secure Boot: it refuses a module whose key it does not know, and vipctl doctor
# says why. That cannot be undone, so it needs a guest of its own. Its module is as dkms signs it, with nobody's key.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

"$repo/tests/rig/deps.sh" vm
in_guest "trixie" trixie "$repo/tests/system/lockdown_guest"
finish
