#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The recipe's own scenario, with real SMTP servers, real SMTP sessions and the administrator's script, in the network
# that recipe.sh draws.
. "$(dirname "$0")/lib.sh"
. "$HERE/recipe.sh"

# sessions N: so many messages go through the VIP at the same time; prints who took them, sorted.
sessions()
{
	local i text who=()
	for ((i = 0; i < $1; i++)); do
		nsenter --net=/run/netns/client swaks --server 10.0.0.1 --from me@example.org --to you@example.org \
			--body "number $i" >"$tmp/session$i" 2>&1 &
		pids[i]=$!
	done
	wait "${pids[@]:0:$1}"
	for ((i = 0; i < $1; i++)); do
		text=$(<"$tmp/session$i")
		# Greeted by a server, and the message taken.
		if [[ $text =~ '<-  220 '(mail.)' '.*'-> .'.*'<-  250 OK' ]]; then
			who+=("${BASH_REMATCH[1]}")
		else
			who+=("${text//$'\n'/ | }")
		fi
	done
	mapfile -t who < <(printf '%s\n' "${who[@]}" | sort)
	echo "${who[*]}"
}

# flags: of mail1 and mail2
flags() { echo "$(<$cond/mail1up) $(<$cond/mail2up)"; }

# connections N: greetings only, one after the other
connections() { call -f 1 -c "$1" 10.0.0.1 25; }

pids=()
load
topology
start 1
start 2
poll "listens 1 && listens 2" || bail "the SMTP servers do not start"

configure "$recipe"

is "$(flags)" "0 0" "both flags say alive"
if [ "$SLOW" -gt 5 ]; then
	is "$(sessions 2)" "mail1 mail2" "two messages: one for each server"
else
	is "$(sessions 4)" "mail1 mail1 mail2 mail2" "four messages: two for each server"
fi
is "$(connections 20)" "mail1=10 mail2=10" "twenty connections: half and half"
hold early client -f 1 -c 4 10.0.0.1 25
is "$answer" "mail1 mail2 mail1 mail2" "four sessions stay open from here on"

"$HERE/health.sh"
is "$(flags)" "0 0" "the script finds both alive"

# mail1 stops to listen, and mail2 is all there is. Sessions with mail1 go on.
kill -USR1 "${smtpd[1]}"
poll "! listens 1"
"$HERE/health.sh"
is "$(flags)" "1 0" "the script finds mail1 dead"
is "$(sessions 1)" "mail2" "a message goes to mail2"
is "$(connections 7)" "mail2=7" "connections go to mail2"
ask early "HELO again"
is "$answer" "mail1 mail2 mail1 mail2" "open sessions are where they were"

# mail2 goes too, the hard way.
hold late client -f 1 -c 2 10.0.0.1 25
is "$answer" "mail2 mail2" "two more sessions, with mail2"
kill -USR1 "${smtpd[2]}"
poll "! listens 2"
"$HERE/health.sh"
is "$(flags)" "1 1" "the script finds both dead"
is "$(connections 3)" "ECONNREFUSED=3" "connections are rejected"
like "$(sessions 1)" "Connection refused" "and so is a message"
ask early "HELO again"
is "$answer" "mail1 mail2 mail1 mail2" "open sessions are where they were"
ask late "HELO again"
is "$answer" "mail2 mail2" "the later ones as well"

# Back again: mail1 listens; mail2 is killed and started anew, so its sessions end and no others do.
kill -USR2 "${smtpd[1]}"
kill -KILL "${smtpd[2]}"
start 2
poll "listens 1 && listens 2"
"$HERE/health.sh"
is "$(flags)" "0 0" "the script finds both alive"
is "$(connections 20)" "mail1=10 mail2=10" "half and half again"
like "$(sessions $((SLOW > 5 ? 1 : 2)))" "^(mail1 mail2|mail[12])$" "messages, too"
ask early "HELO again"
like "$answer" "^mail1 [A-Z]+ mail1 [A-Z]+$" "sessions with mail1 outlived it all; mail2's ended with the process"

done_testing
