/** What a helping model said of a picture or a sound, told apart from what the source itself says. */

/** Headings in a document's text; behind one of them all is the model's. */
export const modelHeadings = {
  picture: 'Description of the picture, by a model',
  sound: 'Transcript, by a model',
} as const;

/** Why a quote from there does not verify. */
const whys = {
  picture: 'It stands in what a model said of the picture, not in the source itself.',
  sound: 'It stands in what a model wrote down of the recording; the recording itself was not compared.',
} as const;

/** The words of a model, put behind what is known of the source. */
export function withModelWords(text: string, kind: keyof typeof modelHeadings, words: string) {
  const before = `${text.trimEnd()}\n\n`;
  return { text: `${before}# ${modelHeadings[kind]}\n\n${words}`, from: before.length };
}

/** Why a stretch that ends at `to` is not the source's own words; undefined where it is. */
export function modelMade(text: string, to: number): string | undefined {
  const kinds = ['picture', 'sound'] as const;
  const kind = kinds.find((each) => {
    const heading = `# ${modelHeadings[each]}\n`;
    const at = text.startsWith(heading) ? 0 : text.indexOf(`\n${heading}`);
    return at >= 0 && at < to;
  });
  return kind && whys[kind];
}
