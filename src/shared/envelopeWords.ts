/** What a run may do, in words. */
import type { Envelope, NarrowingRules, Rules } from './envelope.ts';
import { countOf } from './quantities.ts';
import type { RunSettings } from './runSettings.ts';

/** The settings that say what a run may do. */
export type Permissions = Pick<
  RunSettings,
  'approval' | 'envelope' | 'network' | 'domains' | 'workspace' | 'maxCalls' | 'budget'
>;

/** On one line: "Reads, changes files, runs code in the sandbox · no network · 600 calls". */
export function envelopeLine(permissions: Permissions): string {
  const { envelope, maxCalls, budget } = permissions;
  const rules = countRules(envelope);
  const limits = [
    countOf(maxCalls, 'call'),
    ...(budget.minutes === undefined ? [] : [countOf(budget.minutes, 'minute')]),
  ];
  const parts = [
    doing(permissions),
    networkWords(permissions),
    ...(rules > 0 ? [countOf(rules, 'rule')] : []),
    ...limits,
  ];
  return parts.join(' · ');
}

function doing({ approval, workspace }: Permissions): string {
  const code = workspace === 'overlay' ? 'runs code apart from the workspace' : 'runs code in the sandbox';
  const readOnly = workspace === 'read-only';
  switch (approval) {
    case 'ask':
      return readOnly ? 'Reads only, asks before it runs code' : 'Reads, asks before it changes files or runs code';
    case 'write':
      return readOnly ? 'Reads only, asks before it runs code' : 'Reads, changes files, asks before it runs code';
    case 'sandbox':
    case 'auto':
      return readOnly ? `Reads only, ${code}` : `Reads, changes files, ${code}`;
  }
}

function networkWords({ network, domains }: Permissions): string {
  switch (network) {
    case 'off':
      return 'no network';
    case 'allowlist':
      return domains.length === 1 ? `network: ${domains[0] ?? ''}` : `network: ${countOf(domains.length, 'domain')}`;
    case 'on':
      return 'network as yours';
  }
}

function countRules({ tools, commands }: Envelope): number {
  return [tools, commands].flatMap(({ allow, ask, deny }) => [...allow, ...ask, ...deny]).length;
}

/** All rules: "commands: deny git push; tools: ask write_file"; empty without any. */
export function rulesWords({ tools, commands, repository }: Envelope): string {
  const own = [listWords('commands', commands), listWords('tools', tools)];
  const narrowing = repository
    ? [
        listWords("the repository's for commands", repository.commands),
        listWords("the repository's for tools", repository.tools),
      ]
    : [];
  return [...own, ...narrowing].filter((words) => words !== '').join('; ');
}

function listWords(name: string, rules: Rules | NarrowingRules): string {
  const lists = Object.entries(rules).filter(([, list]) => list.length > 0);
  const words = lists.map(([kind, list]) => `${kind} ${list.join(', ')}`);
  return words.length === 0 ? '' : `${name}: ${words.join(', ')}`;
}
