/** What stands between a reader and a page: told by what is there in place of a text. */
import type { ReadDocument } from './document.ts';

/** A page with so many characters of its own is read, whatever it says. */
const enough = { robot: 1500, consent: 1200, login: 1200, script: 400, payment: 4000 };

const robot =
  /\b(?:are you (?:a )?(?:human|robot)|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|unusual traffic from your|complete the (?:captcha|security check)|attention required!? *\| *cloudflare|just a moment\.\.\.|ddos protection by|press (?:&|and) hold|not a robot|access (?:to this page )?has been denied|pardon our interruption|automated (?:access|requests?))\b/i;
const login =
  /\b(?:(?:log|sign) ?in to (?:continue|view|read|see|access|your account)|you (?:must|need to|have to) (?:be logged in|log ?in|sign ?in)|please (?:log|sign) ?in|login required|sign ?in to|authentication required|bitte (?:melden sie sich an|anmelden)|connectez-vous|请(?:先)?登录|登录后)/i;
const consent =
  /\b(?:before you continue|we (?:and our (?:\d+ )?partners )?(?:use|store) cookies|accept (?:all )?cookies|(?:cookie|consent|privacy) (?:preferences|choices|settings)|we value your privacy|your privacy choices|bevor sie (?:fortfahren|zu)|wir verwenden cookies|zustimmen und weiter)/i;
const payment =
  /\b(?:subscribe to (?:continue|read|keep reading)|(?:this|the) (?:article|content|story) is (?:for|only available (?:to|for)|reserved for|exclusive(?:ly)? (?:to|for)) (?:paying )?(?:subscribers|members)|to (?:continue|keep) reading|already a subscriber|you(?:'|’)ve reached your (?:limit|free)|unlock (?:this|the full) (?:article|story)|subscribers? only|purchase (?:access|this article)|become a (?:subscriber|member) to)/i;
const needsScript =
  /(?:enable|activate|requires?|need|turn on|without) (?:to (?:enable|run) )?java ?script|java ?script (?:is |to be )?(?:required|disabled|enabled|must be)|app works best with javascript/i;

/** What is known of a page's text and markup. */
export interface WallSigns {
  readonly title: string;
  /** What was made readable. */
  readonly text: string;
  /** All words that the body shows. */
  readonly shown: string;
  readonly noscript: string;
  readonly scripts: number;
  readonly hasPassword: boolean;
  /** JSON-LD says that it is not free (schema.org `isAccessibleForFree`). */
  readonly notFree: boolean;
}

/** The wall that a page is; undefined where there is a page to read. Pages that only speak of cookies or logging in are read. */
export function wallOf({
  title,
  text,
  shown,
  noscript,
  scripts,
  hasPassword,
  notFree,
}: WallSigns): ReadDocument['wall'] {
  const { length } = text;
  const words = `${title}\n${shown.slice(0, 20_000)}`;
  if (length < enough.robot && robot.test(words)) return 'robot';
  if (hasPassword && length < enough.login) return 'login';
  if (length < enough.login / 2 && login.test(words)) return 'login';
  if (payment.test(words.slice(0, 20_000)) && (notFree ? length < enough.payment : length < enough.payment / 2))
    return 'payment';
  if (length < enough.consent && consent.test(words) && mostlyAbout(consent, shown)) return 'consent';
  if (length < enough.script && scripts > 0 && (needsScript.test(`${words}\n${noscript}`) || shown.trim().length < 80))
    return 'script';
  return undefined;
}

/** Whether what shows is short, or about it from its beginning on. */
function mostlyAbout(pattern: RegExp, shown: string): boolean {
  return shown.length < 2500 || pattern.test(shown.slice(0, 400));
}
