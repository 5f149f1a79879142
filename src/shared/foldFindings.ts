/** Clarification, plan and checked citations, folded into a trajectory. */
import type { TrajectoryEvent } from './events.ts';
import type { Answer, Item, Question, Trajectory } from './items.ts';
import { spentWith } from './itemChanges.ts';

type Finding = Extract<
  TrajectoryEvent,
  { type: 'clarification.asked' | 'clarification.answered' | 'plan.set' | 'plan.ticked' | 'citations.checked' }
>;

/** The trajectory after one of these facts. `t` is what holds for every fact already. */
export function withFinding(t: Trajectory, event: Finding): Trajectory {
  switch (event.type) {
    case 'clarification.asked': {
      const { questions, usage } = event;
      const items = withQuestion(t.items, (question) => ({ ...question, clarification: { questions } }));
      const spent = spentWith(t, usage);
      if (questions.length === 0) return { ...t, items, spent, state: { kind: 'thinking', since: event.at } };
      return { ...t, items, spent, state: { kind: 'clarifying', since: event.at, questions } };
    }
    case 'clarification.answered': {
      const items = withQuestion(t.items, (question) => ({
        ...question,
        clarification: { questions: question.clarification?.questions ?? [], answers: event.answers },
      }));
      return { ...t, items, state: { kind: 'thinking', since: event.at } };
    }
    case 'plan.set': {
      const { by, usage } = event;
      const before = new Map(t.plan?.items.map((item) => [item.id, item]));
      const planned = event.items.map(({ id, text }) => {
        const known = before.get(id);
        return { id, text, done: known?.done ?? false, evidence: known?.evidence ?? [] };
      });
      // The model's own stands with the question in its prompt; what a person changes is told behind it.
      const items = by === 'model' ? withQuestion(t.items, (q) => ({ ...q, plan: event.items })) : t.items;
      const lastId = Math.max(t.plan?.lastId ?? 0, ...planned.map(({ id }) => id));
      return { ...t, items, plan: { by, items: planned, lastId }, spent: spentWith(t, usage) };
    }
    case 'plan.ticked': {
      const { id, done, evidence } = event;
      const items = t.plan?.items.map((item) => (item.id === id ? { ...item, done, evidence } : item));
      return items && t.plan ? { ...t, plan: { ...t.plan, items } } : t;
    }
    case 'citations.checked': {
      const { citations, unsupported } = event;
      const at = t.items.findLastIndex((item) => item.kind === 'answer');
      const answer = t.items[at];
      if (answer?.kind !== 'answer') return t;
      const checked: Answer = { ...answer, checked: { citations, unsupported } };
      return { ...t, items: t.items.with(at, checked) };
    }
  }
}

function withQuestion(items: readonly Item[], change: (question: Question) => Question): readonly Item[] {
  const at = items.findLastIndex((item) => item.kind === 'question');
  const question = items[at];
  return question?.kind === 'question' ? items.with(at, change(question)) : items;
}
