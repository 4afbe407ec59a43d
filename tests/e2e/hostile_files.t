#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Readers and writers of our files whose memory never comes: what unloading waits for, and that services run meanwhile.
# lib.sh's LAN, and a namespace of a user.
. "$(dirname "$0")/lib.sh"

# begin TAG WORD FILE: in the background, from this namespace; until the kernel waits for its memory
begin()
{
	open_way "$1" "$HERE/build/stuck" "$2" "$3"
	stuck=$!
	read -r -t $patience -u "${way_out[$1]}" answer || answer="no answer"
}
end() { kill -KILL $stuck; wait $stuck 2>/dev/null; }

load
lan 2
serve b1 25
serve b2 25
text='service s tcp 10.0.0.1:25 persist 60
backend s/b1 192.168.0.1 condition one
backend s/b2 192.168.0.2'
configure "$text"
call 10.0.0.1 25 >/dev/null
begin probe read $proc/config
if [[ $answer = userfaultfd:* ]]; then
	echo "1..0 # SKIP this kernel has no userfaultfd; Debian's have"
	exit 0
fi
end

i=0
for file in config:read config:write status:read clients:read upkeep:read explain:read explain:write; do
	begin $((i++)) "${file#*:}" "$proc/${file%:*}"
	is "$answer" stuck "$file: the caller waits for its memory"
	like "$(rmmod nf_vip 2>&1)" "in use" "$file: the module does not go"
	like "$(call 10.0.0.1 25) $(field 'service s' usable)" "^b[12]=1 2$" "$file: the service goes on"
	ok "$file: others read and write" put $sys/s/b1/up 1
	end
done
for file in read write; do
	begin $((i++)) "$file" "$cond/one"
	is "$answer" stuck "a flag, $file: the caller waits"
	like "$(rmmod nf_vip 2>&1)" "in use" "a flag, $file: the module does not go"
	end
done

# --- a flag that nobody names any more, and a namespace that ends, while one of their readers waits ---
begin $((i++)) read "$cond/one"
is "$answer" stuck "a reader of a flag waits"
is "$(config 'backend s/b1 192.168.0.1')" ok "the backend does without it, and nobody waits for the reader"
is "$(config 'backend s/b1 192.168.0.1 condition one') $(put $cond/one 1) $(<$sys/s/b1/usable)" "ok ok 0" "the flag comes back, and works"
is "$(config 'backend s/b1 192.168.0.1') $(<$sys/s/b1/usable)" "ok 1" "and goes again"
is "$(config 'backend s/b1 192.168.0.1 condition one') $(<$cond/one) $(<$sys/s/b1/usable)" "ok 0 1" "the next one begins at 0"
configure 'backend s/b1 192.168.0.1'
end
ok "its file goes when the reader does" poll "[ ! -e $cond/one ]"
configure 'backend s/b1 192.168.0.1 condition one'
configure 'backend s/b1 192.168.0.1 condition one; backend s/b2 192.168.0.2 condition two'
begin $((i++)) read "$cond/one"
is "$(config 'backend s/b2 192.168.0.2; backend s/b1 192.168.0.1') $(ls $cond)" "ok one" "of two flags that go, one is kept"
is "$(config 'backend s/b1 192.168.0.1 condition one; backend s/b2 192.168.0.2 condition two') $(cd $cond && echo *)" "ok one two" "and both can be had again"
configure 'backend s/b2 192.168.0.2; backend s/b1 192.168.0.1'
end
ok "then the other one goes, too" poll "[ ! -e $cond/one ]"
configure 'backend s/b1 192.168.0.1 condition one'
node gone
ip netns exec gone "$peer" agent <$tmp/fifo0 >$tmp/null &
inside=$!
poll "[ \$(readlink /proc/$inside/ns/net) != \$(readlink /proc/self/ns/net) ]"
begin $((i++)) read "/proc/$inside/net/nf_vip/status"
is "$answer" stuck "a reader of another namespace waits"
kill -KILL $inside
wait $inside 2>/dev/null
ip netns del gone
node other
ip link add probe type veth peer name eth0 netns other
ip netns del other
ok "whose end holds up no other one" poll "! ip link show probe"
end
ok "afterwards it goes" poll unload
is "$(ls -d $sys $proc $cond 2>/dev/null)" "" "and leaves nothing"

# Files of sysfs have their own memory in between.
load
configure "$text"
begin $((i++)) read $sys/s/b1/up
is "$answer" stuck "sysfs: the caller waits"
ok "sysfs: and nobody for it" poll unload
end

# --- far into the file: of 3001 lines ---
load
for ((n = 0; n < 1500; n++)); do
	printf 'service s%d tcp 10.0.0.1:%d\nbackend s%d/b 192.168.0.1\n' $n $((n + 1000)) $n
done >$tmp/many
dd if=$tmp/many of=$proc/config bs=2M status=none || bail "$(<$proc/error)"
size=$(wc -c <$proc/status)
mkdir "$tmp/tracing"
mount -t tracefs tracefs "$tmp/tracing"
trace() { echo "$2" >"$tmp/tracing/$1"; }
trace set_ftrace_filter mutex_unlock
trace current_tracer function
python3 -c 'import os, sys; print(len(os.pread(os.open(sys.argv[1], 0), 1, int(sys.argv[2]))))' $proc/status $((size - 1)) >$tmp/last
trace tracing_on 0
# The compiler may have put the one into the other.
within "$(grep -cE 'python3-.* mutex_unlock <-(unlock|let_others|status_next|status_stop)' "$tmp/tracing/trace")" 46 50 \
	"who reads the last byte lets others have the lock after each 64 lines"
is "$(<$tmp/last)" 1 "and gets it"

# --- questions ---
# in_turn COMMAND...: does it wait for its turn to be answered? yes or no
in_turn()
{
	trace trace ''
	trace tracing_on 1
	"$@" bash -c "exec 3<>$proc/explain && echo 'tcp 10.0.0.9:1 10.0.0.1:1025' >&3 && cat <&3" >"$tmp/answer"
	trace tracing_on 0
	grep -qE ' mutex_lock_interruptible <-(answer_in_turn|explain_show)' "$tmp/tracing/trace" && echo yes || echo no
}
trace set_ftrace_filter mutex_lock_interruptible
is "$(in_turn "${as_bare[@]}") $(grep -cm 1 s25 "$tmp/answer")" "yes 1" "who has no rights is answered in turn"
is "$(in_turn env) $(grep -cm 1 s25 "$tmp/answer")" "no 1" "the administrator at once"
trace current_tracer nop
trace set_ftrace_filter ''
trace tracing_on 1
umount "$tmp/tracing"
ok "unload" unload

# --- somebody else's ---
load
configure "$text"
# A file system in user space is his without this.
echo 1 >/proc/sys/vm/unprivileged_userfaultfd
# The owner of /proc/net is known when the namespace is made: the user namespace comes first.
open_way his unshare --user --map-root-user unshare --net "$HERE/build/stuck" read $proc/status
stuck=$!
read -r -t $patience -u "${way_out[his]}" answer
echo 0 >/proc/sys/vm/unprivileged_userfaultfd
is "$answer" stuck "a user's"
like "$(rmmod nf_vip 2>&1)" "in use" "the module does not go"
like "$(call 10.0.0.1 25)" "^b[12]=1$" "the host's service goes on"
ok "namespaces come and go" eval 'ip netns add more && ip netns del more'
is "$("$vipctl" reload-module 2>$tmp/said; echo $?)" 1 "reload-module is refused"
like "$(<$tmp/said)" "nf_vip: in use.*process $stuck \(stuck\) has /proc/.*/net/nf_vip/status open" "and says whose fault it is"
is "$(nft list tables) $(call 10.0.0.1 25 | tr 2 1)" " b1=1" "no rules are left behind"
"$vipctl" reload-module 2>$tmp/said &
reloader=$!
# The process of its own that unloads, between two tries, of which there are 20; no program that it starts sleeps.
child=none sleeps=''
unloading()
{
	read -r child <"/proc/$reloader/task/$reloader/children"
	[ -n "$child" ] && read -r sleeps <"/proc/$child/wchan"
	[ "$sleeps" = hrtimer_nanosleep ] && kill -STOP "$child"
}
poll unloading || bail "nobody unloads"
is "$(nft list tables) $(call 10.0.0.1 25 | tr 2 1)" "table inet nf_vip_keep b1=1" "while unloading takes its time new connections are balanced"
kill -CONT "$child"
wait $reloader
is "$? $(nft list tables)" "1 " "then it is refused"
kill -KILL $stuck
ok "when he is gone it goes" poll "$vipctl reload-module"
is "$(grep -c ^backend $proc/config) $(call 10.0.0.1 25 | tr 2 1)" "2 b1=1" "and all is there again"

# --- a module that does not load, while he tries to be the first to read ---
unload
echo 1 >/proc/sys/vm/unprivileged_userfaultfd
open_way his unshare --user --map-root-user unshare --net "$HERE/build/stuck" first $proc/status
stuck=$!
refused=0
for i in {1..40}; do
	modprobe nf_vip "config=\"${text//$'\n'/; }; backend none/b 192.168.0.1\"" 2>/dev/null || refused=$((refused + 1))
done
is "$refused $(ls -d $proc 2>/dev/null)" "40 " "it is refused as if nobody were there"
load
read -r -t $patience -u "${way_out[his]}" answer
echo 0 >/proc/sys/vm/unprivileged_userfaultfd
is "$answer" stuck "he has it when it is loaded"
kill -KILL $stuck
ok "and does not keep it" poll unload

done_testing
