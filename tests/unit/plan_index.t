#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
cd "$(dirname "$0")" && make -s build/plan_index >&2 && exec build/plan_index
