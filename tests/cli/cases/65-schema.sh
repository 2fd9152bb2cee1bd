# SPDX-License-Identifier: Apache-2.0
# The JSON Schema: what it says of files is for tests/schema.

virtopo schema >"$scratch/out"
holds "the schema says its draft" \
    grep -q '"$schema": "https://json-schema.org/draft/2020-12/schema"' "$scratch/out"
virtopo schema >"$scratch/again"
holds "the schema is always the same" cmp "$scratch/out" "$scratch/again"
virtopo schema --json >"$scratch/out"
holds "the schema in an object" \
    grep -q '^{"version":1,"type":"result","schema":{"$schema":' "$scratch/out"
holds "that is one line" test "$(wc -l <"$scratch/out")" = 1

err <<'EOF'
error: schema takes no argument 'nodes'
hint: usage: virtopo schema
EOF
check 2 schema nodes
