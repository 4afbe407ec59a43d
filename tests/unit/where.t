#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The table of end-to-end tests, tests/e2e/where, has every file once, tags that somebody reads, and globs that match.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source-path=SCRIPTDIR source=tap.sh
. tests/unit/tap.sh

table=$tap_dir/table
grep -v '^#' tests/e2e/where >"$table"

# Tags of the table that are not described above it
unknown_tags()
{
	cut -f 2 "$table" | tr , '\n' | sort -u |
		grep -vxF -e - -f <(sed -n 's/^#\t\([a-z0-9]*\)\t.*/\1/p' tests/e2e/where)
}
# Globs that no file matches
useless()
{
	cut -f 3 "$table" | tr ' ' '\n' | sort -u | while read -r glob; do
		compgen -G "$glob" >/dev/null || echo "$glob"
	done
}
none() { local out; out=$("$@"); echo "$out"; [ -z "$out" ]; }

ok "each test has one line, sorted" diff <(cut -f 1 "$table") <(cd tests/e2e && LC_ALL=C ls -- *.t)
ok "lines are a file, tags, and globs, with tabs between" none grep -vP '^[a-z_]+\.t\t[^\t ]+\t[^\t]+$' "$table"
ok "tags are described" none unknown_tags
ok "globs match" none useless
finish
