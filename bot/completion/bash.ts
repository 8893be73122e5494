/** Completion for bash 4 and later; it needs nothing beside bash. */

import { type CommandShape, quoted, rootShape } from './shape.ts';

export function bashCompletion(shapes: readonly CommandShape[]): string {
  const all = [rootShape(shapes), ...shapes];
  const steps = shapes.map(({ path }) => `            ${quoted(key(path))}) command=${quoted(key(path))} ;;`);
  const values = all.flatMap(({ path, options }) =>
    options.flatMap(({ names, takesValue, choices }) => {
      if (!takesValue) return [];
      // Files: an empty reply leaves them to bash itself.
      const words = choices === null ? '' : ` words=${quoted(choices.join(' '))};`;
      const patterns = names.map((name) => quoted(`${key(path)} ${name}`)).join('|');
      return [`        ${patterns})${words} isValue=1 ;;`];
    }),
  );
  const words = all.map(({ path, options, choices }) => {
    const names = options.flatMap((option) => option.names).join(' ');
    return `            ${quoted(key(path))}) options=${quoted(names)} words=${quoted((choices ?? []).join(' '))} ;;`;
  });
  return `# Completion of patchwitness for bash. Put into ~/.bashrc:  source <(patchwitness completion bash)
_patchwitness() {
    local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
    local command= word words= options= isValue=
    # --option=value is three words.
    if [[ $current == = ]]; then current=
    elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
    fi
    for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$command/$word" in
${steps.join('\n')}
        esac
    done
    case "$command $previous" in
${values.join('\n')}
    esac
    if [[ -z $isValue ]]; then
        case "$command" in
${words.join('\n')}
        esac
        [[ $current == -* ]] && words=$options
    fi
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _patchwitness patchwitness
`;
}

/** `/model/run`; nothing for the program itself. */
function key(path: readonly string[]): string {
  return path.map((name) => `/${name}`).join('');
}
