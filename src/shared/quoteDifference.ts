/** What a difference between a quote and its source means: none, another wording, or another claim. */
import type { Hunk } from './quoteAlign.ts';

/** `same`: how it is written; `slip`: a doubled letter; `wording`: other words; `claim`: another number, or the opposite. */
export type Difference = 'same' | 'slip' | 'wording' | 'claim';

/** Words without which a sentence says the opposite. */
const denials = new Set(
  'no not never none neither nor without cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt mustnt nobody nothing nowhere hardly barely except unless fails failed refused 不 没 沒 無 无 未 非 勿 否 莫 nicht kein keine nie ohne pas jamais sans ni ningún nunca sin'.split(
    ' ',
  ),
);

const numberWords = new Set(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion half twice first second third fourth fifth sixth seventh eighth ninth tenth january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday 零 一 二 两 三 四 五 六 七 八 九 十 百 千 万 萬 亿 億'.split(
    ' ',
  ),
);

/** Pairs that turn a claim round. */
const opposites = new Set(
  'increase decrease|increases decreases|increased decreased|increasing decreasing|more less|more fewer|most least|higher lower|highest lowest|high low|above below|before after|earlier later|always never|all none|all some|must may|must might|should must|will may|true false|valid invalid|enable disable|enables disables|enabled disabled|allow deny|allows denies|allowed denied|accept reject|accepted rejected|accepts rejects|include exclude|includes excludes|included excluded|with without|can cannot|minimum maximum|first last|north south|east west|left right|rise fall|rose fell|gain loss|up down|safe unsafe|open closed|faster slower|larger smaller|greater smaller|better worse|start end|add remove|added removed|增加 减少|上升 下降|上 下|大 小|高 低|多 少'
    .split('|')
    .flatMap((pair) => [pair, pair.split(' ').toReversed().join(' ')]),
);

/** What a hunk means. `isWord` tells whether a word is one that the source uses elsewhere, and so no slip. */
export function differenceOf({ quote, text }: Hunk, isWord: (word: string) => boolean): Difference {
  if (deniedBy(quote) !== deniedBy(text)) return 'claim';
  if (quote.join('') === text.join('')) return sameNumbers(quote, text) ? 'same' : 'claim';
  if (quote.some(isNumber) || quote.join('').toLowerCase() === text.join('').toLowerCase()) return 'claim';
  const pairs = quote.flatMap((word) => text.map((other) => [word, other] as const));
  if (pairs.some(([word, other]) => isOpposite(word, other))) return 'claim';
  const [word = ''] = quote;
  const [other = ''] = text;
  if (quote.length === 1 && text.length === 1 && isSlip(word, other) && !isWord(word)) return 'slip';
  return 'wording';
}

/** Whether words that are written together or apart leave every number whole. */
function sameNumbers(quote: readonly string[], text: readonly string[]): boolean {
  const [ours, theirs] = [numbersCutAt(quote), numbersCutAt(text)];
  return ours.size === theirs.size && [...ours].every((place) => theirs.has(place));
}

/** Where a digit ends a word and another begins the next. */
function numbersCutAt(words: readonly string[]): ReadonlySet<number> {
  const cuts = new Set<number>();
  let length = 0;
  for (const [index, word] of words.entries()) {
    length += word.length;
    if (/\p{N}$/u.test(word) && /^\p{N}/u.test(words[index + 1] ?? '')) cuts.add(length);
  }
  return cuts;
}

function deniedBy(words: readonly string[]): number {
  return words.filter((word) => denials.has(word)).length;
}

function isNumber(word: string): boolean {
  return /\p{N}|[%‰<>=≤≥≠]/u.test(word) || numberWords.has(word);
}

function isOpposite(a: string, b: string): boolean {
  return a !== b && (opposites.has(`${a} ${b}`) || negates(a, b) || negates(b, a));
}

/** `impossible` negates `possible`. */
function negates(longer: string, shorter: string): boolean {
  const prefix = longer.slice(0, Math.max(0, longer.length - shorter.length));
  return (
    (shorter.length > 2 &&
      longer.endsWith(shorter) &&
      /^(?:un|in|im|il|ir|dis|non|de|anti|mis|dys|不|非|无|未)$/.test(prefix)) ||
    (shorter.length > 2 && (longer === `${shorter}less` || longer === shorter.replace(/ful$/, 'less')))
  );
}

/** A letter doubled, or not, in a long word: any other letter more or less may be another word (nitrate, nitrite). */
function isSlip(a: string, b: string): boolean {
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a];
  if (shorter.length < 8 || longer.length !== shorter.length + 1 || !/^\p{L}+$/u.test(longer)) return false;
  let same = 0;
  while (longer[same] === shorter[same]) same++;
  return longer[same] === longer[same - 1] && longer.slice(same + 1) === shorter.slice(same);
}

/** What a gap in a quote leaves out that may turn it round: a denial, or the opposite of one of its words. */
export function turnsRound(skipped: readonly string[], quote: readonly string[]): boolean {
  return skipped.some((word) => denials.has(word) || quote.some((other) => isOpposite(word, other)));
}
