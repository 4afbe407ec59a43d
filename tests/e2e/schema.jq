# SPDX-License-Identifier: GPL-2.0
#
# usage: jq -rs --slurpfile schema FILE -f schema.jq DOCUMENTS
#
# Documents, each with the name of its entry of $defs as a string in front. Prints what does not fit, and what the
# schema does not know: more than a validator would, since a member that is printed is to be documented. It knows as
# much of JSON Schema as ours uses.

def entry: if has("$ref") then $schema[0]["$defs"][.["$ref"] | ltrimstr("#/$defs/")] else . end;

def kind: if type == "number" and . == floor then "integer" else type end;

def misfits($where; $of):
	. as $value | ($of | entry) as $is |
	(if $is.type and ([$is.type] | flatten | index($value | kind) | not) then
		"\($where): \($value | tojson) is no \($is.type)" else empty end),
	(if $is.enum and ($is.enum | index([$value]) | not) then
		"\($where): \($value | tojson) is not one of \($is.enum)" else empty end),
	(if type == "object" then
		($is.required // [])[] as $name | select(has($name) | not) | "\($where): no \($name)"
	else empty end),
	(if type == "object" then
		to_entries[] | .key as $name |
		if $is.properties[$name] then .value | misfits("\($where).\($name)"; $is.properties[$name])
		else "\($where).\($name): not in the schema" end
	else empty end),
	(if type == "array" then
		to_entries[] | .key as $i | .value | misfits("\($where)[\($i)]"; $is.items)
	else empty end);

. as $all | range(0; length; 2) | $all[.] as $name |
	$all[. + 1] | misfits($name; $schema[0]["$defs"][$name])
