# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The emulated machines: sourced by run.sh, whose variables it uses. start_qemu leaves the process in $guest.

# shellcheck disable=SC2154,SC2034,SC2054	# variables of run.sh; commas are the emulator's
# machine: the emulator and its machine in $machine, the console and what else its kernel wants in $console_is, and what
# virtio is called there in $bus
machine()
{
	bus=pci
	case $(foreign_of "$kind") in
	arm64)	machine=(qemu-system-aarch64 -machine virt -cpu "max,pauth-impdef=on" -accel tcg,thread=multi)
		console_is=console=ttyAMA0 ;;
	s390x)	machine=(qemu-system-s390x -machine s390-ccw-virtio -cpu max -accel tcg,thread=multi)
		console_is=console=ttysclp0 bus=ccw ;;
	'')	machine=(qemu-system-x86_64 -machine pc -cpu max -accel "$("$RIG/kvm.sh" "$dir/image")")
		# acpi=noirq: the debug kernel under plain emulation loses interrupts otherwise.
		console_is="console=ttyS0 acpi=noirq" ;;
	*)	die "no machine for $kind: it can be compiled for, not run" ;;
	esac
}

start_qemu()
{
	local machine=() console_is='' bus='' root_is='' initrd=() show=()
	machine
	if [ -e "$dir/initrd" ]; then
		initrd=(-initrd "$dir/initrd")
	else
		root_is="rootfstype=9p root=root rootflags=trans=virtio,version=9p2000.L,msize=262144,cache=loose ro"
	fi
	[ "$root" = / ] || show=("$RIG/in_root.sh" --outside "$root")
	# The mitigations only cost time.
	"${show[@]}" "${machine[@]}" -nodefaults -no-user-config -display none -no-reboot \
		-m "${mem:-$kind_mem}" -smp "${cpus:-$kind_cpus}" -kernel "$dir/image" "${initrd[@]}" \
		-append "$console_is mitigations=off $root_is $append" \
		-serial "file:$log" \
		-fsdev "local,id=root,path=$root,security_model=none,readonly=on,multidevs=remap" \
		-device "virtio-9p-$bus,fsdev=root,mount_tag=root" \
		-fsdev "local,id=rig,path=$run,security_model=none" -device "virtio-9p-$bus,fsdev=rig,mount_tag=rig" \
		-device "virtio-serial-$bus" \
		-chardev file,id=out,path=/dev/fd/3 -device virtserialport,chardev=out,name=out,nr=1 \
		-chardev file,id=err,path=/dev/fd/4 -device virtserialport,chardev=err,name=err,nr=2 \
		</dev/null >"$run/qemu.log" 2>&1 &
	guest=$!
}

# emulator_fault LOG: did a guest die of what no processor does? Several processors that QEMU translates now and then run a
# breakpoint of the kernel's own patching (static keys) after the kernel has put the instruction back, and knows nothing of it:
# an int3 where the log shows other code.
emulator_fault()
{
	[ -z "$kind_uml" ] && [ "${cpus:-$kind_cpus}" -gt 1 ] || return 1
	awk '
		/int3: 0000/ && !died { died = 1 }
		died && /RIP: / { rip = rip $0; if (/nf_vip/) ours = 1 }
		died && /Code: / && !/<cc>/ { patched = 1 }
		/Oops|BUG:|WARNING:/ && !/int3/ { other = 1 }
		END { exit !(died && rip && patched && !ours && !other) }' "$1"
}
