#!/bin/bash
# Builds corpus/examples/<rule>/{bad,good}.mbox and their .expected.json from corpus/examples/<rule>/src.
#
# Goes in:   src/<bad|good>/series.conf        "key: value" lines (date, context), a blank line, then the cover
#                                             letter: its subject, a blank line, its text
#            src/<bad|good>/NN-<name>/        the files that step NN changes, whole; 00 is the tree before the
#                                             series and makes no patch; message.txt is the changelog
# Comes out: one mbox per series, made by `git format-patch --thread --cover-letter`, and the findings that
#            the markers in the sources announce:
#              /* expect: <rule> */           this patch introduces the finding, on this line of its post image
#              /* fixed by N: <rule> */       patch N removes the finding that its pre image has on this line
#            A marker never reaches the mbox.
#
# Two runs give the same bytes: author, dates, message ids, abbreviations and the signature are fixed.
#
#   scripts/make-examples.sh            write the files
#   scripts/make-examples.sh --check    write them elsewhere, compare, exit 1 if they differ
set -euo pipefail

cd "$(dirname "$0")/.."
examples=$PWD/corpus/examples
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Nothing of the machine's own git set-up may show in the mails.
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=$scratch TZ=UTC LC_ALL=C
export GIT_AUTHOR_NAME='Ada Example' GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME='Ada Example' GIT_COMMITTER_EMAIL=ada@example.org
signature=2.39.2

marker='[[:space:]]*/\* (expect|fixed by [0-9]+): [a-z-]+ \*/$'

# The value of one "key: value" line at the top of series.conf, or nothing.
setting() {
  awk -v key="$2: " '/^$/ { exit } index($0, key) == 1 { print substr($0, length(key) + 1) }' "$1"
}

# One tab-separated line per marker of a step: kind, patch, path, line, function, rule.
markers() {
  local step=$1 number=$2 path
  (cd "$step" && find fs -name '*.[ch]' | sort) | while read -r path; do
    awk -v path="$path" -v number="$number" '
      /^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
      /\/\* expect: / { print "findings\t" number "\t" path "\t" FNR "\t" name "\t" rule($0) }
      /\/\* fixed by / { n = $0; sub(/.*fixed by /, "", n); sub(/:.*/, "", n)
                         print "fixed\t" n "\t" path "\t" FNR "\t" name "\t" rule($0) }
      function rule(line) { sub(/ \*\/$/, "", line); sub(/.*: /, "", line); return line }
    ' "$step/$path"
  done
}

# The JSON of one list of findings, in the layout that the formatter keeps.
findings() {
  awk -F '\t' -v kind="$1" -v status="$2" '
    $1 == kind {
      printf "%s    {\n", n++ ? ",\n" : "[\n"
      printf "      \"rule\": \"%s\",\n      \"patch\": %d,\n      \"file\": \"%s\",\n", $6, $2, $3
      printf "      \"line\": %d,\n      \"function\": \"%s\",\n      \"status\": \"%s\"\n    }", $4, $5, status
    }
    END { printf "%s", n ? "\n  ]" : "[]" }
  ' "$3"
}

build() {
  local source=$1 output=$2 step number when context
  local repo=$scratch/repo list=$scratch/list
  rm -rf "$repo"
  : >"$list"
  git init -q --object-format=sha1 --initial-branch=series "$repo"
  when=$(date -d "$(setting "$source/series.conf" date)" +%s)
  context=$(setting "$source/series.conf" context)

  for step in "$source"/[0-9][0-9]-*; do
    number=$((10#$(basename "$step" | cut -c1-2)))
    markers "$step" "$number" >>"$list"
    cp -R "$step/fs" "$repo/"
    find "$repo/fs" -type f -exec sed -E -i "s@$marker@@" {} +
    export GIT_AUTHOR_DATE="$((when + 60 * number)) +0000" GIT_COMMITTER_DATE="$((when + 60 * number)) +0000"
    git -C "$repo" add fs
    if [ "$number" = 0 ]; then
      git -C "$repo" commit -q -m 'the tree before the series'
      git -C "$repo" tag base
    else
      git -C "$repo" commit -q -F "$step/message.txt"
    fi
  done

  git -C "$repo" config branch.series.description "$(sed '1,/^$/d' "$source/series.conf")"
  # git puts the clock into its message ids; the series' own time stands in for it.
  git -C "$repo" format-patch --stdout --thread --cover-letter --cover-from-description=subject \
    --to=demofs-devel@example.org --signature="$signature" --abbrev=12 --diff-algorithm=myers --no-renames \
    --unified="${context:-3}" base..series |
    sed -E "s/^((Message-Id|In-Reply-To|References): <[0-9a-z]+)\.[0-9]+\.git\./\1.$when.git./I" >"$output.mbox"

  sort -t "$(printf '\t')" -k2,2n -k3,3 -k4,4n -o "$list" "$list"
  {
    printf '{\n  "findings": %s,\n' "$(findings findings introduced "$list")"
    printf '  "fixed": %s\n}\n' "$(findings fixed fixed "$list")"
  } >"$output.expected.json"
}

status=0
for source in "$examples"/*/src/{bad,good}; do
  rule=$(basename "$(dirname "$(dirname "$source")")")
  kind=$(basename "$source")
  if [ "${1:-}" = --check ]; then
    build "$source" "$scratch/$kind"
    for made in "$kind.mbox" "$kind.expected.json"; do
      cmp -s "$scratch/$made" "$examples/$rule/$made" || { echo "differs: corpus/examples/$rule/$made"; status=1; }
    done
  else
    build "$source" "$examples/$rule/$kind"
  fi
done
exit $status
