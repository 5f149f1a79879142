/** The size of the platform's .vsix, in units of 1,000,000 bytes; at most 6 is wanted. */
import { statSync } from 'node:fs';

const file = process.env['MIROTHINKER_VSIX'];
if (file === undefined) throw new Error('MIROTHINKER_VSIX names no file');
console.log(JSON.stringify({ name: 'vsix.size', value: statSync(file).size / 1e6, unit: 'MB', better: 'lower' }));
