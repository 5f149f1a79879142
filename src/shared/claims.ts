/**
 * Sentences of an answer that claim something and cite nothing. A citation speaks for the sentences before it in its
 * paragraph or list item. What claims nothing is left out: headings, tables, quotations, code, questions, lists'
 * introductions, short sentences, what is drawn from the rest ("so", "in short"), and words about the work itself.
 */
import { numberBracket, parseNumbers, parsePlaces, withoutCode } from './citations.ts';
import type { Span } from './evidence.ts';
import { splitSources } from './sourceList.ts';

/** Words, or Chinese characters, that a claim has at least. */
const fewestWords = 6;
const fewestCharacters = 12;

const aboutTheWork =
  /^(?:i|we|my|our)\b|\b(?:i|we) (?:could|did|have|had|found|read|searched|checked|looked|assume|infer)\b|\b(?:this|the) (?:answer|report|research|search|run|summary)\b|\bthe (?:question|user|person) (?:asks|asked|wants)\b|\b(?:not|nothing|no \w+(?: \w+)?) (?:was |were |is |are |could be |can be )?(?:found|seen|stated|verified|confirmed|known)\b|\b(?:holds nothing|remains? (?:unclear|uncertain|unknown|open)|stays? (?:unclear|uncertain|open)|uncertain whether|unclear whether)\b|\bembedded reader\b|^(?:我|我们|本次|本回答|本报告|本文)|(?:未能?|没有|無法|无法)(?:找到|确认|查到|发现|確認)|尚?不(?:清楚|确定|明确)/iu;
const drawn =
  /^(?:so|thus|hence|therefore|consequently|overall|in (?:short|summary|sum|conclusion|total|other words)|to (?:sum up|summari[sz]e|conclude)|altogether|taken together|as a result|the (?:short |final )?answer\b|short answer|answer|note that|see )\b|^(?:因此|所以|综上|总之|总的来说|由此|简而言之|综合|答案|总结|可见|故)/iu;

/** A number or a name within a sentence: it says more than that something was drawn or not found. */
const facts =
  /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|(?<!\ba )hundreds?|thousands?|million|billion)\b|(?<=[\p{Ll},] )(?!I\b)\p{Lu}\p{L}+/u;

/** One span a sentence, in the text's own places, oldest first. */
export function unsupportedClaims(text: string): readonly Span[] {
  const { body } = splitSources(text);
  const shown = withoutCode(body.length < text.length && text.startsWith(body) ? body : splitEnd(text, body));
  return blocksOf(shown).flatMap((block) => uncited(shown, block));
}

/** A list in the middle: what stands behind it is left out with it, so that places stay places. */
function splitEnd(text: string, body: string): string {
  let same = 0;
  while (same < body.length && body[same] === text[same]) same++;
  return text.slice(0, same);
}

/** Paragraphs and list items that may claim something. */
function blocksOf(text: string): readonly Span[] {
  const blocks: { from: number; to: number }[] = [];
  let open: { from: number; to: number } | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const [from, to] = [at, at + line.length];
    at = to + 1;
    const item = /^\s*(?:[-*+•]|\d{1,3}[.)、])\s+/.exec(line);
    const nothing =
      line.trim() === '' ||
      /^\s{0,3}(?:#{1,6}\s|>|\||[-*_=]{3,}\s*$)/.test(line) ||
      /^\s*\*\*[^*]+\*\*\s*:?\s*$/.test(line);
    if (nothing) open = undefined;
    else if (item || !open) blocks.push((open = { from: from + (item?.[0].length ?? 0), to }));
    else open.to = to;
  }
  return blocks;
}

function uncited(text: string, { from, to }: Span): readonly Span[] {
  const block = text.slice(from, to);
  if (/[:：]\s*$/.test(block)) return [];
  const sentences = sentencesOf(block);
  const last = sentences.findLastIndex((sentence) => cites(block.slice(sentence.from, sentence.to)));
  return sentences
    .slice(last + 1)
    .filter((sentence) => claims(block.slice(sentence.from, sentence.to)))
    .map((sentence) => ({ from: from + sentence.from, to: from + sentence.to }));
}

const abbreviations = /(?:\b(?:e\.g|i\.e|etc|vs|cf|ca|approx|Dr|Mr|Mrs|Ms|St|No|Fig|al|Inc|Ltd|U\.S|[A-Z])|\d)\.$/;

/** Sentences with the marks of citations that follow their end. */
function sentencesOf(block: string): readonly Span[] {
  const spans: Span[] = [];
  let start = 0;
  const end =
    /(?:[.!?]+["”’)\]*_]*(?=\s|\[|【|［|$)|[。！？]["”’）」]*)(?:\s*(?:\[[^\]\n]*\](?:\([^)\n]*\))?|【[^】\n]*】|［[^］\n]*］))*[.]?/gu;
  for (const match of block.matchAll(end)) {
    const behind = match.index + match[0].length;
    const before = block.slice(start, match.index + 1);
    if (
      match[0] === '.' &&
      abbreviations.test(before) &&
      behind < block.length &&
      !/^\s+\p{Lu}\p{Ll}/u.test(block.slice(behind))
    )
      continue;
    spans.push(tight(block, start, behind));
    start = behind;
  }
  if (block.slice(start).trim() !== '') spans.push(tight(block, start, block.length));
  return spans;
}

function tight(block: string, from: number, to: number): Span {
  const piece = block.slice(from, to);
  return { from: from + (piece.length - piece.trimStart().length), to: to - (piece.length - piece.trimEnd().length) };
}

function cites(sentence: string): boolean {
  if (/\[[^\]\n]+\]\(https?:/.test(sentence) || /https?:\/\/\S/.test(sentence)) return true;
  return [...sentence.matchAll(numberBracket)].some(([, a, b, c]) => {
    const contents = a ?? b ?? c ?? '';
    return parseNumbers(contents) !== undefined || parsePlaces(contents) !== undefined;
  });
}

function claims(sentence: string): boolean {
  const words = sentence.replace(/[*_~]/g, '').trim();
  if (/[?？]["”’)\]]*$/.test(words) || /[:：]$/.test(words)) return false;
  const fact =
    facts.test(words) &&
    !/^(?:i|we) (?:could(?: not|n't)|did(?: not|n't)|cannot|can't|have not|found no)\b/iu.test(words);
  if (!fact && (aboutTheWork.test(words) || drawn.test(words))) return false;
  if (/\p{L}{2}[^]*\d\s*(?:%|percent\b)/u.test(words)) return true;
  const chinese = words.match(/[\u3040-\u30FF\u3400-\u9FFF]/g)?.length ?? 0;
  if (chinese > 0) return chinese >= fewestCharacters;
  return (words.match(/[\p{L}\p{N}][\p{L}\p{N}'’.,-]*/gu)?.length ?? 0) >= fewestWords;
}
