/** Starts the page: reads the index, which says what kind of report this is. */

import { LocksApp } from './locks-app.ts';
import { Report, readIndex } from './report.ts';
import { ReportApp } from './report-app.ts';

const index = readIndex();
if (index.kind === 'locks') new LocksApp(index).start();
else new ReportApp(new Report(index)).start();
