#!/usr/bin/env bash
# The first step of the action: puts the program on the runner and says where it is (output `program`).
#
# INPUT_PROGRAM   a program that is there already; nothing is installed then
# INPUT_VERSION   the release to install; that of the action itself when empty
set -euo pipefail

if [ -n "${INPUT_PROGRAM:-}" ]; then
  if [ ! -x "$INPUT_PROGRAM" ]; then
    echo "::error title=patchwitness::program: $INPUT_PROGRAM cannot be run"
    exit 1
  fi
  echo "program=$INPUT_PROGRAM" >>"$GITHUB_OUTPUT"
  exit 0
fi

version=${INPUT_VERSION:-$(node -p 'require(process.argv[1]).version' "$GITHUB_ACTION_PATH/package.json")}
if [[ ! $version =~ ^[0-9A-Za-z.+-]+$ ]]; then
  echo '::error title=patchwitness::version: not the number of a release'
  exit 1
fi
folder=$RUNNER_TEMP/patchwitness
npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel error "patchwitness@$version"
echo "program=$folder/node_modules/.bin/patchwitness" >>"$GITHUB_OUTPUT"
