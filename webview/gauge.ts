/** The gauge: how much of the context window the newest prompt and reply took, and what the server had in its cache. */
import { describeContext } from '../src/shared/describeContext.ts';
import type { Part } from './context.ts';
import { h, setAttributes, setText } from './dom.ts';
import { emptyView } from './view.ts';

/** Makes the gauge; it is invisible while nothing is counted. */
export function createGauge(): Part {
  const fill = h('div', 'fill');
  const bar = h('div', 'bar', {}, fill);
  const words = h('span', 'gauge-words');
  const cache = h('span', 'gauge-cache');
  const element = h(
    'div',
    'gauge',
    { role: 'meter', 'aria-label': 'Context used', 'aria-valuemin': 0 },
    bar,
    words,
    cache,
  );
  return {
    element,
    update: ({ trajectory, loading }) => {
      const described = describeContext(loading ? emptyView.trajectory : trajectory);
      const { used, window, text, cached, detail } = described;
      const share = window > 0 ? Math.min(1, used / window) : 0;
      element.classList.toggle('unknown', used === 0);
      fill.style.inlineSize = `${(share * 100).toFixed(1)}%`;
      element.dataset['full'] = share > 0.9 ? 'nearly' : 'no';
      setText(words, text);
      setText(cache, cached);
      setAttributes(element, { 'aria-valuemax': window, 'aria-valuenow': used, 'aria-valuetext': detail });
      element.title = detail;
    },
  };
}
