/** Old lines of a log → lines of the present format. Nothing is ever edited on disk: reading upgrades. */
import { plainEnvelope } from './envelope.ts';
import { isRecord } from './json.ts';
import { noWeb } from './webSettings.ts';

type Json = Readonly<Record<string, unknown>>;

/** One parsed line as the present format has it. A line that is current already comes back as it is. */
export function upgradeLine(line: unknown): unknown {
  return isRecord(line) ? fromFormat3(fromFormat2(fromFormat1(line))) : line;
}

/** Format 2 has a retention policy in place of `keep`, attempts, budgets and sub-agents; a rollback says its kind. */
function fromFormat1(line: Json): Json {
  if (line['type'] === 'turn.rolledBack' && line['kind'] === undefined) return { ...line, kind: 'malformed' };
  const settings = line['settings'];
  if (!isRecord(settings) || settings['keep'] === undefined) return numbered(line, 2);
  const { keep, ...rest } = settings;
  const retention = { policy: 'recency', keep, slack: 0 };
  return numbered({ ...line, settings: { ...rest, retention, attempts: 1, budget: {}, subAgents: false } }, 2);
}

/** Format 3 has an envelope, listed domains and read-only workspaces, and checkpoints. */
function fromFormat2(line: Json): Json {
  const settings = line['settings'];
  if (!isRecord(settings) || settings['envelope'] !== undefined) return numbered(line, 3);
  const added = { envelope: plainEnvelope, domains: [], workspace: 'read-write' };
  return numbered({ ...line, settings: { ...settings, ...added } }, 3);
}

/** Format 4 has the web, evidence, clarification and plans. */
function fromFormat3(line: Json): Json {
  const settings = line['settings'];
  if (!isRecord(settings) || settings['web'] !== undefined) return numbered(line, 4);
  return numbered({ ...line, settings: { ...settings, web: noWeb, clarify: false, plan: false } }, 4);
}

/** A line that says which format it has, and has the one before, has this one now. */
function numbered(line: Json, format: number): Json {
  return line['format'] === format - 1 ? { ...line, format } : line;
}
