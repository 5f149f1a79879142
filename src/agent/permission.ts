/** What is decided of a call before it is made: by rules, by what a person allowed for this run, by the approval policy. */
import { plainEnvelope, type Envelope } from '../shared/envelope.ts';
import type { RunSettings } from '../shared/runSettings.ts';
import { approvalReason } from './approvalPolicy.ts';
import { commandRules, judgeCommand, type CommandRules, type CommandVerdict, type Granted } from './commandRules.ts';
import { commandScope, scopeWords, type CommandScope } from './commandScope.ts';
import type { Tool } from './tool.ts';
import { byRepository, judgeTool, type ToolRule } from './toolRules.ts';

/** What "for this run" allows: a tool, or commands. Lives as long as the process; nothing in a log is one. */
export type Scope = { readonly kind: 'tool'; readonly tool: string } | CommandScope;

export type Judgement =
  | { readonly kind: 'run' }
  /** `message` is for the model, `why` for the person. */
  | { readonly kind: 'deny'; readonly message: string; readonly why: string }
  /** Without a scope nothing but this call can be allowed. */
  | { readonly kind: 'ask'; readonly reason: string; readonly scope?: Scope };

/** Judges a call with these arguments. What would run without confinement asks, whatever rules and policy say. */
export function judgeCall(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  settings: Pick<RunSettings, 'approval' | 'envelope'> | undefined,
  granted: ReadonlySet<Scope>,
): Judgement {
  const { approval, envelope } = settings ?? { approval: 'ask', envelope: plainEnvelope };
  const byTool = judgeTool(tool, envelope);
  const line = commandOf(tool, args);
  const command = line === undefined ? undefined : judgedCommand(line, envelope, granted);
  if (byTool?.kind === 'deny') return denial(byTool.rule);
  if (command?.verdict.kind === 'deny') return denial(command.verdict.rule, command.verdict);
  const unconfined = tool.unconfined?.();
  if (unconfined !== undefined) return { kind: 'ask', reason: unconfined };
  const worry = tool.worry?.(args);
  if (worry !== undefined) return { kind: 'ask', reason: worry };
  const name = `${tool.server}.${tool.name}`;
  const scope: Scope = command?.scope ?? { kind: 'tool', tool: name };
  const isGranted = command?.granted ?? [...granted].some((one) => one.kind === 'tool' && one.tool === name);
  if (command?.verdict.kind === 'ask') return { kind: 'ask', reason: askWords(command.verdict, line), scope };
  if (byTool?.kind === 'ask' && !isGranted) return { kind: 'ask', reason: ruleAsks(byTool.rule), scope };
  if (isGranted || byTool?.kind === 'allow' || command?.verdict.kind === 'allow') return { kind: 'run' };
  const reason = approvalReason(tool, approval);
  if (reason === undefined) return { kind: 'run' };
  const why = command?.verdict.kind === 'open' ? command.verdict.why : undefined;
  return { kind: 'ask', reason: why === undefined ? reason : `${reason} ${sentence(why)}`, scope };
}

/** A scope in a person's words; empty where nothing but the call itself can be allowed. */
export function wordsOfScope(scope: Scope | undefined): string {
  if (scope === undefined) return '';
  return scope.kind === 'tool' ? `\`${scope.tool.replace(/^.*\./, '')}\`, whatever it is given` : scopeWords(scope);
}

/** The line of a call that runs a command. */
function commandOf({ name, foreign }: Tool, args: Readonly<Record<string, unknown>>): string | undefined {
  const { command } = args;
  return name === 'run_command' && foreign !== true && typeof command === 'string' ? command : undefined;
}

const noCommandRules: CommandRules = { allow: [], ask: [], deny: [] };

function judgedCommand(line: string, { commands, repository }: Envelope, scopes: ReadonlySet<Scope>) {
  const rules: CommandRules = {
    allow: commandRules(commands.allow),
    ask: [...commandRules(commands.ask), ...commandRules(repository?.commands.ask ?? [], byRepository)],
    deny: [...commandRules(commands.deny), ...commandRules(repository?.commands.deny ?? [], byRepository)],
  };
  const granted: Granted = {
    beginnings: [...scopes].flatMap((scope) => (scope.kind === 'beginnings' ? scope.beginnings : [])),
    lines: new Set([...scopes].flatMap((scope) => (scope.kind === 'line' ? [scope.line] : []))),
  };
  return {
    verdict: judgeCommand(line, rules, granted),
    granted: judgeCommand(line, noCommandRules, granted).kind === 'allow',
    scope: commandScope(line, [...rules.allow.map(({ words }) => words), ...granted.beginnings]),
  };
}

type RuledVerdict = Extract<CommandVerdict, { kind: 'deny' | 'ask' }>;

function denial({ pattern, by }: ToolRule, verdict?: RuledVerdict): Extract<Judgement, { kind: 'deny' }> {
  const what = verdict ? `commands like \`${verdict.rule.words.join(' ')}\`` : `the tool \`${pattern}\``;
  const about = verdict?.why === undefined ? '' : ` (${verdict.why})`;
  const where = verdict ? ` It stands in \`${shortened(verdict.part)}\`${about}.` : '';
  const who = by === undefined ? 'the person set' : 'is in .mirothinker.json of this workspace';
  return {
    kind: 'deny',
    message: `This call was not made: a rule that ${who} denies ${what}.${where} Nobody is asked about it. Go on without it, or say in the answer what it would have been needed for.`,
    why: `${ruleOf({ pattern, ...(by !== undefined && { by }) })} denies it.${where}`,
  };
}

function ruleOf({ pattern, by }: ToolRule): string {
  return `${by === undefined ? 'Your' : "The repository's"} rule \`${pattern}\``;
}

function ruleAsks(rule: ToolRule): string {
  return `${ruleOf(rule)} asks first.`;
}

function askWords({ rule, part, why }: RuledVerdict, line: string | undefined): string {
  const about = shortened(part) === shortened(line ?? '') ? '' : ` It is about \`${shortened(part)}\`.`;
  if (why === undefined) return `${ruleAsks(rule)}${about}`;
  const whose = rule.by === undefined ? 'your' : "the repository's";
  return `It may be what ${whose} rule \`${rule.pattern}\` means: ${why}.${about}`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
