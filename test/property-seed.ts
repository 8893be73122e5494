/**
 * The same random inputs in every run, so that a red run can be looked at again. PROPERTY_SEED=… npm test tries
 * others.
 */

import { configureGlobal } from 'fast-check';

const DEFAULT_SEED = 20181030;

configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? DEFAULT_SEED) });
