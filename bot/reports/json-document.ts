/**
 * The frame that every JSON output shares: version, tool, a list of items with each on a line of its own, so that it
 * can be written and read as a stream, and what comes behind the list.
 */

export interface JsonDocument {
  begin(): string;
  item(value: object): string;
  /** `rest`: fields behind the items. */
  end(rest?: object): string;
}

export function jsonDocument(schemaVersion: number, toolVersion: string): JsonDocument {
  let isFirst = true;
  return {
    begin() {
      const tool = { name: 'patchwitness', version: toolVersion };
      return `{"schemaVersion":${schemaVersion},"tool":${JSON.stringify(tool)},"items":[`;
    },
    item(value) {
      const separator = isFirst ? '\n' : ',\n';
      isFirst = false;
      return `${separator}${JSON.stringify(value)}`;
    },
    end(rest = {}) {
      const fields = JSON.stringify(rest).slice(1, -1);
      return `\n]${fields === '' ? '' : `,${fields}`}}\n`;
    },
  };
}
