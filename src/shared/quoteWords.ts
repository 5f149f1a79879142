/** A text as the words that a quote is compared by: without white space, hyphens, marks and markup between them. */

/** The words of a text in order, and where each stands. */
export interface Words {
  /** All words, one right behind the other, so that a hyphen or a line's end inside of one makes no difference. */
  readonly stream: string;
  /** Where each word begins in `stream`; one more at its end. */
  readonly starts: readonly number[];
  /** Where each word stands in the text. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Words that go on with the number before them: the thousands of `12 500`. */
  readonly thousands: ReadonlySet<number>;
  /** Words that begin a sentence behind another. */
  readonly sentences: ReadonlySet<number>;
}

/** What a text brings beside its words. */
export interface TextForm {
  /** Every line begins with its number and a tab. */
  readonly numbered?: boolean;
  /** It is JSON, with its escapes. */
  readonly json?: boolean;
}

const hidden = '\\u00AD\\u200B-\\u200D\\u2060\\uFEFF';
const single = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}';
/** What is passed over: the target of a Markdown link, marks of footnotes, quoting marks, rules. */
const passed = String.raw`\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+"[^"\n]*")?\)|\[(?:\d{1,3}|[a-z]|note \d+|citation needed)\]|^[ \t]*>+|={3,}|(?<=[\p{L}.,;:!?”"'’)])[¹²³⁴-⁹⁰]+`;
const number = String.raw`(?<![\p{L}\p{N}.,%‰])[-‐-―−+]?\p{Nd}(?:[\p{Nd}.,]*\p{Nd})?`;
const digits = String.raw`\p{Nd}+|\p{No}+|\p{Nl}+`;
const word = `[${single}]|(?:(?![${single}])[\\p{L}\\p{M}${hidden}])+(?:['’](?:(?![${single}])[\\p{L}\\p{M}])+)*`;
const sign = String.raw`!=|[%‰$€£¥<>=≤≥≠±×÷]|(?<=[\p{L}\p{N}+])\+`;

const plain = new RegExp(`(${passed})|${number}|${digits}|${word}|${sign}`, 'gmu');
const inJson = new RegExp(`(\\\\[nrtbf]|${passed})|${number}|${digits}|${word}|${sign}`, 'gmu');
const withNumbers = new RegExp(`(^\\d+\\t|${passed})|${number}|${digits}|${word}|${sign}`, 'gmu');

/** The words of a text; `segments` (in order) are what of it counts, all of it by default. */
export function wordsOf(
  text: string,
  form: TextForm = {},
  segments: readonly { readonly from: number; readonly to: number }[] = [],
): Words {
  const starts: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const parts: string[] = [];
  const thousands = new Set<number>();
  const sentences = new Set<number>();
  let length = 0;
  const pattern = form.numbered === true ? withNumbers : form.json === true ? inJson : plain;
  for (const segment of segments.length > 0 ? segments : [{ from: 0, to: text.length }]) {
    for (const match of text.slice(segment.from, segment.to).matchAll(pattern)) {
      if (match[1] !== undefined) continue;
      const before = parts.at(-1) ?? '';
      const plainly = /\p{N}$/u.test(before) ? (unitOf(match[0]) ?? normalWord(match[0])) : normalWord(match[0]);
      if (plainly === '') continue;
      const between = text.slice(to.at(-1) ?? 0, segment.from + match.index);
      if (before !== '' && /[.!?]["”’)\]*_]*\s|[。！？]|\n\s*\n/.test(between)) sentences.add(parts.length);
      const numbers = /\p{N}$/u.test(before) && /^\p{N}/u.test(plainly);
      const normal = numbers ? `${linkOf(between)}${plainly}` : plainly;
      const goesOn = numbers && /^[ \u00A0\u2009\u202F'’]$/.test(between) && /^\d{3}$/.test(plainly);
      if (goesOn && (/^[-+]?\d{1,3}$/.test(before) || thousands.has(parts.length - 1))) thousands.add(parts.length);
      starts.push(length);
      from.push(segment.from + match.index);
      to.push(segment.from + match.index + match[0].length);
      parts.push(normal);
      length += normal.length;
    }
  }
  starts.push(length);
  return { stream: parts.join(''), starts, from, to, thousands, sentences };
}

/** What stands between two numbers and makes one of them: a range, a fraction, a ratio, a power. */
function linkOf(between: string): string {
  if (/^[ \u00A0]?[-‐-―−][ \u00A0]?\n?$/.test(between)) return '–';
  return /^[/:^⁄]$/.test(between) ? between.replace('⁄', '/') : '';
}

/** A unit that is another one in the other case keeps the letter that tells: megawatt and milliwatt, byte and bit. */
function unitOf(found: string): string | undefined {
  const [, prefix = '', unit = ''] = /^([mM])((?:wh?|v|ah?|j|g|s|hz|pa|n|f|l|m|Ω|ev|mol|bar))$/iu.exec(found) ?? [];
  if (prefix !== '') return prefix + unit.toLowerCase();
  const [, size, piece = '', rest = ''] = /^([kmgtp]i?)(b)(it|yte|ps)?$/iu.exec(found) ?? [];
  if (size === undefined) return undefined;
  return size.toLowerCase() + (rest === '' || /^ps$/i.test(rest) ? piece : piece.toLowerCase()) + rest.toLowerCase();
}

/** Word number `index` as it is compared. */
export function wordAt({ stream, starts }: Words, index: number): string {
  return stream.slice(starts[index], starts[index + 1]);
}

/** The number of the word that holds a place of the stream. */
export function wordHolding({ starts }: Words, place: number): number {
  let [low, high] = [0, Math.max(0, starts.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Lower case, without accents, ligatures taken apart; numbers without thousands separators. */
function normalWord(found: string): string {
  if (/^[a-z]+$/.test(found)) return found;
  if (/^[A-Za-z]+$/.test(found)) return found.toLowerCase();
  const superscript = /^[\u00B2\u00B3\u00B9\u2070-\u2079]/.test(found) ? '^' : '';
  const unmarked = found
    .replace(/[\u00AD\u200B-\u200D\u2060\uFEFF'’]/g, '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .replace(/^[‐-―−]/, '-')
    .toLowerCase();
  const numeric = /^[-+]?\p{Nd}/u.test(unmarked);
  return superscript + (numeric ? unmarked.replace(/,(?=\d{3}(?!\d))/g, '').replace(/^\+/, '') : unmarked);
}
