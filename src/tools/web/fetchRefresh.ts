/** Pages that lead on by themselves: a small page whose head says where to go. */
import type { WebAnswer } from './fetchExchange.ts';

const smallBytes = 16_000;
const soonSeconds = 5;

/** Where a page sends its reader on within seconds; undefined where it is there to be read. */
export function refreshTarget({ headers, bytes }: WebAnswer): string | undefined {
  if (!/html/i.test(headers['content-type'] ?? '') || bytes.length > smallBytes) return undefined;
  const tags = bytes.toString('utf8').match(/<meta\b[^>]{0,2000}>/gi) ?? [];
  const tag = tags.find((each) => /http-equiv\s*=\s*["']?refresh\b/i.test(each));
  const [, content = ''] = /\scontent\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/i.exec(tag ?? '') ?? [];
  const unquoted = content.replace(/^["']|["']$/g, '');
  const [, seconds = '', to = ''] = /^\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)/i.exec(unquoted) ?? [];
  if (to === '' || Number(seconds) > soonSeconds) return undefined;
  return to.replaceAll('&amp;', '&').trim();
}
