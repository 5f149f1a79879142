/**
 * The form in which short answers are compared. Two answers with the same form are the same answer; where it is not certain
 * that two ways of writing mean the same, they stay apart.
 */

/**
 * Case, width, white space, articles, closing punctuation, the marks around an answer, thousands separators and trailing
 * zeros of numbers make no other answer. Lists keep their order, `and` counts as a comma. Never empty, unless the text is
 * blank.
 */
export function normalAnswer(text: string): string {
  let form = text.trim();
  // One rule may make room for another: a full stop within quotes, say. Every rule shortens or settles.
  for (let round = 0; round < maxRounds; round++) {
    const next = once(form);
    if (next === '' || next === form) return form;
    form = next;
  }
  return form;
}

const maxRounds = 20;

function once(text: string): string {
  const plain = lowerCase(plainMarks(withoutLatex(unwrapped(text)))).replace(/\s+/g, ' ');
  const list = joinedNumbers(plain)
    .replace(/(?<=\S) (?:and|&) (?=\S)/g, ', ')
    .split(/ ?, ?/)
    .filter((item) => item.trim() !== '');
  return withoutClosing(list.map(normalItem).join(', '));
}

/** What stands around the whole and belongs to the writing. */
const wrappers: readonly RegExp[] = [
  /^\\boxed\s*\{([^{}]*)\}$/,
  /^\$\$?([^$]+)\$\$?$/,
  /^\\\((.*)\\\)$/s,
  /^\\\[(.*)\\\]$/s,
  /^\*\*([^*]+)\*\*$/,
  /^`([^`]+)`$/,
  /^"([^"]+)"$/,
  /^'([^']+)'$/,
  /^“([^“”]+)”$/,
  /^‘([^‘’]+)’$/,
  /^«([^«»]+)»$/,
  /^\{([^{}]+)\}$/,
];

function unwrapped(text: string): string {
  const trimmed = text.trim();
  for (const wrapper of wrappers) {
    const inner = wrapper.exec(trimmed)?.[1]?.trim();
    if (inner) return unwrapped(inner);
  }
  return trimmed;
}

/** LaTeX as plain text. A fraction stays apart from the digits before it, an exponent from those behind it. */
function withoutLatex(text: string): string {
  return text
    .replace(/\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|operatorname)\s*\{([^{}]*)\}/g, '$1')
    .replace(/\\[dt]?frac\s*\{(\w+)\}\s*\{(\w+)\}(?!\w)/g, ' $1/$2')
    .replace(/\^\s*(?:\{\s*\\circ\s*\}|\\circ\b)/g, '°')
    .replace(/\^\{([^{}]*)\}(?!\w)/g, '^$1')
    .replace(/(?<=[A-Za-z])_(?:\{(\d+)\}|(\d))(?!\d)/g, '$1$2')
    .replace(/(?<=\d)\{,\}(?=\d{3})/g, ',')
    .replace(/(?<=\d)\\[,;! ](?=\d{3}(?!\d))/g, '')
    .replace(/\\[,;!: ]/g, ' ')
    .replace(/\\times\b/g, '×')
    .replace(/\\([%$&#_])/g, '$1');
}

/** One way of writing for signs that look alike. NFKC alone would make 102 of 10² and 31/2 of 3½. */
function plainMarks(text: string): string {
  return text
    .replace(/(?<=\d)[\u00a0\u2009\u202f'’_](?=\d{3}(?!\d))/g, '')
    .replace(/[⁺⁻⁰¹²³⁴-⁹]+/g, '^$&')
    .replace(/(?<=\d)[₀-₉]+|[₀-₉]+(?=\d)/g, '_$& ')
    .replace(/[¼-¾⅐-⅞]/g, ' $& ')
    .normalize('NFKC')
    .replace(/⁄/g, '/')
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"');
}

/** Case makes no other answer, but for the units where it is the difference between a thousandth and a million. */
function lowerCase(text: string): string {
  return text.replace(/(\d\s*)M(?=(?:W|Wh|Hz|Pa|V|A|J|N|g|s|Bq|L|b|B|eV)\b)/g, '$1mega').toLowerCase();
}

/** Groups of three digits are one number; `1, 234` with a space and `10,20` are lists. */
function joinedNumbers(text: string): string {
  return text.replace(/(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?!,?\d)/g, (number) => number.replaceAll(',', ''));
}

function normalItem(item: string): string {
  return withoutArticle(withoutClosing(unwrapped(item)))
    .replace(/(\d)\s*(?:%|percent\b|per cent\b)(?! points?)/g, '$1%')
    .replace(/^(-?[$€£¥]?)(\.\d)/, '$10$2')
    .replace(/^(-?[$€£¥]? ?\d+\.\d*?)0+(?=$|%|°| [a-z°])/, '$1')
    .replace(/^(-?[$€£¥]? ?\d+)\.(?=$|%|°| [a-z°])/, '$1');
}

/** `the` anywhere; `a` and `an` at the front and before a word, since `A` alone is an answer, and `A minor` a key. */
function withoutArticle(text: string): string {
  return text
    .replace(/^an? (?!(?:major|minor|flat|sharp)\b)(?=[\p{L}]{2})/u, '')
    .replace(/(?<![\p{L}\p{N}'-])the (?=[\p{L}\p{N}])/gu, '');
}

/** One closing mark; an ellipsis and a factorial say something. */
function withoutClosing(text: string): string {
  const trimmed = text.trim();
  return trimmed.replace(/(?<=[^.,;:])[.,;:。]$|(?<=\p{L}{2})!$/u, '').trim();
}
