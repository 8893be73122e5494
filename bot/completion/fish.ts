/** Completion for fish 3 and later. */

import { type CommandShape, type OptionShape, rootShape } from './shape.ts';

export function fishCompletion(shapes: readonly CommandShape[]): string {
  const all = [rootShape(shapes), ...shapes];
  const lines = all.flatMap((shape) => {
    const condition = conditionOf(shape, shapes);
    return wordLines(shape, shapes, condition).concat(shape.options.map((one) => optionLine(one, condition)));
  });
  return `# Completion of patchwitness for fish: patchwitness completion fish > ~/.config/fish/completions/patchwitness.fish
${lines.join('\n')}
`;
}

/** Whether the words so far name this command and none below it. */
function conditionOf({ path }: CommandShape, shapes: readonly CommandShape[]): string {
  if (path.length === 0) return '__fish_use_subcommand';
  const below = shapes
    .filter((one) => one.path.length === path.length + 1 && path.every((word, at) => one.path[at] === word))
    .map((one) => one.path.at(-1) ?? '');
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const none = below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
  return [...seen, ...none].join('; and ');
}

function wordLines(
  { path, choices }: CommandShape,
  shapes: readonly CommandShape[],
  condition: string,
): readonly string[] {
  if (choices === null) return [];
  return choices.map((word) => {
    const meant = shapes.find(
      (one) =>
        one.path.length === path.length + 1 && [...path, word].every((name, at) => one.path[at] === name),
    );
    const description = meant === undefined ? '' : ` -d ${fishQuoted(meant.description)}`;
    return `complete -c patchwitness -n ${fishQuoted(condition)} -f -a ${word}${description}`;
  });
}

function optionLine({ names, description, takesValue, choices }: OptionShape, condition: string): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const listed = choices === null ? ' -r' : ` -x -a ${fishQuoted(choices.join(' '))}`;
  const value = takesValue ? listed : '';
  return `complete -c patchwitness -n ${fishQuoted(condition)} ${flags.join(' ')}${value} -d ${fishQuoted(description)}`;
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
