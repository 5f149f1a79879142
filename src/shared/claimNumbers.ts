/**
 * Numbers of a text by their values and units: `12,500`, `12 500`, `3.2 million`, `ninety-six`, `5–6 %`, `$7.50`. One that
 * may be read in two ways (`1.250`) has both values.
 */

/** One number of a text. */
export interface NumberAt {
  readonly from: number;
  readonly to: number;
  readonly values: readonly number[];
  /** What it counts: a unit's short name, '' for none, '*' where a table says it elsewhere. */
  readonly unit: string;
}

const space = String.raw`[ \u00A0\u2009\u202F]`;
const amount = String.raw`\d{1,3}(?:[ \u00A0\u2009\u202F'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?`;
const scaleWords = 'thousand|million|billion|trillion|mio|mn|bn|mrd|millionen|milliarden|k|M|B|千|万|萬|亿|億';
const money = 'US\\$|USD|EUR|GBP|JPY|CNY|CHF|SEK|NOK|DKK|CAD|AUD|INR|[$€£¥]';
const numeral = new RegExp(
  String.raw`(?<![\p{N}])(?<!\p{N}[.,])(?<![A-Za-z_][-_.‐‑]?)(?:(${money})${space}?)?(${amount})(?:${space}?(${scaleWords})(?![A-Za-z]))?(?:(st|nd|rd|th)(?![A-Za-z])|[-‐‑]?${space}?(per${space}cent|percentage${space}points?|square${space}[a-z]+|°[CF]|[%％€£$¥元]|[A-Za-zµ]{1,12}[²³]?|米|公里|公斤|年)(?![A-Za-z]))?`,
  'gu',
);

const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const scales: ReadonlyMap<string, number> = new Map([
  ...([
    ['hundred', 1e2],
    ['thousand', 1e3],
    ['k', 1e3],
    ['千', 1e3],
    ['万', 1e4],
    ['萬', 1e4],
    ['million', 1e6],
  ] as const),
  ...([
    ['mio', 1e6],
    ['mn', 1e6],
    ['millionen', 1e6],
    ['M', 1e6],
    ['亿', 1e8],
    ['億', 1e8],
    ['billion', 1e9],
  ] as const),
  ...([
    ['bn', 1e9],
    ['B', 1e9],
    ['mrd', 1e9],
    ['milliarden', 1e9],
    ['trillion', 1e12],
  ] as const),
]);
const firstWord = [...tens, ...ones.toReversed()].join('|');
const anyWord = [firstWord, 'hundred', 'thousand', 'million', 'billion', 'trillion'].join('|');
const inWords = new RegExp(
  String.raw`\b(?:${firstWord})\b(?:(?:[- ]| and )(?:${anyWord})\b){0,8}(?:[ -](percent|per cent|percentage points?|dollars?|euros?|pounds?|metres?|meters?|kilometres?|kilometers?|miles?|years?|days?|hours?))?`,
  'gi',
);

/** Other names of a unit; what is not here is no unit, but the word behind a number. */
const units: ReadonlyMap<string, string> = new Map(
  [
    '% ％ percent prozent pct per_cent',
    '* percentage_point percentage_points points x',
    'USD $ US$ usd dollar dollars',
    'EUR € eur euro euros',
    'GBP £ gbp pound pounds',
    '¥ jpy cny yen yuan rmb 元',
    ...['CHF chf', 'SEK sek', 'NOK nok', 'DKK dkk', 'CAD cad', 'AUD aud', 'INR inr'],
    'm metre metres meter meters 米',
    'km kilometre kilometres kilometer kilometers 公里',
    'cm centimetre centimetres centimeter centimeters',
    'mm millimetre millimetres millimeter millimeters',
    ...['ft foot feet', 'mi mile miles', 'km² square_kilometres square_kilometers', 'm² square_metres square_meters'],
    ...['kg kilogram kilograms kilo 公斤', 'g gram grams', 'mg', 't tonne tonnes ton tons', 'lb lbs'],
    ...['ms millisecond milliseconds', 's second seconds sec', 'min minute minutes', 'h hour hours'],
    ...['days day', 'weeks week', 'months month', 'years year'],
    ...['kB KB kb', 'MB', 'GB', 'TB', 'MiB', 'GiB', 'Mb', 'Gb', 'Mbit', 'Gbit'],
    ...['W', 'kW', 'MW', 'GW', 'TW', 'kWh', 'MWh', 'GWh', 'TWh', 'V', 'Hz', 'kHz', 'MHz', 'GHz', '°C', '°F'],
  ].flatMap((line) => {
    const [name = '', ...others] = line.split(' ');
    return [name, ...others].map((other) => [other, name] as const);
  }),
);

/** Units without which a number is another one. */
const strict = /^(?:%|[A-Z]{3}|¥)$/;

/** Whether two units may count the same: known ones must agree, and a share or a sum of money is no plain number. */
export function sameUnit(a: string, b: string): boolean {
  if (a === b || a === '*' || b === '*') return true;
  return !strict.test(a) && !strict.test(b) && (a === '' || b === '');
}

/** All numbers, in order of their kinds: digits first, then words. */
export function numbersIn(text: string): readonly NumberAt[] {
  return [...inDigits(text), ...[...text.matchAll(inWords)].flatMap(spelled)];
}

function inDigits(text: string): readonly NumberAt[] {
  const found: NumberAt[] = [];
  for (const match of text.matchAll(numeral)) {
    const [all, before, digits = '', scale, , behind] = match;
    const unitBehind = unitOf(behind);
    const unit = unitOf(before) ?? unitBehind;
    const from = match.index;
    const length = all.length - (unitBehind === undefined ? (behind?.length ?? 0) : 0);
    // `5G` and `3D` are names; a word behind a space that is no unit is no part of the number.
    if (length < all.length && /\d/.test(all[length - 1] ?? '') && scale === undefined) continue;
    const bare = all.slice(0, length).replace(/[\s\u00A0\u2009\u202F‐‑-]+$/u, '');
    const factor = scale === undefined ? 1 : (scales.get(scale) ?? 1);
    const values = valuesOf(digits).map((value) => scaled(value, factor));
    const cell = unit === undefined && /[|\t]\s{0,3}$/.test(text.slice(Math.max(0, from - 4), from));
    found.push({ from, to: from + bare.length, values, unit: unit ?? (cell ? '*' : '') });
    shareWithLast(found, text, factor);
  }
  return found;
}

/** `5–6 %`, `3 to 4 million`: what stands behind the second is meant of the first as well. */
function shareWithLast(found: NumberAt[], text: string, factor: number): void {
  const [first, second] = found.slice(-2);
  if (!first || !second || (second.unit === '' && factor === 1)) return;
  if (!/^\s?(?:[-–—~]|to|and|or|und|bis|至)\s?$/.test(text.slice(first.to, Math.min(second.from, first.to + 8))))
    return;
  if (first.to + 8 < second.from) return;
  const values = factor === 1 ? first.values : [...first.values, ...first.values.map((value) => scaled(value, factor))];
  found[found.length - 2] = { ...first, values, unit: first.unit === '' ? second.unit : first.unit };
}

function unitOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const name = written.replace(/[\s\u00A0\u2009\u202F]/g, '_');
  return units.get(name) ?? (name.length > 3 || /^[A-Z]{3}$/.test(name) ? units.get(name.toLowerCase()) : undefined);
}

/** One value, or two where a mark may part thousands or decimals. */
function valuesOf(digits: string): readonly number[] {
  const plain = digits.replace(/[ \u00A0\u2009\u202F'’]/g, '');
  if (/^\d+$/.test(plain)) return [Number(plain)];
  const english = Number(plain.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.'));
  const german = Number(plain.replace(/\.(?=\d{3}(?!\d))/g, '').replace(',', '.'));
  return [...new Set([english, german])].filter(Number.isFinite);
}

/** Without the dust of binary fractions. */
function scaled(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(12));
}

function spelled(match: RegExpExecArray): readonly NumberAt[] {
  const [all, unit] = match;
  const words = (unit === undefined ? all : all.slice(0, -unit.length)).toLowerCase().split(/[- ]+/);
  let [total, part] = [0, 0];
  for (const word of words) {
    const scale = scales.get(word);
    const place = tens.indexOf(word);
    if (scale === 100) part = (part || 1) * 100;
    else if (scale !== undefined) [total, part] = [total + (part || 1) * scale, 0];
    else if (place >= 0) part += 20 + place * 10;
    else part += Math.max(0, ones.indexOf(word));
  }
  const name = unit && unitOf(unit.toLowerCase());
  return [{ from: match.index, to: match.index + all.length, values: [total + part], unit: name ?? '' }];
}
