/** What a person said when they were asked back, below their question. */
import type { Question } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import { h } from './dom.ts';

/** Questions with their answers; undefined as long as there are no answers, and where all were skipped. */
export function clarifiedList({ clarification }: Pick<Question, 'clarification'>): HTMLElement | undefined {
  const { questions = [], answers = [] } = clarification ?? {};
  if (answers.length === 0) return undefined;
  const pairs = questions.flatMap((question, index) => {
    const answer = answers[index];
    const said = answer ? h('dd', '', {}, showControls(answer)) : h('dd', 'left-open', {}, 'Left open');
    return [h('dt', '', {}, showControls(question)), said];
  });
  return h('dl', 'clarified', { 'aria-label': 'Asked back' }, ...pairs);
}
