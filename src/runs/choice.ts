/** What a person chose for a run, from settings or from the command line, and what stands when they chose nothing. */
import { plainEnvelope, type Envelope } from '../shared/envelope.ts';
import type {
  ApprovalPolicy,
  Budget,
  Network,
  Retention,
  RunSettings,
  ToolFormat,
  WorkspaceAccess,
} from '../shared/runSettings.ts';
import { noWeb, type WebSettings } from '../shared/webSettings.ts';

/** The name that stands for the embedded reader in place of a model. */
export const embeddedModel = 'embedded';

/** The usual address of a local vLLM server. */
export const defaultBaseUrl = 'http://127.0.0.1:8000/v1';

/** The window of the MiroThinker models, in tokens; taken where neither person nor server says another. */
export const defaultContextWindow = 262_144;

/** A run's options; what is absent keeps what the run was started with, or the default. */
export interface RunChoice {
  readonly baseUrl?: string;
  /** Empty: the first that the server lists. */
  readonly model?: string;
  readonly toolFormat?: ToolFormat | 'auto';
  /** By model, before `toolFormat`: its name, a part of it, or a pattern with `*`; see `formatOverride`. */
  readonly toolFormats?: Readonly<Record<string, ToolFormat | 'auto'>>;
  /** In tokens; 0 asks the server. */
  readonly contextWindow?: number;
  readonly maxTurns?: number;
  readonly maxCalls?: number;
  /** Newest observations that stay in view; -1 keeps all. */
  readonly keep?: number;
  /** How many more may stand before they are masked in one go. */
  readonly slack?: number;
  readonly retention?: Retention['policy'];
  /** `paper`: exactly the paper's retention. */
  readonly protocol?: 'paper';
  readonly attempts?: number;
  /** Replaces the whole budget. */
  readonly budget?: Budget;
  readonly seed?: number;
  readonly subAgents?: boolean;
  readonly approval?: ApprovalPolicy;
  readonly envelope?: Envelope;
  readonly network?: Network;
  readonly domains?: readonly string[];
  readonly workspace?: WorkspaceAccess;
  readonly answer?: 'full' | 'short';
  /** What is named replaces that part alone. */
  readonly web?: Partial<WebSettings>;
  readonly clarify?: boolean;
  readonly plan?: boolean;
}

/** What a new run has where nobody chose (agent-protocol: limits, sampling, retention). */
export const defaultSettings: RunSettings = {
  contextWindow: defaultContextWindow,
  maxTokens: 16_384,
  maxTurns: 600,
  maxCalls: 600,
  retention: { policy: 'recency', keep: 5, slack: 10 },
  attempts: 5,
  budget: {},
  subAgents: false,
  web: { ...noWeb, trusted: ['wikipedia.org', 'wikimedia.org', 'arxiv.org', 'doi.org'] },
  clarify: false,
  plan: false,
  approval: 'ask',
  envelope: plainEnvelope,
  network: 'off',
  domains: [],
  workspace: 'read-write',
  answer: 'full',
};

/** Settings with what a person chose laid over them. `contextWindow` is decided by the endpoint. */
export function withChoice(settings: RunSettings, choice: RunChoice, contextWindow: number): RunSettings {
  const {
    maxTurns,
    maxCalls,
    attempts,
    budget,
    seed,
    subAgents,
    approval,
    envelope,
    network,
    domains,
    workspace,
    answer,
    web,
    clarify,
    plan,
  } = choice;
  return {
    ...settings,
    contextWindow,
    maxTurns: maxTurns ?? settings.maxTurns,
    maxCalls: maxCalls ?? settings.maxCalls,
    retention: withRetention(settings.retention, choice),
    attempts: attempts ?? settings.attempts,
    budget: budget ?? settings.budget,
    ...(seed !== undefined && { seed }),
    subAgents: subAgents ?? settings.subAgents,
    approval: approval ?? settings.approval,
    envelope: envelope ?? settings.envelope,
    network: network ?? settings.network,
    domains: domains ?? settings.domains,
    workspace: workspace ?? settings.workspace,
    answer: answer ?? settings.answer,
    web: { ...settings.web, ...web },
    clarify: clarify ?? settings.clarify,
    plan: plan ?? settings.plan,
  };
}

const defaultSlack = 10;
/** Shares of the window at which `watermark` masks, and to which it need not go down further. */
const watermarks = { high: 0.9, low: 0.35 } as const;

function withRetention(before: Retention, choice: RunChoice): Retention {
  const keep = choice.keep ?? before.keep;
  // Slack alone asks for the policy that has one.
  const chosen = choice.retention ?? (choice.slack === undefined ? before.policy : 'recency');
  const policy = choice.protocol === 'paper' ? 'recency' : chosen;
  if (policy === 'watermark')
    return before.policy === 'watermark' ? { ...before, keep } : { policy, keep, ...watermarks };
  if (choice.protocol === 'paper') return { policy, keep, slack: choice.slack ?? 0 };
  return { policy, keep, slack: choice.slack ?? (before.policy === 'recency' ? before.slack : defaultSlack) };
}
