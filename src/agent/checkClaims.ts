/** Holds what an answer claims without a citation of its own against what was read of the sources cited beside it. */
import { numberSources } from '../shared/citations.ts';
import { sourceLookup } from '../shared/citedIn.ts';
import { claimsOf } from '../shared/claims.ts';
import { soughtFacts, soughtText, soughtUris, unsupportedOf, type SoughtText } from '../shared/claimSupport.ts';
import type { Unsupported } from '../shared/evidence.ts';
import { recordsOf, type Readings } from '../shared/judgeCitation.ts';
import type { LedgerRecord } from '../shared/ledger.ts';
import type { Answer } from '../shared/trajectory.ts';

/** Readings of one source that are looked into, the newest first, and sources of one answer. */
const mostReadings = 50;
const mostSources = 500;

/** The marks of the answer. Texts are read only of sources that some claim needs. */
export async function checkClaims(
  { text, sources }: Pick<Answer, 'text' | 'sources'>,
  { records, textOf }: Pick<Readings, 'records' | 'textOf'>,
  signal: AbortSignal,
): Promise<readonly Unsupported[]> {
  const claims = claimsOf(text);
  if (claims.claims.length === 0) return [];
  const sourcesOf = sourceLookup(numberSources(text, sources));
  const facts = soughtFacts(claims);
  const texts = new Map<string, readonly SoughtText[]>();
  const read = new Map<LedgerRecord, SoughtText>();
  for (const uri of [...soughtUris(claims, sourcesOf)].slice(0, mostSources)) {
    const found: SoughtText[] = [];
    for (const record of recordsOf(uri, records).slice(-mostReadings)) {
      signal.throwIfAborted();
      const stored = read.has(record) ? undefined : await textOf(record);
      if (stored) read.set(record, soughtText(plainText(record, stored.text), facts, stored.words));
      const sought = read.get(record);
      if (sought) found.push(sought);
    }
    texts.set(uri, found);
  }
  return unsupportedOf(claims, { sourcesOf, textsOf: (uri) => texts.get(uri) ?? [] });
}

/** Without the numbers of lines and the escapes of JSON, which are no part of the source. */
function plainText({ evidence, content }: LedgerRecord, text: string): string {
  if (evidence.text !== undefined) return text;
  if (evidence.startLine !== undefined && /^\d+\t/.test(text)) return text.replace(/^\d+\t/gm, '');
  return /^\s*[[{]/.test(content) ? text.replace(/\\[nrtbf]/g, '  ') : text;
}
