/** What rules say of a tool, by its name. */
import type { Envelope, NarrowingRules, Rules } from '../shared/envelope.ts';
import type { ToolSchema } from '../shared/events.ts';

/** A rule as it was written; `by`: who set it, where that is not the person. */
export interface ToolRule {
  readonly pattern: string;
  readonly by?: string;
}

/** The repository's word for itself in a rule's `by`. */
export const byRepository = 'the repository';

/** What is decided for a tool; undefined where no rule names it. */
export function judgeTool(
  tool: Pick<ToolSchema, 'server' | 'name'>,
  { tools, repository }: Pick<Envelope, 'tools' | 'repository'>,
): { readonly kind: 'allow' | 'ask' | 'deny'; readonly rule: ToolRule } | undefined {
  const narrowing: NarrowingRules = repository?.tools ?? { ask: [], deny: [] };
  const find = (kind: keyof Rules) => {
    const own = tools[kind].find((pattern) => names(pattern, tool));
    if (own !== undefined) return { kind, rule: { pattern: own } };
    const other = kind === 'allow' ? undefined : narrowing[kind].find((pattern) => names(pattern, tool));
    return other === undefined ? undefined : { kind, rule: { pattern: other, by: byRepository } };
  };
  return find('deny') ?? find('ask') ?? find('allow');
}

/** Whether a pattern is this tool's name, with its server or without; `*` stands for any part of it. */
function names(pattern: string, { server, name }: Pick<ToolSchema, 'server' | 'name'>): boolean {
  const parts = pattern.trim().split('*');
  const whole = new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
  return whole.test(name) || whole.test(`${server}.${name}`);
}
