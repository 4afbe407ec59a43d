#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: run.sh [OPTION...] KIND SCRIPT [ARGS...]
#
#   --mem MB        memory of the guest        --cpus N      its processors (UML has one)
#   --silence S     end a script that prints nothing for S seconds (some minutes, by KIND): what works may work on
#   --timeout S     end it after S seconds     --console     show the kernel log on stderr as it comes
#   --systemd DIR   lay DIR over the guest's root and have systemd as process 1: it starts what DIR enables, and nothing of
#                   that root, then SCRIPT (stock kernels only)
#   --kunit         load-able module with its KUnit suites   --no-module   do not build one at all
#
# Boots KIND (see kernel.sh) with this machine's root file system, or for stock kernels that of a Debian of
# their own, read-only under a tmpfs, runs SCRIPT there as root in
# the repository's directory, and gives back its output and exit status. `modprobe nf_vip` works in the guest. The
# script sees NF_VIP_KERNEL (KIND), NF_VIP_KO (the module's path), NF_VIP_SLOW (factor for its deadlines) and every
# exported NF_VIP_* variable of the caller.
#
# Own exit statuses: 120 the emulator was wrong, once more may be right, 124 too long or silent, 125 the guest did not boot or died, 126 the kernel reported something (a warning, a
# lock cycle, a leak ...), whatever the script said: a kernel report is a failed test.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$RIG/emulate.sh"

mem='' cpus='' silence='' timeout='' kunit='' module=1 console='' systemd=''
usage() { sed -n '4,12p' "$0" | cut -c3- >&2; exit 125; }

while [ $# -gt 0 ]; do
	case $1 in
	--mem)		mem=$2; shift ;;
	--cpus)		cpus=$2; shift ;;
	--silence)	silence=$2; shift ;;
	--timeout)	timeout=$2; shift ;;
	--systemd)	systemd=$(realpath -- "$2"); shift ;;
	--kunit)	kunit=kunit ;;
	--no-module)	module='' ;;
	--console)	console=1 ;;
	--)		shift; break ;;
	-*)		usage ;;
	*)		break ;;
	esac
	shift
done
if [ $# -lt 2 ] || ! is_kind "$1"; then usage; fi
kind=$1 script=$2
shift 2
[ -z "$systemd" ] || is_stock "$kind" || usage
# A name with a slash is a path; one without is a program of the guest (`run.sh uml true`).
case $script in
*/*)	script=$(realpath -- "$script") ;;
esac

kind_props "$kind"
[ -z "$systemd" ] || kind_boot=$((kind_boot + 200))
# Longer than a test file may be silent, see tests/e2e/run.
silence=${silence:-$((300 + 60 * kind_slow))}

# The guest's process, the readers of its output, and the directory of this run.
guest='' readers=() run=''

cleanup()
{
	local rc=$? p
	trap - EXIT
	trap '' INT TERM HUP
	if [ -n "$guest" ]; then
		# UML makes itself a session leader; its processes are the members.
		kill -KILL "$guest" 2>/dev/null || true
		kill -KILL -- "-$guest" 2>/dev/null || true
		wait "$guest" 2>/dev/null || true
	fi
	for p in "${readers[@]}"; do
		kill "$p" 2>/dev/null || true
	done
	[ -z "$run" ] || [ "$rc" -ge 120 ] || rm -rf "$run"
	exit "$rc"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

[ -n "$kind_uml" ] || "$RIG/deps.sh" vm
[ -z "$(foreign_of "$kind")" ] || "$RIG/deps.sh" foreign
dir=$("$RIG/kernel.sh" "$kind" | tail -n 1) || exit 125
root=$(root_of "$kind")
ko=''
modules=$dir/modules/lib/modules/$(<"$dir/release")
dkms=''
if [ -n "$module" ]; then
	# shellcheck disable=SC2086	# empty or one word
	ko=$("$RIG/module.sh" "$kind" $kunit | tail -n 1) || { say "the module does not build"; exit 125; }
	modules=${ko%/updates/*}
	[[ $ko != */updates/dkms/* ]] || dkms=${modules%/lib-modules/*}
	"$RIG/tools.sh" "$kind" || { say "vipctl or what the tests use does not build"; exit 125; }
fi

mkdir -p "$CACHE/run"
# Runs that failed stay for a look; not for ever.
find "$CACHE/run" -mindepth 1 -maxdepth 1 -type d -mtime +2 -exec rm -rf {} + 2>/dev/null || true
run=$(mktemp -d "$CACHE/run/$kind-XXXXXX")
log=$run/console.log
: >"$log"

# quoted WORD...: for a shell to read back.
quoted() { local w; for w in "$@"; do printf " '%s'" "${w//\'/\'\\\'\'}"; done; }

write_job()
{
	local v
	{
		for v in UML="$kind_uml" RELEASE="$(<"$dir/release")" MODULES="$modules" DKMS="$dkms" REPO="$REPO" \
			 CACHE="$CACHE" SYSTEMD="$systemd"; do
			echo "${v%%=*}=$(quoted "${v#*=}" | cut -c2-)"
		done
	} >"$run/job"
	{
		echo "#!/bin/busybox sh"
		echo "cd$(quoted "$REPO") || exit 125"
		echo "unset RIG mem"
		for v in $(compgen -A export NF_VIP_ || true); do
			echo "export$(quoted "$v=${!v}")"
		done
		echo "export$(quoted NF_VIP_KERNEL="$kind" NF_VIP_KO="$ko" NF_VIP_SLOW="$kind_slow" HOME=/root USER=root \
			LOGNAME=root SHELL=/bin/bash TERM=dumb LANG=C.UTF-8 LC_ALL=C.UTF-8)"
		# SIGALRM makes `timeout` say that the time is over; init.sh sends it to a script that is silent.
		echo 'echo $$ >/run/rig-script'
		echo "exec /usr/bin/timeout -k 10$(quoted "${timeout:-0}" "$script" "$@")"
	} >"$run/start"
	chmod 755 "$run/start"
}

# The guest has its own /tmp: take along a script that does not live in the repository.
case $script in
"$REPO"/*)	;;
*/*)		install -m 755 "$script" "$run/script"; script=$run/script ;;
esac
write_job "$@"
# A kernel's command line knows no quotes; the repository may be in a path that would want some.
install -m 755 "$RIG/init.sh" "$run/init.sh"
[ -z "$systemd" ] || cp -a "$systemd" "$run/root"

# The guest's output goes through a pipe and a reader of its own: UML makes its descriptors non-blocking, which must
# not happen to the caller's stdout.
mkfifo "$run/out" "$run/err"
touch "$run/heard"
"$RIG/relay.pl" "$run/heard" <"$run/out" & readers+=($!)
"$RIG/relay.pl" "$run/heard" <"$run/err" >&2 & readers+=($!)
exec 3>"$run/out" 4>"$run/err"
rm "$run/out" "$run/err"

# Everything may be written to the kernel log from user space, without the usual rate limit.
append="RIG=$run init=$run/init.sh panic=-1 printk.devkmsg=on loglevel=8"

# processors: those that this process may run on, a line each
processors()
{
	local from to
	sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status | tr ',' '\n' | while IFS=- read -r from to; do
		seq "$from" "${to:-$from}"
	done
}

# UML hands over to another process of its own at each system call and page fault, which takes less time on one processor.
# So each guest has one that no other has, if there is such a one; in $pinned. The guest inherits the lock, and has it
# for as long as it runs.
own_processor()
{
	local c fd
	mkdir -p "$CACHE/lock"
	for c in $(processors); do
		exec {fd}>"$CACHE/lock/processor-$c"
		if flock -n "$fd"; then
			pinned=(taskset -c "$c")
			return
		fi
		exec {fd}>&-
	done
}

start_uml()
{
	local pinned=()
	own_processor
	# shellcheck disable=SC2086	# words of the command line
	"${pinned[@]}" "$dir/image" mem="${mem:-$kind_mem}M" rootfstype=hostfs rootflags=/ ro \
		con=null con0=null,fd:2 ssl0=null,fd:3 ssl1=null,fd:4 ssl=null $kind_args "$append" \
		</dev/null >>"$log" 2>&1 &
	guest=$!
}

if [ -n "$console" ]; then
	tail -f -n +1 "$log" >&2 3>&- 4>&- & readers+=($!)
fi
if [ -n "$kind_uml" ]; then start_uml; else start_qemu; fi
exec 3>&- 4>&-

# The guest ends its script, told by the file `silent` or by its own clock; after some grace it hangs itself.
late=''
"$RIG/hush.pl" "$run" "$kind_boot" "$silence" "$timeout" & watch=$!
readers+=("$watch")
wait -n "$guest" "$watch" || true
kill -0 "$guest" 2>/dev/null && late=1
if [ -n "$late" ]; then
	kill -KILL "$guest" 2>/dev/null || true
	kill -KILL -- "-$guest" 2>/dev/null || true
fi
wait "$guest" 2>/dev/null || true
guest=''
# All that the guest has said is in the pipes now; let it through.
wait "${readers[0]}" "${readers[1]}" || true

if [ ! -s "$run/status" ]; then
	tail -n 60 "$log" >&2
	[ ! -s "$run/qemu.log" ] || tail "$run/qemu.log" >&2
	if [ -n "$late" ]; then
		say "the guest hangs; its kernel log: $log"
		exit 124
	fi
	say "the guest died before the script ended; its kernel log: $log"
	! emulator_fault "$log" || exit 120
	exit 125
fi
if [ -s "$run/kmemleak" ] && [ -s "$run/symbols" ]; then
	# Name the bare addresses in the backtraces, as the module was loaded last. Code of its init is gone by then.
	perl -i -pe 'BEGIN {
			open S, "<", shift; no warnings "portable";
			@s = sort { $b->[0] <=> $a->[0] }
				map { my @f = split; $f[1] =~ /t/i ? [ hex $f[0], $f[2] ] : () } <S>;
		}
		s{^(\s+)0x([0-9a-f]{8,16})$}{
			my ($blank, $a) = ($1, hex $2); my ($f) = grep { $_->[0] <= $a && $a < $_->[0] + 4096 } @s;
			$blank . ($f ? sprintf("%s+0x%x [nf_vip]", $f->[1], $a - $f->[0]) : "0x$2") }e' \
		"$run/symbols" "$run/kmemleak"
fi
if ! "$RIG/scan.sh" "$log" "$run/kmemleak" >&2; then
	say "the kernel reported something (the script's own status: $(<"$run/status")); its log: $log"
	exit 126
fi
rc=$(<"$run/status")
[ "$rc" -lt 124 ] || say "status $rc; the kernel log: $log"
exit "$rc"
