#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The recipe's health check as an administrator runs it from cron: 0 is alive, 1 is dead.

check()
{
	word=
	read -r word _ < <(printf 'QUIT\r\n' | nc -w 5 "$1" 25)
	if [ "$word" = 220 ]; then
		echo 0 >"$2"
	else
		echo 1 >"$2"
	fi
}

check 192.168.0.1 /proc/net/nf_condition/mail1up
check 192.168.0.2 /proc/net/nf_condition/mail2up
