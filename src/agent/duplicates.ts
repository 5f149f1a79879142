/** The same query twice: a slip that is rolled back (agent-protocol: rollbacks). */
import type { CallRequest } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import type { Tool } from './tool.ts';

type Asked = Omit<CallRequest, 'callId'>;

/** Says which query the attempt made before; undefined when all are new, or the tools have none. */
export function duplicateOf(
  calls: readonly Asked[],
  trajectory: Trajectory,
  tools: readonly Tool[],
): string | undefined {
  const wanted = calls.map((call) => ({ call, key: queryKey(call, tools) })).filter(({ key }) => key !== undefined);
  if (wanted.length === 0) return undefined;
  const { items } = trajectory;
  const from = items.findLastIndex((item) => item.kind === 'question' || item.kind === 'attempt');
  const made = new Set(
    items
      .slice(from)
      .flatMap((item) => (item.kind === 'turn' && !item.undone ? item.calls.map((call) => queryKey(call, tools)) : [])),
  );
  const again = wanted.find(({ key }) => made.has(key));
  return again && `${again.call.tool} was called with the same query before: ask something else.`;
}

function queryKey({ server, tool: name, arguments: args }: Asked, tools: readonly Tool[]): string | undefined {
  const tool = tools.find((candidate) => candidate.server === server && candidate.name === name);
  const query = tool?.query?.(args);
  return query === undefined ? undefined : `${server}.${name} ${normal(query)}`;
}

/** Case, width and white space make no other query, nor do fragments and last slashes of addresses; case does in their paths. */
function normal(query: string): string {
  const text = query.normalize('NFKC').replace(/\s+/g, ' ').trim();
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text.toLowerCase();
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}${search}`;
}
