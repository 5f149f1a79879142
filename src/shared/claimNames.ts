/** Names of a sentence: capitals in mid-sentence, acronyms, and letters with digits. */
import { isAcronym } from './nameVariants.ts';

/** How a text uses capitals. */
export interface CapitalUse {
  /** Words that it has with a capital where no sentence begins, in the form of `nameWord`. */
  readonly words: ReadonlySet<string>;
  /** It is in a language that writes every noun so: a single one names nothing. */
  readonly nouns: boolean;
}

/** One name: its words as they are compared, without titles and words between them. */
export interface NameAt {
  readonly from: number;
  readonly text: string;
  readonly words: readonly string[];
}

/** Letters and digits that stand together: the runs of each, and what stands before each. */
export interface TokenAt {
  readonly from: number;
  readonly text: string;
  readonly pieces: readonly string[];
  readonly marks: readonly string[];
}

const capital = String.raw`\p{Lu}[\p{L}\p{M}]*(?:['’][\p{L}\p{M}]+)*`;
const sequence = new RegExp(
  String.raw`(?<![\p{L}\p{N}])${capital}(?:(?:-|\. |\.? |\.)(?:(?:of|de|van|von|der|den|du|la|le|del|di|da|the|for|al|&) ){0,2}(?:& )?${capital}){0,9}`,
  'gu',
);
/** Words of the language that begin a sentence or a cell. */
const opening = new Set(
  `a an the this that these those it its he she they we i you his her their our my one both each every all some many most few several no not none
  in on at by for from to of with without within into over under after before since until during between among against about as than like near per via
  and or but nor so yet if when while although though because whereas unless once where who whom whose which what why how there here then thus hence
  is are was were be been has have had do does did can could may might must shall should will would
  also only even still just now today however moreover furthermore overall finally first second third instead meanwhile nevertheless therefore
  according total yes see note table figure step section source sources answer summary conclusion result results
  most more less fewer net new old big high low large small good key main
  der die das ein eine einer einem im am bei mit von und oder wenn als nach vor seit für auf aus zu es er sie wir le la les un une el los las`.split(
    /\s+/,
  ),
);
/** Words that say what somebody or something is: with them or without, the name is the same. */
const roles = new Set(
  `the a an mr mrs ms dr prof professor sir dame lord lady president minister chancellor mayor governor senator king queen prince princess judge general captain
  colonel ceo cto cfo chief executive director chair chairman founder author analyst engineer architect researcher scientist economist doctor
  version release company city state country river lake mount county province `
    .trim()
    .split(/\s+/),
);
/** Words whose "of" belongs to the name. */
const bodies =
  /^(?:university|bank|ministry|department|institute|bureau|house|court|council|church|republic|kingdom|isle|bay|gulf|cape|battle|treaty|duke|bishop|states?|school|college|museum|academy|board|office|cent(?:er|re)|journal|association|society|federation|union|organi[sz]ation|league|port|book)$/;
/** Capitals that name nothing by themselves. */
const noName = new Set(
  'i ok pdf url http https api html css json xml faq tldr vs am pm bc ad ce bce nr ii iii iv vi usd eur gbp'.split(' '),
);
const token =
  /(?<![\p{L}\p{N}])(?=[\p{L}\p{N}._‐‑-]*\p{L})(?=[\p{L}\p{N}._‐‑-]*\d)[\p{Script=Latin}\d]+(?:[-._‐‑][\p{Script=Latin}\d]+)*(?![\p{Script=Latin}\d])|(?<![\p{L}\p{N}.])\d+(?:\.\d+){2,}(?![\p{L}\p{N}])/gu;
/** A number with a point is a version behind a name: `Quill 3.10`, and 3.1 is another one. */
const version =
  /(?<=(?:\b[vV]ersions?|\b[rR]eleases?|(?<=[\p{L}\p{N}] |^)\p{Lu}[\p{L}\p{M}+#]*) )\d+\.\d+(?![\d.]*\d|[\p{L}%]|\s*(?:%|million|billion|per))/gu;

/** A word as names are compared. */
export function nameWord(written: string): string {
  const word = /^[A-Za-z]+$/.test(written)
    ? written
    : written
        .replace(/['’]s$/u, '')
        .replaceAll('.', '')
        .normalize('NFKD')
        .replace(/[\p{M}'’]/gu, '');
  return word.toLowerCase();
}

/** The names and tokens of a sentence in which citations are blank. */
export function namesIn(
  sentence: string,
  capitals: CapitalUse,
): { readonly names: readonly NameAt[]; readonly tokens: readonly TokenAt[] } {
  const tokens = tokensIn(sentence);
  let rest = sentence;
  for (const { from, text } of tokens)
    rest = rest.slice(0, from) + '·'.repeat(text.length) + rest.slice(from + text.length);
  const names = [...rest.matchAll(sequence)].flatMap((match) => {
    const initial = /(?:^|[:.!?：。|“"(]|\s[-–—])$/.test(rest.slice(0, match.index).trimEnd());
    return apart(match[0], capitals.nouns).flatMap(({ text, at }) =>
      nameOf(text, match.index + at, initial && at === 0, capitals),
    );
  });
  return { names, tokens };
}

function tokensIn(sentence: string): readonly TokenAt[] {
  return [...sentence.matchAll(token), ...sentence.matchAll(version)].flatMap((match) => {
    const [text] = match;
    // Units and ordinals right behind a number (128MB, 4th, 5-year) belong to the number.
    if (/^\d[\d.,]*-?\p{L}+$/u.test(text) && !/^\d+(?:[A-Z]|[A-Z]\d+)$/.test(text)) return [];
    if (/^\d[\d.]*-[\p{L}-]+$/u.test(text)) return [];
    const pieces: string[] = [];
    const marks: string[] = [];
    let end = 0;
    for (const piece of text.matchAll(/\p{L}+|\d+/gu)) {
      marks.push(text.slice(end, piece.index));
      pieces.push(nameWord(piece[0]));
      end = piece.index + piece[0].length;
    }
    return [{ from: match.index, text, pieces, marks }];
  });
}

/** `Ines Okafor of the Karolinska Institutet` is two names, `University of Nordby` one. */
function apart(text: string, nouns: boolean): readonly { readonly text: string; readonly at: number }[] {
  const parts: { text: string; at: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(nouns ? / (?:\p{Ll}+ )+/gu : / (?:of|for|the|al)(?: the)? /g)) {
    const head = /[\p{L}\p{M}]+$/u.exec(text.slice(start, match.index))?.[0] ?? '';
    if (match[0] === ' of ' && bodies.test(nameWord(head))) continue;
    parts.push({ text: text.slice(start, match.index), at: start });
    start = match.index + match[0].length;
  }
  return [...parts, { text: text.slice(start), at: start }];
}

/** A sequence as a name. Behind a sentence's beginning its first word is one only where it is written so elsewhere. */
function nameOf(text: string, from: number, initial: boolean, capitals: CapitalUse): readonly NameAt[] {
  const all = [...text.matchAll(/(?:\p{Lu}\.){2,}|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu)].map((match) => ({
    at: match.index,
    end: match.index + match[0].length,
    written: match[0],
    word: nameWord(match[0]),
  }));
  const isOpening = (word: string) => roles.has(word) || (initial && opening.has(word));
  const first = all.findIndex(
    ({ word, written }) => !isOpening(word) || (written.length > 1 && /^\p{Lu}+$/u.test(written)),
  );
  if (first < 0) return [];
  const kept = all.slice(first);
  const [head] = kept;
  if (!head) return [];
  const words = kept.filter(({ written }) => /^\p{Lu}/u.test(written)).map(({ word }) => word);
  const acronym = /^\p{Lu}{2,}$/u.test(head.written);
  if (words.length === 1) {
    if (noName.has(head.word) || head.word.length < 2 || months.test(head.word)) return [];
    if (!acronym && (capitals.nouns || (initial && first === 0 && !capitals.words.has(head.word)))) return [];
  }
  // Initials may stand in one and not in the other.
  const dotted = new Set(kept.filter(({ written }) => written.includes('.')).map(({ word }) => word));
  const full = words.filter((word) => word.length > 1 && (!dotted.has(word) || isAcronym(word)));
  const long = full.length > 0 ? full : words;
  const end = kept.at(-1)?.end ?? text.length;
  return [{ from: from + head.at, text: text.slice(head.at, end), words: long }];
}

const months = /^(?:january|february|march|april|may|june|july|august|september|october|november|december)$/;

/** The words that a text has with a capital in mid-sentence. */
export function capitalUse(text: string): CapitalUse {
  // Headings and what is bold are titles as often as names.
  const prose = text.replace(/^\s{0,3}#.*$|(?:\*\*|__)[^*\n]{1,80}?(?:\*\*|__)/gm, ' ');
  const used = new Set<string>();
  for (const [word] of prose.matchAll(
    /(?<=[\p{Ll}\p{N},;][)”’"*_]{0,3} [*_“"(]{0,3})\p{Lu}[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu,
  ))
    used.add(nameWord(word));
  const german = text.match(/ (?:der|die|das|und|ist|nicht|wurde|von|mit)(?= )/g)?.length ?? 0;
  return { words: used, nouns: german > 3 && german * 40 > (text.match(/ /g)?.length ?? 0) };
}
