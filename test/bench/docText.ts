/**
 * How the text of a page and the words of a quote are compared. Tags and entities of HTML are taken off, quotation marks
 * and dashes become the plain ones, and white space is one space; case counts. A gold string is in a quote when it is part
 * of the quote after both were made so. Phrases are words in lower case, punctuation aside.
 */

/** Text as it is compared. */
export function plainText(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—]/g, '-')
    .replace(/[¶\s]+/g, ' ')
    .trim();
}

/** The paragraphs of an HTML page's main part, section by section, as a reader sees them. */
export function pageSections(html: string): readonly (readonly string[])[] {
  const [, body = html] = /<div class="body" role="main">([\s\S]*?)<div class="sphinxsidebar/.exec(html) ?? [];
  const shown = body.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ');
  return shown.split(/<section\b|<h[1-4]\b/).map((section) =>
    section
      .split(/<\/?(?:p|li|dd|dt|pre|tr|div|h\d|dl|ul|ol|table)\b[^>]*>/)
      .map((paragraph) => plainText(decoded(paragraph.replace(/<[^>]*>/g, ''))))
      .filter((paragraph) => paragraph !== ''),
  );
}

/** The runs of `size` words that two texts share. */
export function sharedPhrases(a: string, b: string, size: number): readonly string[] {
  const ofB = new Set(phrases(b, size));
  return phrases(a, size).filter((phrase) => ofB.has(phrase));
}

function phrases(text: string, size: number): readonly string[] {
  const words = text.toLowerCase().match(/[a-z0-9_]+(?:['.][a-z0-9_]+)*/g) ?? [];
  return words.slice(size - 1).map((_, index) => words.slice(index, index + size).join(' '));
}

function decoded(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
