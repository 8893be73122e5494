/** Completion for zsh, by its own `_arguments`: it shows what options mean. */

import { type CommandShape, type OptionShape, quoted, rootShape } from './shape.ts';

export function zshCompletion(shapes: readonly CommandShape[]): string {
  const all = [rootShape(shapes), ...shapes];
  return `#compdef patchwitness
# Completion of patchwitness for zsh. Put it as _patchwitness into a directory of $fpath.
${all.map((shape) => functionOf(shape, shapes)).join('\n')}
_patchwitness "$@"
`;
}

function functionOf(shape: CommandShape, shapes: readonly CommandShape[]): string {
  const { path, options, choices } = shape;
  const below = shapes.filter((one) => one.path.length === path.length + 1 && isBelow(one.path, path));
  const specs = options.flatMap(optionSpecs);
  if (below.length === 0) {
    const values = choices === null ? '_files' : `(${choices.join(' ')})`;
    const rest = choices?.length === 0 ? [] : [quoted(`*:argument:${values}`)];
    return [`${nameOf(path)}() {`, '  _arguments -S \\', lines([...specs, ...rest]), '}'].join('\n');
  }
  const described = below.map(({ path: words, description }) =>
    quoted(`${escaped(words.at(-1) ?? '')}:${escaped(description)}`),
  );
  const cases = below.map(({ path: words }) => `        ${words.at(-1) ?? ''}) ${nameOf(words)} ;;`);
  return `${nameOf(path)}() {
  local line state
  _arguments -C \\
${lines([...specs, quoted('1: :->command'), quoted('*::argument:->argument')])}
  case $state in
    command)
      local -a commands
      commands=(
${described.map((one) => `        ${one}`).join('\n')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}`;
}

function isBelow(path: readonly string[], above: readonly string[]): boolean {
  return above.every((word, index) => path[index] === word);
}

function lines(specs: readonly string[]): string {
  return specs.map((spec, index) => `    ${spec}${index === specs.length - 1 ? '' : ' \\'}`).join('\n');
}

/** An option that may be given again is told from no other: completing one twice does no harm. */
function optionSpecs({ names, description, takesValue, choices }: OptionShape): readonly string[] {
  const values = choices === null ? '_files' : `(${choices.join(' ')})`;
  const value = takesValue ? `:value:${values}` : '';
  return names.map((name) => {
    const mark = takesValue && name.startsWith('--') ? '=' : '';
    return quoted(`*${name}${mark}[${escaped(description)}]${value}`);
  });
}

function nameOf(path: readonly string[]): string {
  return ['_patchwitness', ...path].join('_');
}

/** What ends a description in a spec, or begins something else there. */
function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, '\\$&');
}
