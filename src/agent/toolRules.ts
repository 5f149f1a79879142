/** What rules say of a tool, by its name. */
import type { Envelope, NarrowingRules, Rules } from '../shared/envelope.ts';
import type { Tool } from './tool.ts';

/** A rule as it was written; `by`: who set it, where that is not the person. */
export interface ToolRule {
  readonly pattern: string;
  readonly by?: string;
}

/** The repository's word for itself in a rule's `by`. */
export const byRepository = 'the repository';

/**
 * What is decided for a tool; undefined where no rule names it. A foreign one is allowed by its name with its server alone:
 * anybody can call a tool as ours are called.
 */
export function judgeTool(
  tool: Pick<Tool, 'server' | 'name' | 'foreign'>,
  { tools, repository }: Pick<Envelope, 'tools' | 'repository'>,
): { readonly kind: 'allow' | 'ask' | 'deny'; readonly rule: ToolRule } | undefined {
  const narrowing: NarrowingRules = repository?.tools ?? { ask: [], deny: [] };
  const find = (kind: keyof Rules) => {
    const withServer = kind === 'allow' && tool.foreign === true;
    const own = tools[kind].find((pattern) => names(pattern, tool, withServer));
    if (own !== undefined) return { kind, rule: { pattern: own } };
    const other = kind === 'allow' ? undefined : narrowing[kind].find((pattern) => names(pattern, tool));
    return other === undefined ? undefined : { kind, rule: { pattern: other, by: byRepository } };
  };
  return find('deny') ?? find('ask') ?? find('allow');
}

/** Whether a pattern is this tool's name, with its server or (unless `withServer`) without; `*` stands for any part of it. */
function names(pattern: string, { server, name }: Pick<Tool, 'server' | 'name'>, withServer = false): boolean {
  const plain = pattern.trim();
  if (withServer && plain !== '*' && !plain.includes('.')) return false;
  const parts = plain.split('*');
  const whole = new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  return (!withServer && whole.test(name)) || whole.test(`${server}.${name}`);
}
