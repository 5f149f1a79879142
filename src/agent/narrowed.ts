/** How a repository narrows what a run may do in it. Nothing here makes a run able to do more. */
import { z } from 'zod';
import { commonDomains, domainProblem } from './domains.ts';
import type { NarrowingRules } from '../shared/envelope.ts';
import { approvalPolicySchema, networkSchema, workspaceAccessSchema, type RunSettings } from '../shared/runSettings.ts';

/** The file of a repository, at its root. */
export const narrowingFile = '.mirothinker.json';

const patterns = z.array(z.string().min(1).max(1_000)).readonly();
/** `allow` is read to say that it counts for nothing. */
const rules = z
  .strictObject({ ask: patterns.default([]), deny: patterns.default([]), allow: patterns.default([]) })
  .readonly();
const domain = z.string().refine((entry) => domainProblem(entry) === undefined, {
  error: ({ input }) => domainProblem(String(input)),
});

/** What such a file may say. Whatever else it says is a mistake: what is misread might narrow too little. */
export const narrowingSchema = z
  .strictObject({
    $schema: z.string().exactOptional(),
    tools: rules.exactOptional(),
    commands: rules.exactOptional(),
    approval: approvalPolicySchema.exactOptional(),
    network: networkSchema.exactOptional(),
    domains: z.array(domain).readonly().exactOptional(),
    workspace: workspaceAccessSchema.exactOptional(),
  })
  .readonly();
export type Narrowing = z.infer<typeof narrowingSchema>;

/** A file of a repository; `place` is how it is called where it is told of. */
export interface NarrowingFile {
  readonly place: string;
  readonly narrowing: Narrowing;
}

/** From what lets a run do least to what lets it do most. */
const approvals = approvalPolicySchema.options;
const networks = networkSchema.options;
const accesses = ['read-only', 'overlay', 'read-write'] as const;

/** Settings as all these files together narrow them; what they narrowed before counts no more. */
export function narrowed(settings: RunSettings, files: readonly NarrowingFile[]): RunSettings {
  const { tools, commands } = settings.envelope;
  const start = { ...settings, envelope: { tools, commands } };
  if (files.length === 0) return start;
  return {
    ...within(start, files),
    envelope: {
      tools,
      commands,
      repository: {
        tools: merged(files.flatMap(({ narrowing }) => narrowing.tools ?? [])),
        commands: merged(files.flatMap(({ narrowing }) => narrowing.commands ?? [])),
        words: files.flatMap((file) => wordsOf(file, settings, files.length > 1)),
      },
    },
  };
}

/** The settings beside the rules. */
function within(settings: RunSettings, files: readonly NarrowingFile[]): RunSettings {
  const all = files.map(({ narrowing }) => narrowing);
  const network = least(
    networks,
    settings.network,
    ...all.flatMap((one) => [one.network, one.domains && ('allowlist' as const)]),
  );
  const lists = all.flatMap(({ domains }) => (domains ? [domains] : []));
  // A whole network has no list of the person's, unless a file means that one: then it counts too.
  const own = settings.network === 'on' && !all.some((one) => one.network === 'allowlist' && !one.domains);
  const [first = settings.domains, ...others] = own ? lists : [settings.domains, ...lists];
  const domains = others.reduce(commonDomains, first);
  return {
    ...settings,
    approval: least(approvals, settings.approval, ...all.map(({ approval }) => approval)),
    workspace: least(accesses, settings.workspace, ...all.map(({ workspace }) => workspace)),
    // A list of nothing is no network.
    network: network === 'allowlist' && domains.length === 0 ? 'off' : network,
    domains: lists.length > 0 ? domains : settings.domains,
  };
}

function least<T extends string>(order: readonly T[], first: T, ...others: readonly (T | undefined)[]): T {
  const places = [first, ...others].flatMap((value) => (value === undefined ? [] : order.indexOf(value)));
  return order[Math.min(...places)] ?? first;
}

function merged(all: readonly NarrowingRules[]): NarrowingRules {
  const one = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())];
  return { ask: one(all.map(({ ask }) => ask)), deny: one(all.map(({ deny }) => deny)) };
}

/** What a file changes, and what of it counts for nothing, in words. */
function wordsOf({ place, narrowing }: NarrowingFile, before: RunSettings, named: boolean): readonly string[] {
  const { tools, commands, approval, network, domains, workspace } = narrowing;
  const after = within(before, [{ place, narrowing }]);
  const list = (does: string, what: string, names: readonly string[] = []) =>
    names.length > 0 ? [`${does} ${what}: ${names.join(', ')}`] : [];
  const changed = (name: string, is: string, was: string) => (is === was ? [] : [`${name}: ${is} in place of ${was}`]);
  const ignored = [
    ...(tools?.allow.length ? ['`tools.allow`'] : []),
    ...(commands?.allow.length ? ['`commands.allow`'] : []),
    ...(approval !== undefined && approval !== after.approval ? [`\`approval\` ${approval}`] : []),
    ...(network !== undefined && networks.indexOf(network) > networks.indexOf(after.network)
      ? [`\`network\` ${network}`]
      : []),
    ...(workspace !== undefined && workspace !== after.workspace ? [`\`workspace\` ${workspace}`] : []),
  ];
  const words = [
    ...list('denies', 'tools', tools?.deny),
    ...list('denies', 'commands', commands?.deny),
    ...list('asks for', 'tools', tools?.ask),
    ...list('asks for', 'commands', commands?.ask),
    ...changed('approval', after.approval, before.approval),
    ...changed('network', after.network, before.network),
    ...(domains && after.network === 'allowlist' ? [`domains: ${after.domains.join(', ')}`] : []),
    ...changed('workspace', after.workspace, before.workspace),
    ...(ignored.length > 0 ? [`${ignored.join(', ')} counts for nothing: a repository only narrows`] : []),
  ];
  return named ? words.map((word) => `${place}: ${word}`) : words;
}
