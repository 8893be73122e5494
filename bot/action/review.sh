#!/usr/bin/env bash
# The second step of the action: finds the commits of the pull request, reviews them once, and writes annotations (standard
# output), the step's summary, SARIF and JSON. Nothing of the pull request is checked out, built or run.
#
# PATCHWITNESS    the program
# INPUT_*         the inputs of action.yml
set -euo pipefail

# Of the summary of a step GitHub takes 1 MiB, and nothing of a longer one.
MAX_SUMMARY=1000000

# How far a shallow clone is deepened before all of its history is fetched.
DEPTHS=(100 1000 10000)

fail() {
  echo "::error title=patchwitness::$1"
  exit 1
}

# A value of the event, by the names that lead to it; empty where there is none.
event() {
  node -e '
    const event = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const value = process.argv.slice(2).reduce((at, key) => at?.[key], event);
    process.stdout.write(["string", "number"].includes(typeof value) ? String(value) : "");
  ' "$GITHUB_EVENT_PATH" "$@"
}

in_repository() {
  git -C "$INPUT_REPOSITORY" "$@"
}

# The values of an input with one a line, each behind an option.
declare -a options=()
add_all() {
  local option=$1 value
  while IFS= read -r value; do
    value=${value#"${value%%[![:space:]]*}"}
    value=${value%"${value##*[![:space:]]}"}
    [ -z "$value" ] || options+=("$option=$value")
  done <<<"$2"
}

# Whether both ends are here, and what they have in common.
is_whole() {
  in_repository merge-base "$1" "$2" >/dev/null 2>&1
}

# Fetches what a shallow clone lacks. Commits are asked for by name: a fork's are there under the pull request's own ref.
deepen() {
  local base=$1 head=$2 depth
  for depth in "${DEPTHS[@]}"; do
    is_whole "$base" "$head" && return
    echo "fetching $depth commits behind both ends of the pull request"
    in_repository fetch --quiet --no-tags --depth "$depth" origin "$base" "$head" || return 0
  done
  is_whole "$base" "$head" && return
  echo 'fetching the whole history'
  in_repository fetch --quiet --no-tags --unshallow origin "$base" "$head" || true
}

[ -n "${PATCHWITNESS:-}" ] || fail 'nothing was installed'
[ -n "${INPUT_REPOSITORY:-}" ] || INPUT_REPOSITORY=$GITHUB_WORKSPACE

# In a container the files may belong to somebody else than the one who runs this.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
in_repository rev-parse --git-dir >/dev/null 2>&1 || fail "$INPUT_REPOSITORY is no git repository: use actions/checkout before"

base=${INPUT_BASE:-$(event pull_request base sha)}
base=${base:-$(event merge_group base_sha)}
base=${base:-$(event before)}
head=${INPUT_HEAD:-$(event pull_request head sha)}
head=${head:-$(event merge_group head_sha)}
head=${head:-$(event after)}
[ -n "$base" ] && [ -n "$head" ] || fail "the event ${GITHUB_EVENT_NAME:-} names no commits: give base and head"
for end in "$base" "$head"; do
  [[ $end != -* ]] || fail 'a revision cannot begin with a dash'
done
is_whole "$base" "$head" || deepen "$base" "$head"
is_whole "$base" "$head" ||
  fail "base and head have no common ancestor here: check out with fetch-depth: 0, or so much that both branches meet"
base=$(in_repository rev-parse --verify "$base^{commit}")
head=$(in_repository rev-parse --verify "$head^{commit}")

folder=$(mktemp -d "$RUNNER_TEMP/patchwitness-XXXXXX")
add_all --path "$INPUT_PATHS"
add_all --rule "$INPUT_RULES"
add_all --no-rule "$INPUT_WITHOUT_RULES"
add_all --index "$INPUT_INDEX"

status=0
"$PATCHWITNESS" pull --git "$INPUT_REPOSITORY" --format github \
  --min-confidence "$INPUT_MIN_CONFIDENCE" --fail-on "$INPUT_FAIL_ON" \
  --output "markdown=$folder/summary.md" --output "sarif=$folder/patchwitness.sarif" --output "json=$folder/report.json" \
  ${options[@]+"${options[@]}"} "$base..$head" || status=$?

case $status in
0) outcome=clean ;;
1) outcome=findings ;;
2) outcome=unreadable ;;
*) fail "the program failed with status $status" ;;
esac
[ -f "$folder/report.json" ] || fail 'nothing was reviewed'

if [ "$(wc -c <"$folder/summary.md")" -gt "$MAX_SUMMARY" ]; then
  # Whole lines only; the code that the cut may leave open is closed.
  head -c "$MAX_SUMMARY" "$folder/summary.md" | sed '$d'
  printf '\n```\n\nCut: the report is longer than GitHub takes. The file of the output json has all of it.\n'
else
  cat "$folder/summary.md"
fi >>"$GITHUB_STEP_SUMMARY"

findings=$(node -e '
  const { items } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  process.stdout.write(String(items.reduce((sum, { patch }) => sum + (patch?.findings.length ?? 0), 0)));
' "$folder/report.json")
{
  echo "outcome=$outcome"
  echo "findings=$findings"
  echo "sarif=$folder/patchwitness.sarif"
  echo "json=$folder/report.json"
  echo "base=$base"
  echo "head=$head"
} >>"$GITHUB_OUTPUT"
[ "$outcome" = clean ]
