/** Elements made in one call. Texts become text nodes and nothing else: markup in them stays text. */

export type Child = Node | string | null;

/** Null and false leave an attribute out, true makes it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const SVG = 'http://www.w3.org/2000/svg';

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null));
}

/** A picture of a button: a path in a square of 16. */
export function icon(path: string): SVGSVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'icon' },
    svg('path', { d: path }),
  );
}

export function code(text: string): HTMLElement {
  return el('code', {}, ...breakable(text));
}

/** Longer words may be broken where the names in them end. */
const MAX_WORD = 16;

export function breakable(text: string): readonly Child[] {
  return text.split(/(?<= )/).flatMap((word): readonly Child[] => {
    if (word.length <= MAX_WORD) return [word];
    const pieces = word.split(/(?<=[_(,/]|->)(?=\w)/);
    return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [el('wbr'), piece]));
  });
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
