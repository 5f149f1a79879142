/** What a nested run read, as evidence of the call that it did: so its caller's ledger holds it, and outlives the nested run. */
import type { FoundSource } from '../agent/tool.ts';
import { ledgerOf, type LedgerRecord } from '../shared/ledger.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { readBlob } from '../store/blobs.ts';

/** Of the newest records; their texts together. */
const mostSources = 200;
const mostChars = 20_000_000;

/** The newest record of every page and file, with its text; what cannot be read any more comes without. */
export async function nestedSources(end: Trajectory, runFolder: string): Promise<readonly FoundSource[]> {
  const newest = new Map<number, LedgerRecord>();
  for (const record of ledgerOf(end)) if (record.evidence.kind !== 'hit') newest.set(record.source, record);
  const sources: FoundSource[] = [];
  let chars = 0;
  for (const record of [...newest.values()].toReversed().slice(0, mostSources)) {
    const text = await textOf(record, runFolder);
    if (text === undefined || (chars += text.length) > mostChars) continue;
    const { uri, title, kind, retrievedAt, sha256, author, published, spans, pages } = record.evidence;
    sources.unshift({
      ...{ uri, kind, retrievedAt, text, spans: record.evidence.text ? spans : [] },
      ...(title !== undefined && { title }),
      ...(sha256 !== undefined && { sha256 }),
      ...(author !== undefined && { author }),
      ...(published !== undefined && { published }),
      ...(pages && { pages }),
    });
  }
  return sources;
}

async function textOf({ evidence, content }: LedgerRecord, runFolder: string): Promise<string | undefined> {
  if (evidence.text)
    return readBlob(runFolder, evidence.text).then(
      (bytes) => bytes.toString('utf8'),
      () => undefined,
    );
  const shown = evidence.spans.map(({ from, to }) => content.slice(from, to)).join('\n');
  const text = evidence.spans.length > 0 ? shown : content;
  return /^\d+\t/.test(text) ? text.replace(/^\d+\t/gm, '') : text;
}
