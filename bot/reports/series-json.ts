/** The series list for programs: one JSON document, an item a line. Shape: `series-json-schema.ts`. */

import { jsonDocument } from './json-document.ts';
import { SERIES_SCHEMA_VERSION } from './series-json-schema.ts';
import type { SeriesReporter } from './series-types.ts';

export function seriesJsonReporter(version: string): SeriesReporter {
  const document = jsonDocument(SERIES_SCHEMA_VERSION, version);
  return {
    begin: () => document.begin(),
    series: (series) => document.item({ series }),
    unread: (unread) => document.item({ unread }),
    end: (summary) => document.end({ summary }),
  };
}
