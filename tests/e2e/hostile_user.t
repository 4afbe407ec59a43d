#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Somebody without rights makes a user namespace and a network namespace of it: there he is root, and may have services.
# What they cost is the host's memory, processors and log; how much of it he gets. The host here is this shell; root's
# own namespaces are the host's, too.
. "$(dirname "$0")/lib.sh"

parameters=/sys/module/nf_vip/parameters
# The owner of /proc/net is known when the namespace is made: the user namespace comes first.
# shellcheck disable=SC2016	# for the other shell
open_way his unshare --user --map-root-user unshare --net --mount bash -c '
	mount -t sysfs sysfs /sys
	while read -r line; do eval "$line" 2>&1 | tr "\n" " "; echo; done'
# his COMMAND: what it says in his namespace, in one line
his()
{
	local line
	echo "$1" >&"${way_in[his]}"
	read -r line <&"${way_out[his]}" || line="he is gone"
	echo "${line% }"
}
# his_config TEXT: "ok", or why not
his_config()
{
	printf '%s\n' "$1" >$tmp/text
	his "dd if=$tmp/text of=$proc/config bs=2M status=none && echo ok || cat $proc/error" | sed "s/^dd: error writing [^:]*: //"
}
# his_services N [OPTIONS]: statements of so many services, s0 and so on, on one VIP
his_services() { for ((i = 0; i < $1; i++)); do echo "service s$i tcp 10.0.0.1:$((i + 1)) ${2-}"; done; }

load
for i in user_services:256 user_backends:1024 user_entries:16384 user_slots:262144 user_clients:65536 log_users:N; do
	is "$(<$parameters/${i%:*})" "${i#*:}" "by default ${i%:*} is ${i#*:}"
done
over() { echo "Argument list too long expected at most $1: the module's parameter $2, for a namespace of a user"; }

# --- how many ---
many=$((SLOW > 1 ? 500 : 3000))
is "$(his_config "$(his_services 256)")" ok "256 services"
is "$(his_config "$(his_services 256; echo 'service more udp 10.0.0.1:1')")" "$(over 256 user_services)" "one more"
is "$(his "grep -c ^service $proc/config")" 256 "leaves what there was"
is "$(his_config "delete service s0; service more udp 10.0.0.1:1")" ok "one goes, one comes"
is "$(his_config "replace; $(for ((i = 0; i < many; i++)); do echo "service s$i tcp 10.0.0.1:1-65534 dev d$i"; done)")" \
	"$(over 256 user_services)" "$many services on one VIP"
echo $many >$parameters/user_services
echo 100000 >$parameters/user_entries
is "$(his_config "replace; $(for ((i = 0; i < many; i++)); do echo "service s$i tcp 10.0.0.1:1-65534 dev d$i"; done)")" \
	ok "if the administrator lets him"
echo 256 >$parameters/user_services
is "$(his "echo drop >$sys/s$((many - 1))/service/on_empty && cat $sys/s$((many - 1))/service/on_empty")" drop "a limit that shrinks takes nothing away"
is "$(his_config "delete service s$((many - 1))")" ok "nor refuses what takes less"
is "$(his_config "service s$((many - 1)) udp 10.0.0.1:1")" "$(over 256 user_services)" "but nothing is added"
is "$(his_config flush)" ok "none at all"

backends() { for ((i = 0; i < $1; i++)); do echo "backend s0/b$i 192.168.0.1:$((i + 1))"; done; }
is "$(his_config "$(his_services 1; backends 1024)")" ok "1 024 backends"
is "$(his_config 'service s1 udp 10.0.0.1:1; backend s1/b 192.168.0.1')" "$(over 1024 user_backends)" "one more, of another service"
echo 60 >$parameters/user_entries
is "$(his_config "replace; service r tcp 10.0.0.1:1-65534 10.0.0.2:1-65534")" ok "two ranges of 30 blocks each"
is "$(his_config "service q udp 10.0.0.1:1")" "$(over 60 user_entries)" "and a port"
echo 16384 >$parameters/user_entries

# --- what is remembered, by statements and by sysfs ---
is "$(his_config 'replace; service a tcp 10.0.0.1:1 max-clients 65000 persist 10
service b tcp 10.0.0.1:2 max-clients 1000')" ok "65 000 clients of one service, 1 000 of one that remembers none yet"
is "$(his_config 'set service b persist 10')" "$(over 65536 user_clients)" "which it may not"
like "$(his "echo 10 >$sys/b/service/persist")" "Argument list too long$" "by sysfs neither"
is "$(his "cat $sys/b/service/persist")" 0 "and that is not what it has"
is "$(his "echo 0 >$sys/a/service/persist && echo 10 >$sys/b/service/persist && cat $sys/b/service/persist")" 10 "one after the other"

# --- selections ---
echo 1000 >$parameters/user_slots
is "$(his_config 'replace; service w tcp 10.0.0.1:1; backend w/a 192.168.0.1 weight 500; backend w/b 192.168.0.2 weight 499')" ok "999 slots"
is "$(his_config 'service v udp 10.0.0.1:1; backend v/a 192.168.0.1; backend v/b 192.168.0.2')" "$(over 1000 user_slots)" "two more"
is "$(his_config 'replace; service w tcp 10.0.0.1:1; backend w/a 192.168.0.1 weight 40 warmup 10; backend w/b 192.168.0.2 weight 41')" \
	"$(over 1000 user_slots)" "sixteenths of weights are what counts where backends warm up"
is "$(his_config 'replace; service w tcp 10.0.0.1:1; backend w/a 192.168.0.1 weight 500 state down; backend w/b 192.168.0.2 weight 499 condition c')" \
	ok "those that are down count, too"
like "$(his "echo 997 >$sys/w/a/weight")" "Argument list too long$" "nor by sysfs"
is "$(his "cat $sys/w/a/weight")" 500 "and it is what it was"
like "$(his "echo 10 10 10 >$sys/w/service/eject")" "Argument list too long$" "eject has sixteenths, too"
is "$(his "echo up >$sys/w/a/state && echo 0 >$sys/w/a/up && echo 1 >$sys/w/a/up && cat $sys/w/a/usable")" 1 "health comes and goes"
echo 262144 >$parameters/user_slots

# --- a write of any length ---
head -c 1048577 /dev/zero | tr '\0' ' ' >$tmp/long
like "$(his "cp $tmp/long /dev/shm/long; dd if=$tmp/long of=$proc/config bs=2M 2>/dev/null; cat $proc/error")" \
	"^expected at most 1048576 bytes in one write$" "a megabyte and a byte"

# --- texts of the configuration, each of another moment ---
is "$(his_config 'replace; service w tcp 10.0.0.1:1; backend w/a 192.168.0.1; backend w/b 192.168.0.2')" ok "two backends"
cat >$tmp/texts <<END
while :; do echo 1 >$sys/w/a/weight; echo 2 >$sys/w/a/weight; done &
writer=\$!
coproc ${as_bare[*]} bash -c '
	ulimit -n 2000
	for i in {1..1500}; do exec {fd}<$proc/config; read -r -n 1 c <&\$fd || break; done
	echo \$i
	read -r'
read -r nr <&\${COPROC[0]}
kill \$writer
wait \$writer
[ \$nr -lt 1500 ] && grep -c ^service $proc/config
kill \$COPROC_PID
END
is "$(his ". $tmp/texts 2>$tmp/null")" 1 "one without rights holds all that he gets, and the configuration can be read"

# --- more namespaces ---
more=$((SLOW > 1 ? 8 : 60)) up=()
for ((i = 0; i < more; i++)); do
	open_way more unshare --user --map-root-user unshare --net bash -c "echo 'service s udp 10.0.0.1:1' >$proc/config; echo up; read -r"
	read -r answer <&"${way_out[more]}"
	up+=("$answer")
	ways+=("${way_in[more]}")
done
is "${up[*]}" "$(yes up | head -n $more | xargs)" "$more more"
# upkeep WHOSE KEY...: of the walk over conntrack, the host's or his
upkeep()
{
	local said key values=()
	if [ "$1" = his ]; then said=$(his "cat $proc/upkeep"); else said=$(<$proc/upkeep); fi
	for key in "${@:2}"; do
		[[ $said =~ $key=([0-9]+) ]] && values+=("${BASH_REMATCH[1]}")
	done
	echo "${values[*]}"
}
# rests WHOSE NR NAME: its upkeep rests for so many that walk: half a second, or a while for each
rests()
{
	local walks us ms rest
	walks=$(upkeep "$1" walks)
	poll "[ \$(upkeep $1 walks) -ge $((${walks:-0} + 2)) ]"
	read -r us ms < <(upkeep "$1" walk-us pause-ms)
	diag "$1: a walk of $us us, $ms ms of rest"
	rest=$((us * 64 * $2 / 1000))
	[ $rest -gt 500 ] || rest=500
	within "$ms" $((rest - 20)) $((rest + 20)) "$3"
}
configure 'service h tcp 10.0.0.1:1'
# Where there is no entry there is no walk.
echo >/dev/udp/127.0.0.1/9
rests host 1 "the host's upkeep does not rest for them"
his "ip link set lo up; echo >/dev/udp/127.0.0.1/9" >"$tmp/null"
rests his $((more + 2)) "his rests for all that walk"
for i in "${ways[@]}"; do echo >&"$i"; done

# --- root's own ---
node gate
his_services 300 "persist 10 max-clients 1000" >$tmp/text
is "$(ip netns exec gate bash -c "cat $tmp/text >$proc/config && grep -c ^service $proc/config")" 300 "a namespace of root has no such limits"

# --- the log ---
last() { dmesg | tail -n 1 | sed 's/^\[[^]]*\] //'; }
configure 'service h tcp 10.0.0.1:1; backend h/b 192.168.0.1; backend h/c 192.168.0.1'
echo 1 >$sys/h/b/up
echo "here" >/dev/kmsg
is "$(his "for i in {1..30}; do echo 0 >$sys/w/a/up; echo 1 >$sys/w/a/up; done; echo all")" all "60 changes of his"
is "$(last)" here "the log has none of them"
echo 0 >$sys/h/b/up
like "$(last)" "^nf_vip: service=h backend=b what=up value=0 by=checker " "but the host's"
echo Y >$parameters/log_users
is "$(his "for i in {1..30}; do echo 0 >$sys/w/a/up; echo 1 >$sys/w/a/up; done; echo all")" all "60 more, when it may"
like "$(last)" "^nf_vip: service=w backend=a what=up value=[01] by=checker " "are in it"
echo 1 >$sys/h/b/up
like "$(last)" "^nf_vip: service=h backend=b what=up value=1 " "and the host's are, too, however many they were"
echo N >$parameters/log_users

# --- the administrator replaces the module ---
is "$(his_config 'replace; service c tcp 10.0.0.1:1; confirm 3600')" ok "a change of his waits to be confirmed"
like "$("$vipctl" reload-module 2>&1 | grep -v "unloading takes long"; echo "${PIPESTATUS[0]}")" \
	"^vipctl: reload-module: unconfirmed and stays, in a user's namespace: [0-9]+
0$" "reload-module does not care, and says what becomes of it"
is "$(his "grep -c ^service $proc/config") $(grep -c ^service $proc/config)" "1 1" "he has his service, and the host its own"
echo 300 >$parameters/user_services
is "$(his_config "replace; $(his_services 300)")" ok "300 services"
echo 10 >$parameters/user_services
# Unloading may take its time on a slow machine, which is said.
is "$("$vipctl" reload-module 2>&1 | grep -v "unloading takes long"; echo "${PIPESTATUS[0]}")" "vipctl: reload-module: no services in a user's namespace, $(his "stat -Lc %i /proc/self/ns/net")
vipctl: reload-module: all of the host's are there
0" "reload-module goes on without them"
is "$(his "grep -c ^service $proc/config") $(grep -c ^service $proc/config) $(nft list tables)" "0 1 " "the host has all, and no rules of nftables"

done_testing
