#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
cd "$(dirname "$0")" && make -s build/accept >&2 && exec build/accept
