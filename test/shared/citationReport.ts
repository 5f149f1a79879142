/** A report with fifty citations of texts that nobody here wrote: documentation of packages that are always installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One citation, and what it is: a sentence as it stands there, the same written otherwise, or one that does not stand there. */
export interface KnownCitation {
  readonly file: string;
  readonly quote: string;
  readonly kind: 'exact' | 'changed' | 'invented';
}

/** The texts by the name that they have in the workspace. */
export const citedFiles: Readonly<Record<string, string>> = {
  'docs/dompurify.md': 'dompurify/README.md',
  'docs/yauzl.md': 'yauzl/README.md',
  'docs/undici.md': 'undici/README.md',
  'LICENSE.txt': 'typescript/LICENSE.txt',
};

/** One text. */
export function citedText(file: string): string {
  const source = citedFiles[file] ?? '';
  return readFileSync(join(import.meta.dirname, '../../node_modules', source), 'utf8');
}

/** White space, soft and other hyphens, hyphens at what was a line's end, quotation marks and dashes. */
const changed: readonly (readonly [string, string])[] = [
  [
    'docs/yauzl.md',
    'This  is not recommended,\tas it can lead to out of control   memory usage for zip files with many entries.',
  ],
  [
    'docs/yauzl.md',
    'This method of reading a zip file allows clients to implement their own back end file sys-\n    tem.',
  ],
  ['docs/yauzl.md', 'This is a low‑level function you prob\u00ADably don’t need to call.'],
  ['docs/yauzl.md', 'The constructor for the class is not part of the pub- lic API.'],
  ['docs/dompurify.md', 'DOMPurify is a DOM–only, super–fast, uber–tolerant XSS sanitizer for HTML, MathML and SVG.'],
  [
    'docs/dompurify.md',
    'Combining DOMPurify with happy-dom is currently not recom\u00ADmended and will likely lead to XSS.',
  ],
  [
    'docs/dompurify.md',
    'The included default con-\n    figuration values are pretty good already — but you can of course override them.',
  ],
  [
    'docs/undici.md',
    'This behavior is intentional for server side environments where CORS\u00A0restrictions are typically un-\n    necessary.',
  ],
  [
    'docs/undici.md',
    'However,  there are important differences between using the built in fetch and\n    installing undici as a separate module.',
  ],
  [
    'LICENSE.txt',
    'The contents of the NOTICE file are for infor\u00ADmational purposes only and do not\n    modify the Li\u00ADcense.',
  ],
];

/** A number, a denial or its absence, the opposite; and sentences of nobody. */
const invented: readonly (readonly [string, string])[] = [
  [
    'docs/undici.md',
    'Undici limits the number of Content-Encoding layers in a response to 8 to prevent resource exhaustion attacks.',
  ],
  ['docs/undici.md', 'Undici does support the Expect request header field.'],
  ['docs/undici.md', 'Node.js includes a built-in fetch() implementation powered by undici starting from Node.js v16.'],
  ['docs/yauzl.md', 'It will be removed in yauzl 5.0.0 unless someone asks for it to remain supported.'],
  [
    'docs/yauzl.md',
    'This low-level function does read any metadata from the underlying storage before opening the read stream.',
  ],
  ['docs/yauzl.md', 'This kind of error usually indicates that this is a zip file.'],
  ['docs/dompurify.md', 'Combining DOMPurify with happy-dom is currently recommended and will likely lead to XSS.'],
  [
    'docs/dompurify.md',
    'DOMPurify was measured to be eleven times faster than every other sanitizer on the market in spring.',
  ],
  ['LICENSE.txt', 'The contents of the NOTICE file are for informational purposes only and do modify the License.'],
  [
    'LICENSE.txt',
    'Licensees shall pay the copyright owner an annual fee in proportion to their revenue from the Work.',
  ],
];

/** Fifty: 30, 10 and 10, mixed. */
export function knownCitations(): readonly KnownCitation[] {
  const exact = [
    ...sentencesOf('docs/dompurify.md', 11),
    ...sentencesOf('docs/yauzl.md', 11),
    ...sentencesOf('docs/undici.md', 5),
    ...sentencesOf('LICENSE.txt', 3),
  ];
  const others = (list: typeof changed, kind: KnownCitation['kind']) =>
    list.map(([file, quote]) => ({ file, quote, kind }));
  const all = [...exact, ...others(changed, 'changed'), ...others(invented, 'invented')];
  return all.map((_, index) => all[(index * 17) % all.length]).filter((citation) => citation !== undefined);
}

/** Sentences as they stand there, spread over the text. */
function sentencesOf(file: string, count: number): readonly KnownCitation[] {
  const sentences = citedText(file)
    .slice(0, 40_000)
    .split('\n')
    .flatMap((line) => line.split(/(?<=\.)\s+(?=[A-Z])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /^[A-Z][^|<>[\]"{}]*\.$/.test(sentence) && sentence.split(' ').length >= 9)
    .filter((sentence) => sentence.length < 240 && !sentence.includes('http'));
  const step = Math.floor(sentences.length / count);
  return sentences
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map((quote) => ({ file, quote, kind: 'exact' }));
}

/** The report as a model writes it. */
export function reportOf(citations: readonly KnownCitation[]): string {
  const claims = citations.map(
    (_, index) => `This is finding number ${index + 1} of the report on these packages [${index + 1}].`,
  );
  const list = citations.map(({ file, quote }, index) => `[${index + 1}] ${file} "${quote}"`);
  return `# Report\n\n${claims.join(' ')}\n\nSources:\n${list.join('\n')}\n\n\\boxed{50}`;
}
