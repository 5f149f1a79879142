/** The evidence ledger: every source that a run read something of, attached files among them. It lives in the log, so what is out of view stays in it. */
import type { Evidence, EvidenceRef } from './evidence.ts';
import type { Question } from './items.ts';
import type { Attachment } from './refs.ts';
import type { Trajectory } from './trajectory.ts';

/** One record: what a call brought of one source, or a file that was put to a question. */
export interface LedgerRecord {
  readonly ref: EvidenceRef;
  readonly evidence: Evidence;
  /** The turn of the call; absent where a person attached it. */
  readonly turn?: number;
  /** What the call was answered with, or the attached text; the record's text where `evidence.text` is absent. */
  readonly content: string;
  /** The number of its source by first mention, from 1: the same address has the same number. */
  readonly source: number;
}

/** All records of a run, the first one first; those of a nested run are among them, since its caller's call lists them. */
export function ledgerOf({ items }: Pick<Trajectory, 'items'>): readonly LedgerRecord[] {
  const numbers = new Map<string, number>();
  const records: LedgerRecord[] = [];
  const add = (record: Omit<LedgerRecord, 'source'>) => {
    const key = keyOf(record.evidence);
    const source = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, source);
    records.push({ ...record, source });
  };
  for (const item of items) {
    if (item.kind === 'question') for (const record of attachedTo(item)) add(record);
    if (item.kind !== 'turn') continue;
    for (const { callId, content = '', sources = [] } of item.calls) {
      for (const [index, evidence] of sources.entries())
        add({ ref: { callId, index }, evidence, turn: item.turn, content });
    }
  }
  return records;
}

/** What came with a question was read when it was asked; a reference names it by the fact that asked. */
function attachedTo({ seq, at, attachments = [] }: Question): readonly Omit<LedgerRecord, 'source'>[] {
  return attachments.map((attachment, index) => {
    const evidence = attached.get(attachment) ?? { uri: attachment.path, kind: 'file', retrievedAt: at, spans: [] };
    attached.set(attachment, evidence);
    return { ref: { callId: `question-${seq}`, index }, evidence, content: attachment.text };
  });
}

/** The same object each time, as with calls. */
const attached = new WeakMap<Attachment, Evidence>();

/** The record that a reference names. */
export function recordOf(trajectory: Pick<Trajectory, 'items'>, ref: EvidenceRef): LedgerRecord | undefined {
  return ledgerOf(trajectory).find((record) => record.ref.callId === ref.callId && record.ref.index === ref.index);
}

/** Taken once a record: the list is made for every prompt. */
function keyOf(evidence: Evidence): string {
  const known = keys.get(evidence) ?? sameSource(evidence.uri);
  keys.set(evidence, known);
  return known;
}

const keys = new WeakMap<Evidence, string>();

/** One form for all ways of writing an address or a path, so that a citation finds what was read. */
export function sameSource(uri: string): string {
  if (!/^https?:\/\//i.test(uri)) return plainPath(uri);
  const bare = decoded(uri.trim())
    .replace(/#.*$/s, '')
    .replace(/^https?:\/\/(?:www\.)?/i, '')
    .replace(/^([^/?]+)/, (host) => host.toLowerCase().replace(/:(?:80|443)$/, ''))
    .replace(/[?&](?:utm_\w+|fbclid|gclid)=[^&]*/g, '')
    .replace(/\/+$/, '');
  return bare
    .replace(/^arxiv\.org\/(?:abs|pdf|html)\/(.+?)(?:v\d+)?(?:\.pdf)?$/, 'arxiv.org/abs/$1')
    .replace(/^github\.com\/([^/]+\/[^/]+)\/(?:blob|raw)\//, 'raw.githubusercontent.com/$1/');
}

function plainPath(path: string): string {
  return decoded(path.trim().replace(/^file:\/\//, ''))
    .replace(/\\/g, '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
