#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: places.sh
#
# Is what pages and tables say of the tree so? Prints what is not: a file that Kbuild does not build, a path, a function or a
# layer that a page names and that there is not, a file that the drawing leaves out, a glob of tests/e2e/where without a file.
# shellcheck disable=SC2016	# backquotes of Markdown
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$REPO"

# is_there GLOB: a file or a folder of the repository, committed or about to be
is_there()
{
	local path=${1#./}
	[ -n "$(git ls-files -co --exclude-standard -- ":(glob)${path%/}" ":(glob)${path%/}/**" 2>/dev/null)" ]
}

# Kbuild's lines: $(addprefix kmod/FOLDER/,NAME.o ...).
built()
{
	sed -z 's/\\\n//g' Kbuild | sed -n 's/^nf_vip-y .*(addprefix \([^,]*\),\(.*\))$/\1 \2/p' |
		while read -r folder names; do
			for name in $names; do
				echo "$folder${name%.o}.c"
			done
		done | sort
}

# LAYER WHAT of a tree: in the table, and in the drawing.
table() { sed -nE "s,^$1\t\\.\t+(.*),$1/ \\1,p; s,^$1\t([^.\t]+)\t+(.*),\\1/ \\2,p" tests/layers; }
drawing() { sed -nE 's,^\| `([^`]*/)` \| ([^|]*) \| `.*,\1 \2,p' "$1/README.md"; }

# The files that the drawing has in a layer: each is there, and none is missing unless the row ends in dots.
files_of()
{
	local tree=$1 layer names name dir
	while read -r layer names; do
		dir=$tree/${layer#"$tree/"}
		for name in ${names//[\`|]/ }; do
			[ "$name" = ... ] || is_there "$dir$name.[ch]" || echo "$tree/README.md: there is no $dir$name.c"
		done
		[[ $names != *...* ]] || continue
		for name in "$dir"*.[ch]; do
			name=${name##*/}
			[[ $names = *"\`${name%.?}\`"* ]] || echo "$tree/README.md leaves $dir$name out"
		done
	done < <(sed -nE 's,^\| `([^`]*/)` \| [^|]* \| (`.*) \|,\1 \2,p' "$tree/README.md")
}

# What is in backquotes and looks like a path of ours, or a function.
named_in()
{
	local page=$1 dir word
	dir=$(dirname "$page")
	{ grep -oE '`[^` ]+`' "$page" || true; } | tr -d '`' | sort -u | while read -r word; do
		case $word in
		*'()')	git grep -qE "^[a-z].*\\b${word%()}\\(" -- '*.[ch]' ||
				echo "$page: there is no function $word" ;;
		/*|*'<'*|*'{'*|*FILE*|*SERVICE*|*/build/*)	;;
		*/*)	is_there "$dir/$word" || is_there "$word" || echo "$page: there is no $word" ;;
		*.[ch]|*.sh)	is_there "$word" || is_there "**/$word" || echo "$page: there is no $word" ;;
		esac
	done
}

globs()
{
	local file globs glob
	set -f
	while read -r file _ globs; do
		for glob in $globs; do
			is_there "$glob" || echo "tests/e2e/where: $file: no file is $glob"
		done
	done < <(grep -v '^#' tests/e2e/where)
	set +f
}

diff <(built) <(git ls-files 'kmod/*.c' | sort) | sed -n 's/^< /Kbuild builds what there is not: /p; s/^> /Kbuild does not build /p' || true
grep -v '^#' tests/layers | cut -f 1 | sort -u | while read -r tree; do
	diff <(table "$tree") <(drawing "$tree") | sed -n "s,^< ,$tree/README.md lacks: ,p; s,^> ,tests/layers lacks: ,p" || true
	files_of "$tree"
done
for page in README.md */README.md; do
	named_in "$page"
done
globs
