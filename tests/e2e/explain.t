#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# explain: what it says of a connection is what then happens to it, and asking changes nothing. lib.sh's LAN.
. "$(dirname "$0")/lib.sh"

# asks QUESTION...: the answer's lines in $lines, the first one in $verdict
asks()
{
	local fd
	exec {fd}<>$proc/explain
	{ echo "$*" >&"$fd"; } 2>"$tmp/refused"
	mapfile -t lines <&"$fd"
	exec {fd}>&-
	verdict=${lines[0]-}
}

# of LINE KEY: a field of it, in $value
of()
{
	local word
	value="no $2"
	for word in $1; do
		[[ $word != "$2="* ]] || value=${word#*=}
	done
}

# line_of BEGINNING: the line that begins so, in $line
line_of()
{
	for line in "${lines[@]}"; do [[ $line != "$1 "* ]] || return 0; done
	line=''
}

# why BACKEND...: why each is chosen or not, in $reasons
why()
{
	local name
	reasons=''
	for name; do
		line_of "backend $name"
		of "$line" why
		reasons+="${reasons:+ }$name=$value"
	done
}

# said: word, backend and by of the verdict, in $said
said()
{
	local words value
	read -r -a words <<<"$verdict"
	of "$verdict" backend
	said="${words[1]-} $value"
	of "$verdict" by
	said+=" $value"
}

client=10.0.0.9 vip=10.0.0.1 port=4000

# agrees NAME BY [CALL OPTION...]: explain names a backend by BY, and a connection with these ports gets that one
agrees()
{
	local name=$1 by=$2 proto=tcp
	shift 2
	[[ " $* " != *" -u "* ]] || proto=udp
	port=$((port + 1))
	asks $proto "$client:$port" "->" "$vip:25"
	of "$verdict" backend
	agent_do -n client call -p $port "$@" "${vip//[\[\]]/}" 25
	said
	is "$said then $reply" "backend $value $by then $value=1" "$name" || diag "$verdict"
}

load
lan 3
for i in 1 2 3; do serve b$i 25; done
three='backend s/b1 192.168.0.1; backend s/b2 192.168.0.2; backend s/b3 192.168.0.3'

# --- no service ---
asks tcp 10.0.0.9:4000 10.0.0.1:25
is "$verdict" "verdict none service=- backend=- by=vip to=- from=-" "nothing is configured"
configure "service s tcp 10.0.0.1:25; $three; service d tcp 10.0.0.2:80 dev wan; service m fwmark 7"
asks tcp 10.0.0.9:4000 10.0.0.1:26
is "$verdict" "verdict none service=s backend=- by=port to=- from=-" "another port of the VIP"
asks udp 10.0.0.9:4000 10.0.0.1:25
is "$verdict" "verdict none service=s backend=- by=proto to=- from=-" "another protocol"
asks tcp 10.0.0.9:4000 10.0.0.2:80 dev lan
is "$verdict" "verdict none service=d backend=- by=dev to=- from=-" "another interface"
is "$("$vipctl" explain tcp 10.0.0.9:4000 10.0.0.2:80 dev lan)" \
	"no service has this VIP for that interface; service d has it for wan" "and which one"
asks tcp 10.0.0.9:4000 10.0.0.2:80 dev wan
said
is "$said" "reject - empty" "the right one: that service has no backend"
asks tcp 10.0.0.9:4000 10.0.0.3:80 fwmark 8
is "$verdict" "verdict none service=m backend=- by=fwmark to=- from=-" "another mark of the packet"
asks tcp 10.0.0.9:4000 10.0.0.3:80 fwmark 7
of "$verdict" service
is "$value" m "the right one"

# --- nth ---
configure "replace; service s tcp 10.0.0.1:25; $three"
before=$(<$proc/status)
asks tcp 10.0.0.9:4000 10.0.0.1:25
first=("${lines[@]}")
asks tcp 10.0.0.9:4000 10.0.0.1:25
is "${lines[*]}" "${first[*]}" "nth: asked twice, it says the same"
is "$(<$proc/status)" "$before" "and no counter has moved"
is "$verdict" "verdict backend service=s backend=b1 by=nth to=192.168.0.1:25 from=10.0.0.9:4000" "the whole verdict"
why s/b1 s/b2 s/b3
is "$reasons" "s/b1=chosen s/b2=other s/b3=other" "and why not the others"
for i in 1 2 3 4; do agrees "nth: connection $i goes where it said" nth; done

# --- vipctl ---
put $sys/s/b3/up 0 >"$tmp/null"
asks tcp 10.0.0.9:4000 10.0.0.1:25
of "$verdict" backend
sentence="service s: backend $value, 192.168.0.${value#b}:25: its turn is next"
like "$("$vipctl" explain tcp 10.0.0.9:4000 10.0.0.1:25)" \
	"^$sentence"$'\n'" +BACKEND .*$value +50.0% .* gets it.*b3 +0.0% +0  unhealthy$" \
	"vipctl explain makes sentences of it"
"$vipctl" explain -j 'tcp 10.0.0.9:4000 -> 10.0.0.1:25' >"$tmp/json"
is "$(jq -c '[.verdict.word, .verdict.backend, .conntrack, .service.slots,
	(.service.backend[] | select(.name == "b3") | .chosen, .why, .weight)]' "$tmp/json")" \
	"[\"backend\",\"$value\",null,2,false,\"unhealthy\",1]" "and JSON"
is "$("$vipctl" explain udp 10.0.0.9:4000 10.0.0.1:25)" \
	"no service has this VIP; service s has this address and port for another protocol" "no service"
out=$("$vipctl" explain tcp 10.0.0.9:4000 10.0.0.1:25 dev none0 2>&1)
is "$? $out" '1 vipctl: dev "none0": expected an interface that exists' "what the kernel refuses"
put $sys/s/b3/up 1 >"$tmp/null"

# --- the same connection once more ---
hold open client -p 4100 10.0.0.1 25
asks tcp 10.0.0.9:4100 10.0.0.1:25
said
is "$said" "established $answer conntrack" "a connection that exists is on its backend"
"$vipctl" explain -j tcp 10.0.0.9:4100 10.0.0.1:25 >"$tmp/json2"
for document in json json2; do
	echo '"explain"'
	cat "$tmp/$document"
done >"$tmp/documents"
is "$(jq -rs --slurpfile schema "$HERE/../../userspace/vipctl.schema.json" -f "$HERE/schema.jq" "$tmp/documents")" "" \
	"JSON is what the schema says"
line_of conntrack
like "$line" "^conntrack mark=0x[123] answered=1 over=0 on-down=- timeout=[0-9]+$" "and what conntrack says of it"
put $sys/s/"$answer"/state down >"$tmp/null"
asks tcp 10.0.0.9:4100 10.0.0.1:25
line_of conntrack
of "$line" on-down
is "$value" keep "its backend is down: what becomes of it"
put $sys/s/"$answer"/state up >"$tmp/null"
asks tcp 192.168.0.1:25 10.0.0.9:4100
said
like "$said" "^(none - vip|other - reply)$" "its answers are no connection of their own"
ask open "close 0"
agrees "a connection that will be over" nth
# is_over: does conntrack know that? The last packets may be under way.
is_over()
{
	asks tcp "10.0.0.9:$port" 10.0.0.1:25
	line_of conntrack
	of "$line" over
	[ "$value" = 1 ]
}
ok "it is over" poll is_over
port=$((port - 1))
agrees "the next one of these ports goes where it said" nth

# --- what keeps a backend out ---
configure "replace; service s tcp 10.0.0.1:25; backend s/b1 192.168.0.1 weight 0; backend s/b2 192.168.0.2 state drain
	backend s/b3 192.168.0.3 condition three; backend s/b4 192.168.0.4 state down; backend s/b5 192.168.0.5
	backend s/b6 192.168.0.6 initial unknown; backend s/b7 192.168.0.1 tier 2; backend s/b8 192.168.0.2"
echo 1 >$cond/three
put $sys/s/b5/up 0 >"$tmp/null"
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
is "$said" "backend b8 nth" "one of many is left"
why s/b1 s/b2 s/b3 s/b4 s/b5 s/b6 s/b7
is "$reasons" "s/b1=weight s/b2=drain s/b3=flag s/b4=down s/b5=unhealthy s/b6=unknown s/b7=tier" "and why each other is not"
put $sys/s/b8/up 0 >"$tmp/null"
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
is "$said" "backend b7 nth" "the second tier, when the first is gone"

# --- nobody ---
for action in reject accept; do
	configure "replace; service s tcp 10.0.0.1:25 on-empty $action"
	asks tcp 10.0.0.9:4000 10.0.0.1:25
	said
	is "$said" "$action - empty" "no backend: on-empty $action"
done
configure "replace; service s tcp 10.0.0.1:25 min-live 60 on-few drop; $three"
put $sys/s/b1/up 0 >"$tmp/null"
put $sys/s/b2/up 0 >"$tmp/null"
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
why s/b1 s/b3
is "$said $reasons" "drop - few s/b1=unhealthy s/b3=few" "too few: nobody, though one may be chosen"
put $sys/s/service/on_few open >"$tmp/null"
asks tcp 10.0.0.9:4000 10.0.0.1:25
line_of "service s"
of "$line" open-tier
tier=$value
why s/b1 s/b2
like "$tier $reasons" "^1 s/b1=(chosen|other) s/b2=(chosen|other)$" "too few: everybody"

put $sys/s/b1/up 1 >"$tmp/null"
put $sys/s/b2/up 1 >"$tmp/null"

# --- limits ---
poll "[ \$(field 'service s' live) = 0 ]" || diag "not empty"
configure "replace; service s tcp 10.0.0.1:25; backend s/b1 192.168.0.1 max-conns 1; backend s/b2 192.168.0.2 tier 2 max-conns 1"
agrees "before there is a limit" nth -c 1
poll "[ \$(field 'service s' live) = 0 ]" || diag "not empty"
hold full client -p 4200 10.0.0.1 25
asks tcp 10.0.0.9:4000 10.0.0.1:25
why s/b1 s/b2
said
is "$said $reasons" "backend b2 nth s/b1=full s/b2=chosen" "full: the next tier has it"
hold more client -p 4201 10.0.0.1 25
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
is "$said" "reject - full" "all are full"
ask full "close 0"
ask more "close 0"

# --- the mark of the connection ---
configure "replace; service s tcp 10.0.0.1:25 persist 300; backend s/b1 192.168.0.1 mark 1; backend s/b2 192.168.0.2 mark 2"
asks tcp 10.0.0.9:4000 10.0.0.1:25 mark 0x10002
said
is "$said" "backend b2 mark" "a mark asks for its backend"
asks tcp 10.0.0.9:4000 10.0.0.1:25 mark 9
said
like "$said" "^backend b[12] nth$" "nobody has this one"

# --- clients ---
asks tcp 10.0.0.9:4000 10.0.0.1:25
is "$(<$sys/s/service/clients)" 0 "explain makes no client remembered"
agrees "persist: a client that is new" nth
mine=${reply%=1}
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
line_of "service s"
of "$line" client-left
left=$value
of "$line" client
is "$said $value $((left > 0 && left <= 300))" "backend $mine client $mine 1" "it is remembered"
agrees "and goes where it said" client
put $sys/s/"$mine"/up 0 >"$tmp/null"
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
like "$said" "^backend b[12] nth$" "its backend is down: another one"
clients=$(<$proc/clients)
is "${clients% *}" "s 10.0.0.9 backend=$mine" "but it has not moved by that"
put $sys/s/"$mine"/up 1 >"$tmp/null"

# --- the other schedulers ---
configure "replace; service s tcp 10.0.0.1:25 scheduler hash hash-key addr-port hash-seed 7; $three"
for i in 1 2; do agrees "hash: connection $i goes where it said" hash; done
configure "replace; service s tcp 10.0.0.1:25 scheduler least; ${three/0.1/0.1 weight 3}"
hold busy client -p 4300 -c 1 10.0.0.1 25
for i in 1 2; do
	# The last one may be about to end, and would count in the question only.
	poll "[ \"\$(field 'service s' live)\" = 1 ]" || bail "a connection does not end"
	agrees "least: connection $i goes where it said" least
done
configure "replace; service s tcp 10.0.0.1:25 scheduler random; ${three/0.1/0.1 weight 3}"
asks tcp 10.0.0.9:4000 10.0.0.1:25
said
why s/b1 s/b2
line_of "backend s/b1"
of "$line" slots
slots=$value
line_of "service s"
of "$line" slots
is "$said $reasons $slots/$value" "random - random s/b1=random s/b2=random 3/5" "random: there are only shares"

# --- UDP, IPv6, the source, taken tuples ---
configure "replace; service s udp 10.0.0.1:25; $three"
agrees "UDP: a flow goes where it said" nth -u
asks udp "10.0.0.9:$port" 10.0.0.1:25
said
like "$said" "^established b[123] conntrack$" "and is there then"
configure "replace; service s tcp [2001:db8::1]:25; backend s/b1 fd00::1; backend s/b2 fd00::2"
client='[2001:db8::9]' vip='[2001:db8::1]'
agrees "IPv6: it goes where it said" nth
configure "replace; service s tcp 10.0.0.1:25 snat on; backend s/b1 192.168.0.1; backend s/no 203.0.113.1"
asks tcp 10.0.0.9:4000 10.0.0.1:25
like "$verdict" "^verdict backend service=s backend=b1 by=nth to=192.168.0.1:25 from=192.168.0.254:[0-9]+$" \
	"snat: what the backend sees"
why s/no
is "$reasons" "s/no=no-route" "and who cannot be reached"
configure 'replace; service one tcp 10.9.0.1:25; backend one/b1 192.168.0.1
	service two tcp 10.9.0.2:25; backend two/b1 192.168.0.1; backend two/b2 192.168.0.2'
hold taken client -p 4400 10.9.0.1 25
asks tcp 10.0.0.9:4400 10.9.0.2:25
why two/b1 two/b2
is "$reasons" "two/b1=clash two/b2=chosen" "a reply tuple that is taken"
hold other client -p 4400 10.9.0.2 25
is "$answer" b2 "that is where it goes"

# --- entries of others ---
configure 'flush'
hold direct client -p 4500 192.168.0.1 25
configure 'service s tcp 192.168.0.1:25; backend s/b2 192.168.0.2'
asks tcp 10.0.0.9:4500 192.168.0.1:25
said
is "$said" "other - past" "a connection that went past stays there"

# --- who may not see the connections of others ---
nobody_asks()
{
	mapfile -t lines < <("${as_nobody[@]}" bash -c \
		"exec 3<>$proc/explain; echo '$*' >&3; cat <&3" 2>&1)
	verdict=${lines[0]-}
	limited=${lines[-1]-}
}
configure 'replace; service s tcp 10.0.0.1:25 persist 60; backend s/b1 192.168.0.1; backend s/b2 192.168.0.2
service q tcp 10.0.0.1:26; backend q/b1 192.168.0.1:25; backend q/b2 192.168.0.2:25'
hold secret client -p 4600 10.0.0.1 25
is "$answer" b1 "a connection, and a client that is remembered"
for i in "4600 10.0.0.1:25:established b1 conntrack:backend b2 nth" "4601 10.0.0.1:25:backend b1 client:backend b2 nth" \
	"4600 10.0.0.1:26:backend b2 nth:backend b1 nth"; do
	IFS=: read -r from to port root user <<<"${i/ /:}"
	asks "tcp 10.0.0.9:$from $to:$port"
	said
	is "$said" "$root" "port $from to $port: root sees it"
	line_of limited
	is "$line" "" "and all of it"
	nobody_asks "tcp 10.0.0.9:$from $to:$port"
	said
	is "$said $limited" "$user limited without=connections,clients" "nobody learns nothing of it"
done
is "$("${as_nobody[@]}" "$vipctl" explain tcp 10.0.0.9:4600 10.0.0.1:25 |
	grep -c CAP_NET_ADMIN)" 1 "vipctl says so"
is "$("${as_nobody[@]}" "$vipctl" explain -j tcp 10.0.0.9:4600 10.0.0.1:25 | jq .limited
	"$vipctl" explain -j tcp 10.0.0.9:4600 10.0.0.1:25 | jq .limited)" $'true\nfalse' "and its JSON"
is "$("${as_nobody[@]}" cat $proc/clients 2>&1)" "cat: $proc/clients: Permission denied" \
	"nor does the list of clients tell"

# --- failures ---
configure 'replace; service s udp 10.0.0.1:26 eject 1 60 60 eject-clients 1; backend s/b1 192.168.0.1; backend s/b2 192.168.0.2 tier 2'
serve b2 26
agent_do -n client call -u -w 20 10.0.0.1 26
poll "[ \$(<$sys/s/b1/ejected) -gt 0 ]" || diag "not ejected"
asks udp 10.0.0.9:4000 10.0.0.1:26
why s/b1 s/b2
line_of "backend s/b1"
of "$line" ejected
is "$reasons $((value > 0 && value <= 60))" "s/b1=ejected s/b2=chosen 1" "ejected"

# --- refusals ---
exec {fd}<>$proc/explain
is "$(cat <&"$fd")" "error expected a question: tcp ADDRESS:PORT -> VIP:PORT" "nothing was asked"
exec {fd}>&-
refused()
{
	asks "$1"
	is "$verdict" "error $2" "refused: $2"
}
refused "icmp 10.0.0.9" 'protocol "icmp": expected tcp, udp or sctp'
refused "tcp 10.0.0.9:4000 10.0.0.1:25 dev none0" 'dev "none0": expected an interface that exists'
refused "tcp 10.0.0.9:4000 [fd00::1]:25" "\"[fd00::1]:25\": the client's address is of another family"
refused "$(printf '%300s' x)" "expected at most 255 bytes"
is "$(put $proc/explain 'tcp 10.0.0.9:4000') $(put $proc/explain 'tcp 10.0.0.9:0 10.0.0.1:25')" "EINVAL ERANGE" "the errno"
is "$(put $proc/explain 'tcp 10.0.0.9:4000 10.0.0.1:25 dev none0')" ENODEV "of the interface"
exec {fd}<>$proc/explain
for port in 25 26; do
	echo "udp 10.0.0.9:4000 10.0.0.1:$port" >&"$fd"
	mapfile -t lines <&"$fd"
	echo "${lines[0]%% service*}"
done >"$tmp/two"
exec {fd}>&-
is "$(paste -sd, "$tmp/two")" "verdict none,verdict backend" "a second question on the same open file"
is "$("${as_nobody[@]}" bash -c "exec 3<>$proc/explain
	echo 'udp 10.0.0.9:4000 10.0.0.1:26' >&3; read -r line <&3; echo \${line% by=*}")" \
	"verdict backend service=s backend=b2" "anybody may ask"

# --- many who ask, and changes meanwhile ---
many()
{
	local i fd word
	for ((i = 0; i < 40; i++)); do
		exec {fd}<>$proc/explain
		echo "tcp 10.0.0.9:$((4000 + i)) 10.0.0.1:25" >&"$fd"
		mapfile -t lines <&"$fd"
		for word in "${lines[@]%% *}"; do
			[[ $word == @(verdict|conntrack|service|backend) ]] || echo "$word"
		done
		exec {fd}>&-
	done
}
configure "replace; service s tcp 10.0.0.1:25; $three"
before=$(field 'service s' chosen)
askers=()
for i in 1 2 3; do
	many >"$tmp/many$i" &
	askers+=($!)
done
for i in 1 2 3 4 5; do
	configure "replace; service s tcp 10.0.0.1:25 scheduler hash persist 60; $three; service n$i tcp 10.0.1.$i:25"
	configure "replace; service s tcp 10.0.0.1:25 scheduler least"
	configure "replace; service s tcp 10.0.0.1:25; ${three/0.1/0.1 state drain}"
done
wait "${askers[@]}"
is "$(cat "$tmp"/many[123])" "" "many who ask while the configuration changes: only answers"
is "$(field 'service s' chosen) $(field 'service s' clash)" "$before 0" "and none of them counts"
done_testing
