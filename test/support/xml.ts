/** A small strict reader of XML as the reports write it: no comments, no sections. Throws where the text is not well-formed. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

const TOKEN = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;

/** Every element, parents behind their children. */
export function readXml(xml: string): readonly Element[] {
  const body = xml.replace(/^<\?xml [^?]*\?>/, '');
  const stack: Open[] = [];
  const all: Element[] = [];
  const close = (): void => {
    const done = stack.pop();
    if (done === undefined) throw new Error('closed too often');
    stack.at(-1)?.children.push(done);
    all.push(done);
  };
  let end = 0;
  for (const match of body.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    const [, slash, name = '', attributes = '', isEmpty, text] = match;
    const top = stack.at(-1);
    if (text !== undefined) {
      if (top !== undefined) top.text += unescaped(text);
      else if (text.trim() !== '') throw new Error(`text outside: ${text}`);
    } else if (slash === '/') {
      if (top?.name !== name) throw new Error(`</${name}> closes <${top?.name ?? ''}>`);
      close();
    } else {
      stack.push({ name, attributes: attributesOf(attributes), children: [], text: '' });
      if (isEmpty === '/') close();
    }
  }
  if (end !== body.length || stack.length > 0)
    throw new Error(`not well-formed at ${body.slice(end, end + 60)}`);
  return all;
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w-]+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

function unescaped(text: string): string {
  return text.replace(/&(\w*);?/g, (entity, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined) throw new Error(`unknown entity ${entity}`);
    return character;
  });
}
