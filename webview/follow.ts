/** Following the newest without ever moving what a person reads, and the pill that says how much is new. */
import { countOf } from '../src/shared/quantities.ts';
import { button, icon } from './dom.ts';

export interface Follow {
  readonly pill: HTMLElement;
  readonly isAtEnd: () => boolean;
  readonly toEnd: () => void;
  /** Stays where it is from now on. */
  readonly leave: () => void;
  /** After a redraw: keeps the end in view if it was, else counts what came. */
  readonly settle: (turns: number) => void;
  /** Starts over with another run. */
  readonly reset: (turns: number) => void;
}

const nearPx = 32;

/** Watches a scroller and its content. */
export function createFollow(scroller: HTMLElement, content: HTMLElement): Follow {
  const now = { atEnd: true, seen: 0, turns: 0 };
  const label = document.createTextNode('');
  const pill = button('pill', {}, () => toEnd(), label, icon('arrow-down'));
  pill.hidden = true;

  const show = () => {
    const fresh = now.turns - now.seen;
    pill.hidden = now.atEnd || fresh <= 0;
    label.data = `${countOf(fresh, 'new turn')} `;
  };
  const toEnd = () => {
    now.atEnd = true;
    now.seen = now.turns;
    scroller.scrollTop = scroller.scrollHeight;
    show();
  };
  scroller.addEventListener(
    'scroll',
    () => {
      now.atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - nearPx;
      if (now.atEnd) now.seen = now.turns;
      show();
    },
    { passive: true },
  );
  const stick = () => {
    if (now.atEnd) scroller.scrollTop = scroller.scrollHeight;
  };
  const observer = new ResizeObserver(stick);
  observer.observe(content);
  observer.observe(scroller);
  return {
    pill,
    isAtEnd: () => now.atEnd,
    toEnd,
    leave: () => {
      now.atEnd = false;
    },
    settle: (turns) => {
      now.turns = turns;
      if (now.atEnd) now.seen = turns;
      stick();
      show();
    },
    reset: (turns) => {
      now.atEnd = true;
      now.turns = turns;
      now.seen = turns;
      show();
    },
  };
}
