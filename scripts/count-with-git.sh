#!/bin/sh
# Counts messages, patches and touched C files of an mbox (plain or gzipped) with git alone: mailsplit, mailinfo
# and `apply --numstat`. It shares no code with this program, which is its purpose: the two counts must agree.
#
#   count-with-git.sh ARCHIVE [LIST]
#
# prints
#   messages N    messages that git mailsplit finds
#   patches N     messages of which git apply reads at least one file
#   c-files N     (message, path) pairs with a path ending in .c; the path after the patch
#   h-files N     the same for .h
# Messages whose patch git apply rejects as a whole go to standard error with git's reason. With LIST, every
# (message, path) pair is written to that file: number, tab, path.
set -eu

if [ $# -lt 1 ] || [ ! -f "$1" ]; then
  echo "usage: $0 ARCHIVE [LIST]" >&2
  exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Nobody's own settings, and no repository whose folders would be taken for a prefix.
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CEILING_DIRECTORIES=$(dirname "$work")
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_CEILING_DIRECTORIES

if [ "$(od -An -tx1 -N2 "$1" | tr -d ' \n')" = 1f8b ]; then
  gzip -dc -- "$1" >"$work/mbox"
else
  cat -- "$1" >"$work/mbox"
fi

# Archives that say so in their first separator quote `>From ` lines reversibly (mboxrd).
mboxrd=
if [ "$(head -c 14 "$work/mbox" | tr -d '\0')" = "From mboxrd@z " ]; then mboxrd=--mboxrd; fi

mkdir "$work/mail"
messages=0
if [ -s "$work/mbox" ]; then
  messages=$(git mailsplit -d6 $mboxrd -o"$work/mail" "$work/mbox")
fi

patches=0
rejected=0
: >"$work/pairs"
cd "$work"
for mail in mail/*; do
  [ -f "$mail" ] || continue
  number=${mail#mail/}
  if ! git mailinfo message patch <"$mail" >header 2>reason; then
    echo "message $number: git mailinfo: $(head -n 1 reason)" >&2
    continue
  fi
  if ! git apply --numstat patch >numstat 2>reason; then
    # That a mail holds no patch is no news; a patch that cannot be read is.
    if ! grep -q -e 'No valid patches' -e 'unrecognized input' reason; then
      rejected=$((rejected + 1))
      echo "message $number: git apply: $(head -n 1 reason)" >&2
    fi
    continue
  fi
  [ -s numstat ] || continue
  patches=$((patches + 1))
  cut -f3- numstat | LC_ALL=C sort -u | sed "s|^|$number	|" >>pairs
done

echo "messages $messages"
echo "patches $patches"
echo "c-files $(grep -c '\.c"\{0,1\}$' pairs || true)"
echo "h-files $(grep -c '\.h"\{0,1\}$' pairs || true)"
if [ "$rejected" -gt 0 ]; then echo "$rejected messages rejected by git apply" >&2; fi
if [ $# -gt 1 ]; then
  cd "$OLDPWD"
  cp "$work/pairs" "$2"
fi
