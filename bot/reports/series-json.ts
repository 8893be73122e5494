/** The series list for programs: one JSON document, an item a line. Shape: `series-json-schema.ts`. */

import { SERIES_SCHEMA_VERSION } from './series-json-schema.ts';
import type { SeriesReporter } from './series-types.ts';

export function seriesJsonReporter(version: string): SeriesReporter {
  let isFirst = true;
  const item = (value: object): string => {
    const separator = isFirst ? '\n' : ',\n';
    isFirst = false;
    return `${separator}${JSON.stringify(value)}`;
  };
  return {
    begin() {
      const tool = { name: 'patchwitness', version };
      return `{"schemaVersion":${SERIES_SCHEMA_VERSION},"tool":${JSON.stringify(tool)},"items":[`;
    },
    series: (series) => item({ series }),
    unread: (unread) => item({ unread }),
    end: (summary) => `\n],"summary":${JSON.stringify(summary)}}\n`,
  };
}
