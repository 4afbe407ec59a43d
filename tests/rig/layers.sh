#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: layers.sh TREE OBJECTS
#
# Does anything of TREE, kmod or userspace, run upward? OBJECTS is where the compiler put its objects. Prints each #include and
# each call that leads to a higher layer of tests/layers, each circle of calls, and each folder that the table does not know.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
tree=${1-} objects=${2-}
if ! [ -d "$REPO/$tree" ] || ! [ -d "$objects" ]; then die "usage: $me TREE OBJECTS"; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# FOLDER RANK, from the top down.
awk -v tree="$tree" '$1 == tree { print $2, ++rank }' "$REPO/tests/layers" >"$work/ranks"
[ -s "$work/ranks" ] || die "tests/layers has no layer of $tree"

# Committed or not.
sources() { (cd "$REPO/$tree" && git ls-files -co --exclude-standard "$@" | while read -r f; do [ ! -e "$f" ] || echo "$f"; done); }

# FROM TO WHY: names of files without their endings; WHY is a line of a source, or a symbol. An include names the folder.
includes()
{
	sources '*.[ch]' | (cd "$REPO/$tree" && xargs grep -nE '^#include [<"]' /dev/null) |
		sed -nE 's,^([^:]*)\.[ch]:([0-9]+):#include ([<"])([^">]*)\.h.*,\1 \2 \3 \4,p' |
		while read -r from line quote to; do
			if [ -e "$REPO/$tree/$to.h" ]; then
				echo "$from $to line $line includes it"
			elif [ "$quote" = '"' ] && ! [ -e "$REPO/include/$to.h" ] && ! [ -e "$REPO/kmod/$to.h" ]; then
				echo "$tree/$from line $line includes $to.h without its folder" >&2
			fi
		done
}

# The object of a source has its name from $tree on.
calls()
{
	local source object
	sources '*.c' | sed 's/\.c$//' | while read -r source; do
		object=$objects/$source.o
		if [ ! -e "$object" ]; then
			echo "$tree/$source.c has no object" >&2
			continue
		fi
		nm "$object" | awk -v file="$source" 'NF == 2 && $1 == "U" { print "U", file, $2 }
			NF == 3 && $2 ~ /[TDBRVWC]/ { print "D", file, $3 }'
	done >"$work/symbols"
	awk '$1 == "D" { where[$3] = $2 } { line[NR] = $0 }
		END {
			for (i = 1; i <= NR; i++) {
				split(line[i], w, " ")
				if (w[1] == "U" && (w[3] in where) && where[w[3]] != w[2])
					print w[2], where[w[3]], "it calls " w[3]
			}
		}' "$work/symbols"
}

# What leads from a layer to a higher one.
upward()
{
	awk -v tree="$tree" '
		function layer(file) { return file ~ "/" ? substr(file, 1, match(file, "/[^/]*$") - 1) : "." }
		NR == FNR { rank[$1] = $2; next }
		{
			from = layer($1); to = layer($2); why = $0; sub(/^[^ ]+ [^ ]+ /, "", why)
			if (!(from in rank)) print "tests/layers does not know " tree "/" from
			else if (!(to in rank)) print "tests/layers does not know " tree "/" to
			else if (rank[to] < rank[from]) print tree "/" $1 " runs upward to " tree "/" $2 ": " why
		}' "$work/ranks" - | sort -u
}

includes >"$work/includes"
calls >"$work/calls"
[ -s "$work/calls" ] || die "nothing in $objects calls anything"
cat "$work/includes" "$work/calls" | upward
# tsort says no to a circle by its status, too.
{ cut -d ' ' -f 1,2 "$work/calls" | sort -u | tsort 2>&1 >/dev/null || true; } |
	sed -E 's,^tsort: -: input contains a loop:,these call each other in a circle:,; s,^tsort: ,  '"$tree"'/,'
