/** The plan's tool, joined to the run's facts; who plans at all. */
import type { RunSettings } from '../shared/runSettings.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import { foldAll } from '../shared/trajectory.ts';
import { updatePlanTool } from '../tools/updatePlan.ts';
import type { Finding, FindingParts } from './findingParts.ts';

/** Nothing where the run makes no plan. */
export async function planning({ settings, nested }: Pick<FindingParts, 'settings' | 'nested'>): Promise<Finding> {
  let facts: () => readonly TrajectoryEvent[] = () => [];
  return {
    tools: settings.plan && !nested ? [updatePlanTool(() => foldAll(facts()).plan?.items ?? [])] : [],
    follow: (_, events) => {
      facts = events;
    },
    dispose: async () => undefined,
  };
}

/** The settings of a run that asks nobody back and makes no plan, where it has to be one: a subtask, or no language model. */
export function withoutAsides(settings: RunSettings, { nested = false, baseUrl }: Asides): RunSettings {
  return nested || baseUrl === '' ? { ...settings, clarify: false, plan: false } : settings;
}

interface Asides {
  readonly nested?: boolean;
  /** The model's server; empty for the embedded reader. */
  readonly baseUrl: string;
}
