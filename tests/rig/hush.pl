#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# usage: hush.pl RUN BOOT SILENCE [TIMEOUT]
#
# For run.sh. The guest whose directory is RUN may take BOOT seconds to start; from then on its script has to say
# something every SILENCE seconds (which touches RUN/heard). If it does not, makes RUN/silent, for the guest to end it,
# and returns when that had its time, too: the guest hangs then. With TIMEOUT, returns when that is over as well.
use strict;
use warnings;

my ($run, $boot, $silence, $timeout) = @ARGV;
my ($began, $told) = (time, 0);

while (1) {
	sleep 1;
	my $heard = (stat "$run/heard")[9] // exit;
	exit if $timeout && time > $began + $timeout + $boot;
	exit if $told && time > $told + 60 + $boot / 4;
	# Once it has spoken it has booted.
	next if $told || time <= $heard + $silence + ($heard > $began + 1 ? 0 : $boot);
	open my $file, '>', "$run/silent" or exit;
	$told = time;
}
