/** The facts that ask the model for something else than a turn: its answer, or a failure report. */
import type { FactOf, ResearchEnd } from '../shared/events.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { reportPrompt } from './attempts.ts';
import { answerPrompt } from './prompt.ts';
import { readSources } from './readSources.ts';
import { openItemsText } from './settledText.ts';

/** The request for the final answer, with the newest question. */
export function answerRequest(trajectory: Trajectory, reason: ResearchEnd): FactOf<'answer.requested'> {
  const question = trajectory.items.findLast((item) => item.kind === 'question')?.question ?? '';
  const answer = trajectory.settings?.answer ?? 'full';
  const openItems = answer === 'full' ? openItemsText(trajectory) : '';
  return {
    type: 'answer.requested',
    reason,
    prompt:
      answerPrompt({ question, answer, cutShort: reason !== 'finished', sources: readSources(trajectory) }) + openItems,
  };
}

/** The request for the report of an attempt that brought no answer. */
export function reportRequest(reason: ResearchEnd): FactOf<'report.requested'> {
  return { type: 'report.requested', reason, prompt: reportPrompt };
}
