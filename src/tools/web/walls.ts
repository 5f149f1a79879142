/** Pages that show themselves only to some: what stands in the way, and what else can be done. */
import type { ReadDocument } from '../documents/document.ts';

/** A page's way of keeping readers out. */
type Wall = NonNullable<ReadDocument['wall']>;

/** So many letters that are not the wall's own are something to read. Walls of some kinds say much of themselves. */
const worthLetters: Readonly<Record<Wall, number>> = { login: 30, consent: 100, payment: 60, script: 30, robot: 1_000 };

/** What sentences speak of that belong to a wall of this kind. */
const ownWords: Readonly<Record<Wall, RegExp>> = {
  login:
    /(?:sign|log)(?:ged|ging|ing)?[ -]?(?:in|on|up|out)\b|passw|user ?name|e-?mail|regist|accounts?\b|credential|remember me|captcha|terms|privacy|cookie|©|anmeld|einlogg|benutzer|konto|mot de passe|connect|compte\b|contraseña|sesión|cuenta\b|登录|登陆|密码|账号|注册/i,
  consent:
    /cookie|consent|privacy|partner|accept|reject|advert|personali[sz]|vendor|legitimate|preferences|settings|your (?:data|choices)|datenschutz|zustimm|einwillig|©/i,
  payment: /subscri|sign ?in|log ?in|paywall|member|already a|continue reading|unlock|purchase|trial|per month|©/i,
  script: /java ?script|browser|loading|enable|reload|©/i,
  robot: /robot|human|browser|captcha|security|cookie|java ?script|cloudflare|ray id|traffic|access|block|©/i,
};

const words: Readonly<Record<Wall, string>> = {
  login: 'The page asks to log in and shows nothing without it.',
  consent: 'The page asks for consent to cookies and shows nothing before it.',
  payment: 'The page shows its text to subscribers only.',
  script: 'The page has no text without JavaScript.',
  robot: 'The page wants to know first that it is no robot who reads it, and shows nothing before that.',
};

const asks: Readonly<Record<Wall, string>> = {
  login: 'The page asks to log in: it may show more to those who do.',
  consent: 'The page asks for consent to cookies: it may show more behind that.',
  payment: 'The page shows more to subscribers: this may be its beginning alone.',
  script: 'The page wants JavaScript: it may show more with it.',
  robot: 'The page asks whether a robot reads it: it may show more to people.',
};

const advice: Readonly<Record<Wall, string>> = {
  login: 'Look for the same elsewhere: another page, an archive, a public copy.',
  consent: 'Look for the same elsewhere: another page, an archive, a public copy.',
  payment: 'Look for the same elsewhere: a preprint, the author’s page, an archive, other reports of it.',
  script:
    'Look for its data elsewhere: an interface that it reads from, a printable form, an archive. (Rendering pages is a setting of the person, mirothinker.web.render.)',
  robot: 'Do not try again at once. Look for the same elsewhere: another page, an archive, a public copy.',
};

/** Why there is nothing to read, for the model; undefined where there is something. */
export function refusalOf({ wall, text, notes }: ReadDocument): string | undefined {
  if (text.trim() === '' && wall === undefined) return ['There is no text on this page.', ...notes].join(' ');
  if (wall === undefined || lettersBeside(wall, text) >= worthLetters[wall]) return undefined;
  return [words[wall], ...notes, advice[wall]].join(' ');
}

/** What stands in the way of the rest of a page that was read, in sentences for the model. */
export function wallNotes({ wall }: ReadDocument): readonly string[] {
  return wall === undefined ? [] : [asks[wall]];
}

/** In sentences that are not the wall's own, nor headings, links or menus. */
function lettersBeside(wall: Wall, text: string): number {
  return text
    .split(/\n+|(?<=[.!?])\s+|(?<=[。！？])/)
    .filter((sentence) => !/^\s*#/.test(sentence) && !ownWords[wall].test(sentence))
    .map((sentence) => sentence.replace(/!?\[[^\]]*\]\([^)]*\)/g, '').replace(/[^\p{L}\p{N}]+/gu, ''))
    .filter(({ length }) => length >= leastSentence)
    .reduce((sum, { length }) => sum + length, 0);
}

/** In letters; what is shorter is a label. */
const leastSentence = 6;
