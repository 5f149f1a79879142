/** The panel: its parts, joined. It draws a view that is folded from the host's messages. */
import type { FromWebview, ToWebview } from '../src/shared/protocol.ts';
import { formatClock } from '../src/shared/quantities.ts';
import { createApproval } from './approval.ts';
import { createBox } from './box.ts';
import { createClarification } from './clarification.ts';
import type { Context } from './context.ts';
import { h, setText } from './dom.ts';
import { createFind } from './find.ts';
import type { Follow } from './follow.ts';
import { createFollow } from './follow.ts';
import { createHeader } from './header.ts';
import { highlight } from './highlight.ts';
import { createKeys } from './keys.ts';
import { createPendingNotes, createQueue } from './later.ts';
import { createLive } from './live.ts';
import { createNotices } from './notices.ts';
import type { Kept } from './kept.ts';
import { createRunChanges } from './runChanges.ts';
import { createPictures } from './pictures.ts';
import { createPlan } from './plan.ts';
import { createStart } from './start.ts';
import type { Transcript } from './transcript.ts';
import { createTranscript } from './transcript.ts';
import { createTurnActions } from './turnActions.ts';
import type { View } from './view.ts';
import { emptyView, receive } from './view.ts';

/** Puts the panel into an element and gives what takes the host's messages. */
export function createPanel(root: HTMLElement, post: (intention: FromWebview) => void, kept: Kept) {
  const now: { view: View; scheduled: boolean } = { view: emptyView, scheduled: false };
  const polite = h('div', 'sr-only', { 'aria-live': 'polite' });
  const assertive = h('div', 'sr-only', { 'aria-live': 'assertive' });
  const pictures = createPictures(post, () => now.view.runId);
  const context: Context = {
    post,
    opened: kept.opened,
    drafts: kept.drafts,
    view: () => now.view,
    pictures,
    remember: kept.save,
    announce: (text, urgency = 'polite') => setText(urgency === 'polite' ? polite : assertive, text),
  };
  const transcript = createTranscript(context);
  const live = createLive(context);
  const pendingNotes = createPendingNotes();
  const queue = createQueue();
  const runChanges = createRunChanges(context);
  const turnActions = createTurnActions(context, transcript.element);
  const box = createBox(context, kept.draft(), kept.setDraft);
  const start = createStart(context, () => box.focus());
  const content = h('div', 'content', {}, start.element, transcript.element, live.element, pendingNotes.element);
  const scroller = h('main', 'scroller', {}, content);
  const follow = createFollow(scroller, content);
  const approval = createApproval(context);
  const clarification = createClarification(context);
  const notices = createNotices(context);

  const focusArticle = (article: HTMLElement | undefined) => {
    article?.focus({ preventScroll: true });
    article?.scrollIntoView({ block: 'nearest' });
  };
  const move = (by: number) => {
    const articles = transcript.articles().filter((article) => article.offsetParent !== null);
    const at = articles.findIndex((article) => article.contains(document.activeElement));
    focusArticle(
      at < 0 ? (by > 0 ? articles[firstSeen(articles, scroller)] : articles.at(-1)) : articles[Math.max(0, at + by)],
    );
  };
  const goToAnswer = () => {
    const answer = now.view.trajectory.items.findLast((item) => item.kind === 'answer');
    const article = answer && transcript.find(answer.seq);
    if (!article) {
      follow.toEnd();
      return;
    }
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'start' });
  };
  const reveal = (seq: number, query: string) => {
    const article = transcript.find(seq);
    for (const found of transcript.articles()) found.classList.toggle('found', found === article);
    if (!article) return;
    transcript.toggle(article, true);
    highlight(article, query);
    article.scrollIntoView({ block: 'nearest' });
  };
  const find = createFind(context, reveal, () => {
    for (const found of transcript.articles()) found.classList.remove('found');
    highlight(undefined, '');
    scroller.focus();
  });
  const { dialog, showKeys } = createKeys({
    next: () => move(1),
    previous: () => move(-1),
    open: () => document.activeElement && transcript.toggle(document.activeElement),
    find: find.open,
    answer: goToAnswer,
    context: turnActions.showContext,
    fork: turnActions.fork,
    restore: turnActions.restore,
    first: () => focusArticle(transcript.articles().find((article) => article.offsetParent !== null)),
    approve: () => {
      if (!clarification.focus()) approval.focus();
    },
    plan: () => plan.focus(),
    box: box.focus,
  });
  const header = createHeader(context, { goToAnswer, showKeys, forkFromQuestion: turnActions.forkFromQuestion });
  const plan = createPlan(context, (callId) => focusArticle(articleOf(transcript, now.view, callId)));
  const inDock = [notices, approval, clarification, runChanges, queue, box];
  const dock = h('footer', 'dock', {}, follow.pill, ...inDock.map((part) => part.element));
  root.append(header.element, plan.element, find.element, scroller, dock, polite, assertive, dialog);
  const parts = [header, plan, start, transcript, live, pendingNotes, ...inDock];
  const drawnRun: { runId: string | null; loading: boolean } = { runId: null, loading: false };

  const tick = () => {
    const hostNow = Date.now() + now.view.clockOffsetMs;
    header.tick(now.view, hostNow);
    live.tick(now.view, hostNow);
    tickCalls(transcript.element, hostNow);
  };
  const draw = () => {
    now.scheduled = false;
    const { view } = now;
    root.dataset['live'] = String(view.live);
    root.dataset['readonly'] = String(view.readOnly !== undefined || view.setup?.trusted === false);
    root.dataset['place'] = view.setup?.place ?? 'side';
    const fresh = view.runId !== drawnRun.runId || (drawnRun.loading && !view.loading);
    for (const part of parts) part.update(view);
    tick();
    if (fresh) follow.reset(view.trajectory.turns);
    follow.settle(view.trajectory.turns);
    if (fresh && !view.loading && !view.live) showAnswer(transcript, follow, view);
    drawnRun.runId = view.runId;
    drawnRun.loading = view.loading !== undefined || view.trajectory.count === 0;
  };
  setInterval(tick, 500);
  return (message: ToWebview) => {
    const before = now.view;
    now.view = receive(before, message, Date.now());
    if (message.type === 'files') box.showFiles(message.query, message.paths);
    else if (message.type === 'refused') box.refuse(message.message);
    else if (message.type === 'compose') box.compose(message.text);
    else if (message.type === 'attached') box.attach(message.files);
    else if (message.type === 'editPlan') plan.edit();
    else if (message.type === 'picture') pictures.take(message);
    if (now.view.gap && !before.gap) post({ type: 'ready', runId: now.view.runId, have: now.view.folded.count });
    if (now.scheduled || now.view === before) return;
    now.scheduled = true;
    requestAnimationFrame(draw);
  };
}

/** A finished run opens at its answer, and stays there while that takes its form. */
function showAnswer(transcript: Transcript, follow: Follow, { trajectory }: View): void {
  const answer = trajectory.items.findLast((item) => item.kind === 'answer');
  const article = answer && transcript.find(answer.seq);
  if (!article) return;
  follow.leave();
  article.scrollIntoView({ block: 'start' });
}

/** The article of the turn that made a call. */
function articleOf(transcript: Transcript, { trajectory }: View, callId: string): HTMLElement | undefined {
  const turn = trajectory.items.findLast(
    (item) => item.kind === 'turn' && item.calls.some((call) => call.callId === callId),
  );
  return turn && transcript.find(turn.seq);
}

/** The first article that is not above the visible part. */
function firstSeen(articles: readonly HTMLElement[], scroller: HTMLElement): number {
  const top = scroller.getBoundingClientRect().top;
  return Math.max(
    0,
    articles.findIndex((article) => article.getBoundingClientRect().bottom > top),
  );
}

function tickCalls(transcript: HTMLElement, now: number): void {
  for (const time of transcript.querySelectorAll('.time[data-since]')) {
    setText(time, formatClock(now - Number(time.getAttribute('data-since'))));
  }
}
