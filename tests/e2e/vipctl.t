#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl against the kernel: every command, what it changes, what it says, how it exits. lib.sh's LAN; what vipctl can
# tell without a kernel is tested on the host, in tests/unit.
. "$(dirname "$0")/lib.sh"

# v ARGS...: "EXIT STATUS: OUTPUT", both streams
v()
{
	local out rc
	out=$("$vipctl" "$@" 2>&1)
	rc=$?
	echo "$rc:${out:+ $out}"
}

# --- without the module ---
[ ! -d /sys/module/nf_vip ] || unload
like "$(v show)" "^1: .*modprobe nf_vip" "without the module it says what is missing"
like "$(v add service a tcp 10.9.0.1:25)" "^1: .*modprobe nf_vip" "for changes, too"

load
lan 2
serve b1 25
serve b2 25

# --- add, del ---
is "$(v add service mail tcp 10.9.0.1:25)" "0:" "add service"
is "$(v add backend mail/b1 192.168.0.1 weight 2)" "0:" "add backend"
is "$(v add backend mail/b2 192.168.0.2)" "0:" "another"
is "$(call -c 6 10.9.0.1 25)" "b1=4 b2=2" "connections are balanced"
is "$(v add backend mail/b1 192.168.0.1)" "0:" "stated again, without its weight"
is "$(<$sys/mail/b1/weight)" 1 "the weight is the default again"
like "$(v add backend mail/b3 fd00::3)" '^1: vipctl: backend "mail/b3": expected an IPv4 address' \
	"the kernel's refusal is printed, without a line number"
like "$(v add backend web/b1 192.168.0.1)" '^1: vipctl: service "web": expected one that exists' "another one"
like "$(v add backend mail/b1 192.168.0.1 weight 5000)" '^2: vipctl: weight "5000": expected 0 to 1000' \
	"the grammar's refusal"
is "$(v del backend mail/b2)" "0:" "del backend"
ok "it is gone" poll "[ ! -d $sys/mail/b2 ]"
like "$(v del backend mail/b2)" '^1: vipctl: backend "mail/b2": expected one that exists' "a second time"
is "$(v add service web tcp 10.9.0.2:80)" "0:" "a service more"
is "$(v del service web)" "0:" "del service"
is "$(ls $sys)" mail "it is gone"

# --- up, down, drain ---
"$vipctl" add backend mail/b2 192.168.0.2 condition two
is "$(v drain mail/b1)" "0:" "drain"
is "$(call -c 2 10.9.0.1 25) $(<$sys/mail/b1/state)" "b2=2 drain" "no new connections"
is "$(v down mail/b1 mail/b2)" "0:" "down, two at once"
is "$(call -c 2 10.9.0.1 25)" "ECONNREFUSED=2" "nobody is left"
echo 0 >$sys/mail/b1/up
echo 1 >$cond/two
like "$(v up mail/b1)" "^0: vipctl: mail/b1.*(up|health)" "up says when health keeps it out"
like "$(v up mail/b2)" "^0: vipctl: mail/b2.*two" "or a condition flag"
echo 1 >$sys/mail/b1/up
echo 0 >$cond/two
is "$(v up mail/b1 mail/b2)" "0:" "and nothing when it is really up"
is "$(call -c 2 10.9.0.1 25)" "b1=1 b2=1" "both get connections"
like "$(v up mail/none mail/b1)" "^1: vipctl: mail/none: " "a backend that does not exist"

# --- save, check, apply ---
is "$(v save $tmp/saved)" "0:" "save"
is "$(<$tmp/saved)" "$(<$proc/config)" "what the kernel says"
is "$("$vipctl" save)" "$(<$proc/config)" "to the standard output as well"
# What is no file stays what it is.
mknod $tmp/device c 1 3
mkfifo $tmp/pipe
ln -s $tmp/later $tmp/link
is "$(v save $tmp/device) $(v metrics $tmp/device)" "0: 0:" "save and metrics into a device"
is "$(stat -c %t:%T $tmp/device)" "1:3" "which is still there"
cat $tmp/pipe >$tmp/through &
is "$(v save $tmp/pipe)" "0:" "into a FIFO"
wait $!
is "$(<$tmp/through)" "$(<$proc/config)" "whose reader gets it"
is "$("$vipctl" save /dev/stdout | cat)" "$(<$proc/config)" "into /dev/stdout, a pipe"
is "$(v save $tmp/link) $(readlink $tmp/link)" "0: $tmp/later" "through a link to a file that is not there yet"
is "$(<$tmp/later)" "$(<$proc/config)" "which is then"
ln -s $tmp/loop $tmp/pool
ln -s $tmp/pool $tmp/loop
is "$(v save $tmp/loop) $(readlink $tmp/loop)" "1: vipctl: $tmp/loop: Too many levels of symbolic links $tmp/pool" \
	"links in a circle are refused, and stay"
is "$(v check $tmp/saved)" "0: $tmp/saved: good, 1 service, 2 backends" "what was saved is a good configuration"
chosen=$(<$sys/mail/b1/chosen)
is "$(v apply $tmp/saved)" "0:" "and applies"
is "$(<$proc/config)" "$(<$tmp/saved)" "nothing is different"
is "$(<$sys/mail/b1/chosen)" "$chosen" "counters go on"
cat >$tmp/new <<-END
	# two services
	service mail tcp 10.9.0.1:25 scheduler random
	backend mail/b2 192.168.0.2
	service dns udp 10.9.0.1:25 on-empty drop
	backend dns/b1 192.168.0.1
END
is "$(v apply $tmp/new)" "0:" "apply a file without replace"
is "$(ls -d $sys/dns $sys/mail/b1 2>/dev/null)" $sys/dns "it is the whole configuration"
is "$(v apply - <$tmp/saved)" "0:" "apply the standard input"
echo 'backend mail/b9 192.168.0.9 weight many' >>$tmp/new
like "$(v apply $tmp/new)" "^1: vipctl: $tmp/new: line 6: weight \"many\"" "a bad file: file, line, word"
sed -i '$d' $tmp/new
echo 'service more tcp 10.9.0.1:25' >>$tmp/new
like "$(v apply $tmp/new)" "^1: vipctl: $tmp/new: line 6: service \"more\": another service has 10" \
	"refused by the kernel: the same form"
like "$(v check $tmp/new)" "^1: vipctl: $tmp/new: line 6: service \"more\": another service has 10" \
	"check says the same without the kernel"
is "$(<$proc/config)" "$(<$tmp/saved)" "nothing changed"

# --- several at a time: each hears what is wrong with its own ---
touch $tmp/go
while [ -e $tmp/go ]; do
	echo 'set service mail persist 60' >$proc/config
	echo 'set service mail persist 0' >$proc/config
done &
other=$!
wrong=()
for ((i = 0; i < 30; i++)); do
	said=$(v del service nobody$i)
	[ "$said" = "1: vipctl: service \"nobody$i\": expected one that exists" ] || wrong+=("$said")
done
rm $tmp/go
wait $other
is "${wrong[*]}" "" "30 refusals while another program succeeds"
exec {fd}<>$proc/config
{ echo 'delete service nobody' >&"$fd"; } 2>/dev/null
echo 'flush; delete service other' >$proc/config 2>/dev/null
is "$(cat <&"$fd")" 'error line 1: service "nobody": expected one that exists' "who was refused reads why where it wrote"
exec {fd}>&-

# --- whose a file is ---
: >$tmp/theirs
chown 65534:65533 $tmp/theirs
chmod 640 $tmp/theirs
ok "save into a file of somebody else" "$vipctl" save $tmp/theirs
is "$(stat -c '%u:%g %a' $tmp/theirs) $(head -n 1 $tmp/theirs)" "65534:65533 640 replace" "it stays his"

# --- show ---
like "$(v show)" "^0: nf_vip .*mail +tcp 10.9.0.1:25.*b1 +192.168.0.1:25 +up .*b2 " "show"
like "$(v show)" " MARK.*b1 .* 0x[0-9a-f]+" "to the last column"
isnt "$("$vipctl" show | tr -cd '\033')" $'\033' "no colours when it is not a terminal"

# --- who may ---
like "$(setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$vipctl" flush 2>&1)" "not permitted|CAP_NET_ADMIN" \
	"without CAP_NET_ADMIN nothing is changed"
is "$("${as_nobody[@]}" "$vipctl" show | head -n 1 | cut -d ' ' -f 1)" nf_vip \
	"anybody may read"

# --- flush ---
is "$(v flush)" "0:" "flush"
is "$(ls $sys) $(ls $cond)" " " "all is gone"
like "$(v nonsense)" "^2: " "an unknown command is exit status 2"
done_testing
