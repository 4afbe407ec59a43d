#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
cd "$(dirname "$0")" && make -s build/tool >&2 && exec build/tool
