#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# usage: callees.pl MODULE.ko FUNCTION...
#
# Everything that these functions of a module can reach: one line "CALLER WHAT" for each kernel symbol that is called or
# read, "CALLER (indirect)" for each call through a pointer, "CALLER (atomic)" for each locked instruction. It follows
# every address of a function that code of the module mentions, jumps into the cold parts of functions included.
use strict;
use warnings;

my ($ko, @roots) = @ARGV;
my (%start, %name, %edges, %found);	# by section; by "section:address" of a function

# The function that an address of a section is in.
sub function_at
{
	my ($section, $address) = @_;
	my ($low, $high) = (0, $#{ $start{$section} // [] });
	while ($low < $high) {
		my $middle = int(($low + $high + 1) / 2);
		if ($start{$section}[$middle] <= $address) { $low = $middle } else { $high = $middle - 1 }
	}
	return $high < 0 ? undef : "$section:$start{$section}[$low]";
}

# Symbols: where each function begins, and what is not of this module.
my (%section, %undefined, %address);
open my $in, '-|', 'objdump', '-t', $ko or die "objdump: $!";
while (<$in>) {
	my ($value, $flags, $where, $symbol) = /^([0-9a-f]{16}) (.{7}) (\S+)\t[0-9a-f]+ (?:\.hidden )?(\S+)$/ or next;
	$undefined{$symbol} = 1 if $where eq '*UND*';
	next unless $where =~ /^\.(text|noinstr|altinstr)/ && $flags !~ /d/;
	$section{$symbol} //= $where;
	$address{$symbol} //= hex $value;
	$name{"$where:" . hex $value} = $symbol;
}
close $in or die "objdump -t $ko failed";
for (keys %name) {
	my ($where, $value) = /^(.*):(\d+)$/;
	push @{ $start{$where} }, $value;
}
$_ = [ sort { $a <=> $b } @$_ ] for values %start;

# Code: what each function mentions.
my ($where, $here, $jump) = ('', undef, undef);

# A jump whose target is not filled in yet seems to go to the next instruction: its relocation comes behind it.
sub take_jump
{
	$edges{ $jump->[0] }{ $jump->[1] } = 1 if $jump;
	$jump = undef;
}

open $in, '-|', 'objdump', '-dr', '--no-show-raw-insn', $ko or die "objdump: $!";
while (<$in>) {
	if (/^Disassembly of section (\S+):/) {
		take_jump();
		$where = $1;
	} elsif (/^\s+([0-9a-f]+):\t(?:notrack |bnd )?(.*)/) {
		my ($at, $code) = (hex $1, $2);
		take_jump();
		$here = function_at($where, $at) // next;
		$found{$here}{'(atomic)'} = 1 if $code =~ /^lock |^xchg .*\(/;
		$found{$here}{'(indirect)'} = 1 if $code =~ /^(call|jmp)\S*\s+\*/;
		if ($code =~ /^(?:call|j[a-z]+)\S*\s+([0-9a-f]+) </) {
			my $to = function_at($where, hex $1);
			$jump = [ $here, $to ] if defined $to;
		}
	} elsif (/^\s+[0-9a-f]+: R_X86_64_(\S+)\s+([^\s+-]+)(?:([+-])0x([0-9a-f]+))?/ && defined $here) {
		my ($type, $symbol, $offset) = ($1, $2, $4 ? hex "$4" : 0);
		$jump = undef;
		$offset = -$offset if ($3 // '') eq '-';
		if ($undefined{$symbol}) {
			$found{$here}{$symbol =~ /indirect_thunk/ ? '(indirect)' : $symbol} = 1;
			next;
		}
		# Relative ones count from the end of the field.
		$offset += 4 if $type =~ /PC32|PLT32/;
		my $to = exists $section{$symbol} && $symbol !~ /^\./ ?
			function_at($section{$symbol}, $address{$symbol} + $offset) : function_at($symbol, $offset);
		$edges{$here}{$to} = 1 if defined $to;
	}
}
take_jump();
close $in or die "objdump -dr $ko failed";

my %seen;
my @todo = map {
	exists $section{$_} or die "$ko has no function $_\n";
	"$section{$_}:$address{$_}";
} @roots;
while (defined(my $function = shift @todo)) {
	next if $seen{$function}++;
	push @todo, keys %{ $edges{$function} };
	print "$name{$function} $_\n" for sort keys %{ $found{$function} };
}
