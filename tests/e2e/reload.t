#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vipctl reload-module: the module is replaced, the connections go on. lib.sh's LAN; and a second gateway that has no
# network, only a service. Between the old module and the new one, a modprobe of ours waits.
. "$(dirname "$0")/lib.sh"

# reload ARGS...: in the background; gap waits until there is no module, done_reloading for the end, with the exit status
# in $status and what it said in $said.
reload()
{
	rm -f $tmp/gap $tmp/go $tmp/over
	{
		PATH=$tmp/commands:$PATH "$vipctl" reload-module "$@" >$tmp/said 2>&1
		echo $? >$tmp/over
	} &
	reloader=$!
}
gap() { ok "the module is gone" poll "[ -e $tmp/gap ] && [ ! -d /sys/module/nf_vip ]"; }
done_reloading()
{
	touch $tmp/go
	wait $reloader
	status=$(<$tmp/over)
	said=$(<$tmp/said)
}

# What a service has besides its configuration.
health()
{
	local b
	for b in b1 b2 b3 b4 b5; do echo "$(<$sys/t/$b/up) $(($(<$sys/t/$b/lease) > 0)) $(<$sys/t/$b/usable)"; done
	echo "$(<$cond/flag) $(<$sys/t/service/hold)"
}

mkdir $tmp/commands
cat >$tmp/commands/modprobe <<END
#!/bin/bash
PATH=${PATH@Q}
[ "\$1" != --dry-run ] || exec modprobe "\$@"
touch $tmp/gap
until [ -e $tmp/go ]; do read -r -t 0.02 <>$tmp/wait; done
[ ! -e $tmp/fail ] || { rm $tmp/fail; exit 1; }
exec modprobe "\$@"
END
chmod +x $tmp/commands/modprobe
mkfifo $tmp/wait

unload 2>/dev/null
load mark_mask=0xff00
lan 2
serve b1 25 53
serve b2 25 53
node gate
# Before the module, as ever; and so while it is away.
nft 'table inet t { chain m { type filter hook prerouting priority mangle; ip daddr 10.9.0.2 meta mark set 7; }; }'
configure 'service t tcp 10.0.0.1:25 on-down-tcp reset
backend t/b1 192.168.0.1 initial down
backend t/b2 192.168.0.2
backend t/b3 192.168.0.3 condition flag
backend t/b4 192.168.0.4 state drain
backend t/b5 192.168.0.5 initial unknown
service t6 tcp [2001:db8::1]:25
backend t6/b1 fd00::1
service u udp 10.0.0.1:53
backend u/b1 192.168.0.1
service m fwmark 0x7
backend m/b2 192.168.0.2:25
service r tcp 10.9.0.3:1-24,26-65535 dev wan
backend r/b1 192.168.0.1:25
service l tcp 10.9.0.5:25
backend l/b1 192.168.0.1
backend l/b2 192.168.0.2'
is "$(agent -n gate put $proc/config 'service other tcp 10.9.0.1:25; backend other/b 192.168.0.9')" ok "two namespaces"
put $sys/t/b1/up '1 3600' >$tmp/null
put $sys/t/b4/up 0 >$tmp/null
put $cond/flag 1 >$tmp/null
put $sys/t/service/hold on >$tmp/null
hold leaving client -c 2 10.9.0.5 25
configure 'delete backend l/b2'
is "$(<$sys/l/b2/leaving)" 1 "one backend leaves"
config=$(<$proc/config)
before=$(health)
# A checker that is not root has its backend's file, and a flag.
chown 65534:65534 $sys/t/b2/up
chmod 0600 $sys/t/b2/up $cond/flag
owners() { stat -c '%u:%g %a' $sys/t/b1/up $sys/t/b2/up $cond/flag $proc/clients $proc/explain; }
given=$(owners)

hold tcp client -c 2 10.0.0.1 25
is "$answer" "b1 b2" "TCP"
hold tcp6 client 2001:db8::1 25
hold udp client -u 10.0.0.1 53

# --- by modprobe ---
reload
gap
ask tcp
is "$answer" "b1 b2" "without a module: TCP goes on"
ask tcp6
is "$answer" b1 "so does TCP over IPv6"
ask udp
is "$answer" b1 "so does UDP"
"$peer" -n client call -j 2 10.0.0.1 25 >$tmp/new &
new=$!
"$peer" -n client call 2001:db8::1 25 >$tmp/new6 &
new6=$!
"$peer" -n client call 10.9.0.2 80 >$tmp/marked &
marked=$!
"$peer" -n client call 10.9.0.3 8000 >$tmp/range &
range=$!
ok "new connections get no answer" poll "[ \"\$(nsenter --net=/run/netns/client ss -Htn state syn-sent | wc -l)\" = 5 ]"
done_reloading
is "$status $said" "0 " "done"
wait $new $new6 $marked $range
is "$(<$tmp/new) $(<$tmp/new6) $(<$tmp/marked) $(<$tmp/range)" "b1=1 b2=1 b1=1 b2=1 b1=1" "then those connections are balanced"
ask tcp
is "$answer" "b1 b2" "the old ones go on"
ask leaving
is "$answer" "b1 b2" "that of the backend that was leaving, too"
is "$(<$proc/config)" "$config" "the configuration is the same"
is "$(health)" "$before" "health, leases, the flag and the hold, too"
is "$(owners)" "$given" "files belong to whom they were given"
# shellcheck disable=SC2016
is "$("${as_nobody[@]}" bash -c 'echo "1 5" >"$1"' sh $sys/t/b2/up 2>&1)" "" "so their checker goes on"
put $sys/t/b2/up 1 >$tmp/null
is "$(</sys/module/nf_vip/parameters/mark_mask)" 65280 "the parameter mark_mask"
like "$(agent -n gate put $proc/config '') $(nsenter --net=/run/netns/gate cat $proc/config)" 'service other tcp' \
	"the other namespace has its service again"
ok "live connections are counted again" poll "[ \"\$(<$sys/t/service/live) \$(<$sys/t6/service/live) \$(<$sys/u/service/live)\" = '2 1 1' ]"
is "$(nft list tables)" "table inet t" "nothing is left in nftables"

# --- a file, NAT rules beside, and a client that never stops ---
nft 'table ip nat { chain p { type nat hook postrouting priority srcnat; oifname "lan" masquerade; }; }'
hold natted client -c 2 10.0.0.1 25
ko=$NF_VIP_KO
case $ko in
*.xz)	xz -dc "$ko" >$tmp/nf_vip.ko; ko=$tmp/nf_vip.ko ;;
esac
reload "$ko"
asked=0 lost=
while [ ! -e $tmp/over ] || [ $asked -lt 5 ]; do
	ask natted
	[ "$answer" = "b1 b2" ] || lost+=" $answer"
	ask tcp
	[ "$answer" = "b1 b2" ] || lost+=" $answer"
	asked=$((asked + 1))
done
done_reloading
is "$status $said$lost" "0 " "a file: $asked questions on four connections all the while, and all answered"
is "$(<$proc/config)" "$config" "the configuration is the same"
is "$(call -c 2 10.0.0.1 25)" "b1=1 b2=1" "new connections are balanced"
nft delete table ip nat

# --- refused before anything happens ---
chosen=$(field 'service t' chosen)
echo garbage >$tmp/garbage.ko
head -c 20000 "$ko" >$tmp/short.ko
printf '\0name=nf_vip\0' >>$tmp/short.ko
printf '\xfd7zXZ' >$tmp/nf_vip.ko.xz
for i in "garbage.ko:expected the module nf_vip, not compressed" "nf_vip.ko.xz:expected the module nf_vip, not compressed" \
	"none.ko:No such file or directory" "short.ko:not for this kernel (see the kernel log)"; do
	is "$("$vipctl" reload-module "$tmp/${i%%:*}" 2>&1; echo $?)" "vipctl: $tmp/${i%%:*}: ${i#*:}"$'\n'1 "refuses ${i%%:*}"
done
is "$(field 'service t' chosen) $(nft list tables)" "$chosen table inet t" "the module never noticed"

# --- what does not go into a reload ---
mkfifo $tmp/fifo.ko /run/netns/fifo
ln -s loop /run/netns/loop
: >/run/netns/.tmp/../stale
is "$("$vipctl" reload-module $tmp/fifo.ko 2>&1; echo $?)" "vipctl: $tmp/fifo.ko: expected the module nf_vip, not compressed"$'\n'1 "a FIFO"
echo 7 >/sys/module/nf_vip/parameters/user_services
is "$("$vipctl" reload-module 2>&1; echo $?) $(</sys/module/nf_vip/parameters/user_services)" "0 7" \
	"a parameter that was changed is kept, and a name without a namespace is none"
echo 256 >/sys/module/nf_vip/parameters/user_services
rm /run/netns/{stale,fifo,loop}
exec {lock}<>/run/nf_vip.reload.lock
flock -n $lock
is "$("$vipctl" reload-module 2>&1; echo $?)" "vipctl: reload-module: another one is on its way"$'\n'1 "two at a time"
exec {lock}>&-
# --- the new module does not load: the old one comes back ---
touch $tmp/fail
reload
gap
done_reloading
is "$status $said" "1 vipctl: modprobe does not load nf_vip
vipctl: reload-module: going back to the module that modprobe finds" "it fails once: says so"
is "$(<$proc/config) $(nft list tables)" "$config table inet t" "and all is as it was"
ask tcp
is "$answer" "b1 b2" "the connections, too"

# --- a namespace cannot have what it had: the others do ---
node bad
ip netns exec bad bash -c "echo 'service x udp 10.9.0.1:9' >$proc/config"
cp $tmp/commands/modprobe $tmp/modprobe
cat >$tmp/commands/modprobe <<END
#!/bin/bash
PATH=${PATH@Q}
modprobe "\$@" && { [ "\$1" = --dry-run ] || ip netns exec bad bash -c "echo 'service y udp 10.9.0.1:10; confirm 60' >$proc/config"; }
END
reload
done_reloading
like "$status $said" '^1 .*no services there: their configurations are in /run/nf_vip.reload' "a change that waits is in the way of one"
is "$(<$proc/config) $(nft list tables)" "$config table inet t" "the host is served, without a guard"
like "$(call -c 2 10.0.0.1 25)" "b[12]=" "and so are clients"
is "$(ip netns exec bad nft list tables) $(sed -n 2p "/run/nf_vip.reload.$(ip netns exec bad stat -Lc %i /proc/self/ns/net)")" \
	"table inet nf_vip_keep service x udp 10.9.0.1:9 scheduler nth on-empty reject" "what the other one had is kept, and its guard"
ask tcp
is "$answer" "b1 b2" "the connections go on"
ip netns del bad
rm /run/nf_vip.reload.*
mv $tmp/modprobe $tmp/commands/modprobe

# --- nor does the old one ---
cp $tmp/commands/modprobe $tmp/modprobe
echo '#!/bin/sh
[ $# = 2 ]' >$tmp/commands/modprobe
reload
done_reloading
like "$status $said" '^1 .*no services there: their configurations are in /run/nf_vip.reload' "it fails for good: says what to do"
ask tcp
is "$answer" "b1 b2" "the connections go on"
is "$(call -w 200 10.0.0.1 25)" timeout=1 "nobody answers in the module's place"
load mark_mask=0xff00
ok "what was saved can be applied" "$vipctl" apply "/run/nf_vip.reload.$(stat -Lc %i /proc/self/ns/net)"
is "$(<$proc/config) $(call -c 1 10.0.0.1 25) $(nft list tables)" "$config b2=1 table inet t" "then all is well"
ask tcp
is "$answer" "ECONNRESET b2" "but for health, which nobody knows: a backend that begins down loses what it has, if so configured"

# --- what only another module has, and the one that comes would refuse; its files are made of files ---
mkdir -p $tmp/net/nf_vip
cp $proc/status $proc/error $tmp/net/nf_vip
other=$tmp/net/nf_vip/config
printf 'service x tcp 10.0.0.9:25\nbackend x/service 192.168.0.1\n' >$other
before=$(state)
# shellcheck disable=SC2016
is "$(unshare --mount bash -c 'mount --bind "$1" /proc/$$/net && exec "$2" reload-module' sh $tmp/net "$vipctl" 2>&1; echo $?)" \
	"vipctl: reload-module: net:[$(stat -Lc %i /proc/self/ns/net)]: the next module would refuse: line 2: \"x/service\": sysfs has the files of the service there; take another name"$'\n'1 \
	"a configuration that the next module would refuse is refused while this one serves"
is "$(state) $(nft list tables)" "$before table inet t" "nothing has changed"

# --- it is killed: what is left, who says so, and what mends it ---
rm -f $tmp/gap $tmp/go
mv $tmp/modprobe $tmp/commands/modprobe
PATH=$tmp/commands:$PATH "$vipctl" reload-module 2>$tmp/said &
reloader=$!
gap
for signal in QUIT USR1 XCPU TSTP TERM INT; do kill -$signal $reloader; done
is "$(sed 's/.*) \(.\).*/\1/' /proc/$reloader/stat)" S "no signal ends it, or stops it"
kill -KILL $reloader
wait $reloader 2>/dev/null
touch $tmp/go
ok "its modprobe loads the module" poll "[ -e $proc/config ]"
rescue=/run/nf_vip.reload.$(stat -Lc %i /proc/self/ns/net)
is "$(sed 1d "$rescue")" "$(sed 1d <<<"$config")" "the configuration is there"
is "$(call -w 200 10.0.0.1 25)" timeout=1 "and what drops new connections"
# As the unit has it, with ProtectSystem=strict; in mounts of its own.
like "$("$vipctl" doctor)" "error reload-left: table inet nf_vip_keep.*mend: modprobe nf_vip && vipctl apply $rescue" "doctor says what to do"
is "$(unshare --mount bash -c 'mount --rbind /run /run && mount -o remount,bind,ro /run; exec "$@"' sh "$vipctl" apply "$rescue" 2>&1; echo $?)" "vipctl: $rescue: deleted table inet nf_vip_keep, which a reload-module left that was ended
0" "which brings the services back, and takes that away"
is "$(<$proc/config) $(nft list tables)" "$config table inet t" "all is as it was"
is "$("$vipctl" doctor | grep -c reload-left)" 0 "and well"
ask tcp
like "$answer" " b2$" "the connections go on"
rm "$rescue"

unload
is "$("$vipctl" reload-module 2>&1; echo $?)" \
	"vipctl: reload-module: the module is not there: is nf_vip loaded? (modprobe nf_vip)"$'\n'1 "without a module"
done_testing
