/** Pages that show themselves only to some: what stands in the way, and what else can be done. */
import type { ReadDocument } from '../documents/document.ts';

/** Text from which on there is something to read beside the wall. */
const worthChars = 1_500;

const words: Readonly<Record<NonNullable<ReadDocument['wall']>, string>> = {
  login: 'The page asks to log in and shows nothing without it.',
  consent: 'The page asks for consent to cookies and shows nothing before it.',
  payment: 'The page shows its text to subscribers only.',
  script: 'The page has no text without JavaScript.',
  robot: 'The page wants to know first that it is no robot who reads it, and shows nothing before that.',
};

const advice: Readonly<Record<NonNullable<ReadDocument['wall']>, string>> = {
  login: 'Look for the same elsewhere: another page, an archive, a public copy.',
  consent: 'Look for the same elsewhere: another page, an archive, a public copy.',
  payment: 'Look for the same elsewhere: a preprint, the author’s page, an archive, other reports of it.',
  script:
    'Look for its data elsewhere: an interface that it reads from, a printable form, an archive. (Rendering pages is a setting of the person, mirothinker.web.render.)',
  robot: 'Do not try again at once. Look for the same elsewhere: another page, an archive, a public copy.',
};

/** Why there is nothing to read, for the model; undefined where there is something. */
export function wallWords({ wall, text, notes }: ReadDocument): string | undefined {
  if (wall === undefined || text.trim().length >= worthChars) return undefined;
  return [words[wall], ...notes, advice[wall]].join(' ');
}
