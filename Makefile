# SPDX-License-Identifier: GPL-2.0
#
# The kernel's build reads Kbuild, not this file.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
DESTDIR ?=
PREFIX ?= /usr/local
DKMS ?= dkms

RUN := tests/rig/run.sh
KERNEL ?= uml
FUZZ_SECONDS ?= 60
FUZZ_KERNEL ?= $(if $(filter uml,$(KERNEL)),debug,$(KERNEL))
# End-to-end tests to run, as names in tests/e2e: make e2e T="recipe.t nat.t"
T ?=

all: module vipctl ## The module for the running kernel, and vipctl

module: ## nf_vip.ko for the kernel whose headers are in KDIR (or of version KVER)
	@case "$(CURDIR)" in *[[:space:]:]*) echo "the kernel's build cannot be used in \"$(CURDIR)\":" \
		"move the sources to a path without blanks and colons, or make dkms-install" >&2; exit 1 ;; esac
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

vipctl: ## userspace/build/vipctl
	$(MAKE) -C userspace all

install: ## vipctl, man pages, systemd units, the example of /etc/modprobe.d (DESTDIR, PREFIX)
	$(MAKE) -C userspace install DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"

uninstall: ## What install put there
	$(MAKE) -C userspace uninstall DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"

SOURCE := /usr/src/nf_vip-$(VERSION)
# Where Debian's kernels look for what to run when they are installed.
HOOKS ?= $(if $(wildcard /etc/kernel/header_postinst.d),/etc/kernel/postinst.d /etc/kernel/header_postinst.d)

dkms-install: ## Add, build and install the module with dkms for the kernel KVER
	@command -v $(DKMS) >/dev/null || \
		{ echo "dkms is missing: apt install dkms linux-headers-$(KVER)" >&2; exit 1; }
	@# Another source under the same version: dkms has to forget the old one.
	@if ! diff -rq kmod $(SOURCE)/kmod >/dev/null 2>&1 || \
	    ! diff -rq include $(SOURCE)/include >/dev/null 2>&1 || \
	    ! diff -q Kbuild $(SOURCE)/Kbuild >/dev/null 2>&1 || \
	    ! diff -q dkms.conf $(SOURCE)/dkms.conf >/dev/null 2>&1; then \
		$(MAKE) --no-print-directory dkms-remove && \
		mkdir -p $(SOURCE) && cp -r kmod include Kbuild dkms.conf COPYING $(SOURCE)/ && \
		find $(SOURCE) -name '*.o' -o -name '.*.cmd' | xargs -r rm -f; \
	fi
	@for dir in $(HOOKS); do install -m 755 kmod/dkms_nf_vip $$dir/ || exit; done
	@$(DKMS) status nf_vip/$(VERSION) | grep -q . || $(DKMS) add nf_vip/$(VERSION)
	$(DKMS) build nf_vip/$(VERSION) -k $(KVER)
	$(DKMS) install nf_vip/$(VERSION) -k $(KVER) --force

dkms-remove: ## Take the module out of dkms, for every kernel
	@if $(DKMS) status nf_vip/$(VERSION) | grep -q .; then \
		$(DKMS) remove nf_vip/$(VERSION) --all; \
	fi
	rm -rf $(SOURCE) $(HOOKS:%=%/dkms_nf_vip)

DEB := userspace/build/deb

deb: ## Debian packages nf-vip-dkms and nf-vip-tools, in userspace/build/deb
	@tests/rig/deps.sh deb
	@# Elsewhere: dpkg's tools and make split the path that the sources are in at its blanks.
	@rm -rf $(DEB) && mkdir -p $(DEB)
	@umask 022; work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && mkdir "$$work/source" && \
	tar -c --mode=go=rX --exclude=./.git --exclude=./tests --exclude=./userspace/build --exclude='*.o' \
		--exclude='.*.cmd' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' --exclude=modules.order \
		--exclude=Module.symvers . | tar -x -C "$$work/source" && \
	(cd "$$work/source" && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc -b) && \
	rm -rf "$$work/source" && cp "$$work"/* $(DEB)/
	@ls $(DEB)/*.deb

demo: ## The recipe's mail servers behind a gateway, balanced before your eyes
	@tests/demo/demo

quick: ## Before a commit: lint, unit, and the end-to-end tests that the change concerns; under 2 minutes
	@tests/check --tier quick

check: ## Lint, unit and end-to-end tests on one kernel, as a process; or the end-to-end tests T alone
	@tests/check --tier check --files "$(T)"

check-all: ## The same, and on every kernel
	@tests/check --tier all

# A part of `make nightly`, see tests/jobs.
PART ?=

nightly: ## Everything else, for hours; what has passed is not done again. One part: PART=kcsan, see `make parts`
	@tests/check --tier nightly --part "$(PART)"

parts: ## The parts of nightly
	@sed -nE '/^#/d; s/.*[[:space:],]nightly:([a-z0-9-]+).*/\1/p' tests/jobs | sort -u

times: ## Write tests/times, which a fresh machine splits its work by, from what the last runs took here
	@tests/check --times

kernels-table: ## Write the table of kernels in README.md from what has run here
	@tests/kernels_table

fresh: ## `make demo` and `make check` as on a new machine, in bare roots of Debian 12 and 13: SUITES=bookworm
	@tests/fresh $(SUITES)

compile: ## The module on every kernel that Debian has, and cross-compiled; or on KINDS alone
	@tests/compile $(KINDS)

lint: ## checkpatch, sparse, shellcheck, no locks in the packet path, versions
	@tests/lint

unit: ## Tests of the parser and of vipctl that need no kernel
	@tests/rig/deps.sh vipctl native
	prove tests/unit tests/fuzz

fuzz: ## The parser's fuzzer, for FUZZ_SECONDS (60)
	@$(MAKE) -C tests/fuzz fuzz

fuzz-kernel: ## The module's files, users and packets at random on KERNEL (debug), for FUZZ_SECONDS (60) from FUZZ_SEED on
	@tests/rig/deps.sh vipctl native
	@$(MAKE) -s -C tests/fuzz build/kernel_fuzz
	$(RUN) $(FUZZ_KERNEL) env FUZZ_SECONDS=$(FUZZ_SECONDS) $(if $(FUZZ_SEED),FUZZ_SEED=$(FUZZ_SEED)) tests/fuzz/kernel

e2e: ## End-to-end tests T (all) on KERNEL: uml, debug, bookworm, trixie, newest, kcsan ...
	@tests/rig/deps.sh vipctl native
	$(RUN) $(KERNEL) tests/e2e/run $(T)

hostile: ## Attacks: of clients, of users of a namespace, of nobody
	@tests/check --part hostile

smp: ## Every processor at once, on several kernels
	@tests/check --part smp

kcsan: ## Data races: end-to-end tests and KUnit under KCSAN
	@tests/check --part kcsan

memory: ## End-to-end tests on the debug kernel, with every kind of allocation failing in every write
	@tests/check --part memory

kunit: ## The KUnit suites on KERNEL
	$(RUN) --kunit $(KERNEL) tests/kunit/run

faults: ## Faults planted in the module, one at a time: is each found by what is said to find it?
	@tests/rig/deps.sh vipctl native vm
	tests/rig/faults.sh

system: ## Machines that boot with systemd, Debian packages: what needs a guest of its own
	@tests/rig/deps.sh vipctl native
	prove --timer tests/system

bench: ## nf_vip beside IPVS, nftables and the recipe, measured: 20 minutes on a quiet machine
	@tests/bench/bench

bench-smoke: ## Does each measurement still run, and each packet come through?
	@tests/bench/bench --smoke

clean: ## What was built in this tree; kernels are cached outside of it
	$(MAKE) -C userspace clean
	$(MAKE) -C tests/unit clean
	$(MAKE) -C tests/fuzz clean
	$(MAKE) -C tests/e2e clean
	rm -rf tests/bench/build
	find . -name '*.o' -o -name '.*.cmd' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' \
		-o -name modules.order -o -name Module.symvers | xargs -r rm -f

help: ## This list
	@sed -n 's/^\([a-z][a-z0-9-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | \
		while IFS='	' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

.PHONY: hostile fuzz-kernel fresh compile all module vipctl install uninstall dkms-install dkms-remove deb demo quick check check-all nightly parts times \
	kernels-table lint unit fuzz e2e smp kcsan memory kunit faults system bench bench-smoke clean help
