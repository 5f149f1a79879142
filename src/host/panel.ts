/** One webview that shows a run: the side panel, or the editor tab. It can be thrown away and come back at any time. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import {
  fromWebviewSchema,
  type AttachedFile,
  type FromWebview,
  type Setup,
  type ToWebview,
} from '../shared/protocol.ts';
import { panelHtml } from './panelHtml.ts';
import type { ReplyPreview } from './replyPreview.ts';
import type { RolloutWatch } from './rolloutWatch.ts';
import type { Session } from './session.ts';

/** Facts in one message. */
const pageSize = 200;
/** Ms between two previews. */
const previewEveryMs = 80;

/** What a panel needs of the window around it. */
export interface PanelHost {
  readonly session: Session;
  readonly rollouts: RolloutWatch;
  readonly setup: () => Setup;
  readonly perform: (intention: Exclude<FromWebview, { type: 'ready' }>, panel: Panel) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/** Posts what the webview has not folded yet, and hands on what the person wants. */
export class Panel {
  readonly #webview: vscode.Webview;
  readonly #host: PanelHost;
  readonly #disposables: { dispose: () => unknown }[] = [];
  #ready = false;
  #composed: string | undefined;
  #attached: readonly AttachedFile[] | undefined;
  #shownId: string | undefined;
  /** Facts of the shown run that the webview has. */
  #sent = 0;
  #pumping = false;
  /** The reply whose texts the webview has so far, and how much of them. */
  #posted: { readonly reply: ReplyPreview; readonly content: number; readonly reasoning: number } | undefined;
  #previewTimer: NodeJS.Timeout | undefined;

  constructor(webview: vscode.Webview, extensionUri: vscode.Uri, host: PanelHost) {
    this.#webview = webview;
    this.#host = host;
    const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const unsubscribe = host.session.subscribe({
      onRun: () => this.#switchRun(),
      onEvents: () => this.#pump(),
      onPreview: () => this.#onPreview(),
    });
    this.#disposables.push(
      webview.onDidReceiveMessage((message: unknown) => this.#onMessage(message)),
      { dispose: unsubscribe },
      { dispose: host.rollouts.subscribe(() => this.#postRollouts()) },
    );
    const nonce = randomBytes(16).toString('base64url');
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      script: address('main.js'),
      style: address('main.css'),
      nonce,
    });
  }

  post(message: ToWebview): void {
    if (this.#ready) void this.#webview.postMessage(message);
  }

  /** Puts text into the box, as soon as there is one. */
  compose(text: string): void {
    if (this.#ready) this.post({ type: 'compose', text });
    else this.#composed = text;
  }

  /** Puts files to the box, as soon as there is one. */
  attach(files: readonly AttachedFile[]): void {
    if (this.#ready) this.post({ type: 'attached', files });
    else this.#attached = files;
  }

  /** Opens the plan for editing. */
  editPlan(): void {
    this.post({ type: 'editPlan' });
  }

  /** The setup around the run changed. */
  refresh(): void {
    this.post({ type: 'setup', setup: this.#host.setup() });
  }

  dispose(): void {
    this.#ready = false;
    clearTimeout(this.#previewTimer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #onMessage(message: unknown): void {
    const parsed = fromWebviewSchema.safeParse(message);
    if (!parsed.success) {
      this.#host.report(new Error(`The view sent what is no intention: ${parsed.error.message}`));
      return;
    }
    const intention = parsed.data;
    if (intention.type !== 'ready') {
      void this.#host.perform(intention, this);
      return;
    }
    this.#ready = true;
    this.refresh();
    const { shown } = this.#host.session;
    this.#sent = shown && intention.runId === shown.runId ? Math.min(intention.have, shown.events.length) : 0;
    this.#postRun();
    this.#postRollouts();
    this.#posted = undefined;
    this.#postPreview();
    this.#pump();
    if (this.#composed !== undefined) this.compose(this.#composed);
    this.#composed = undefined;
    if (this.#attached !== undefined) this.attach(this.#attached);
    this.#attached = undefined;
  }

  #switchRun(): void {
    const { shown } = this.#host.session;
    const another = shown?.runId !== this.#shownId;
    if (another) this.#sent = 0;
    this.#postRun();
    this.#pump();
    if (!another) return;
    this.#posted = undefined;
    this.#postPreview();
  }

  #postRun(): void {
    const { shown, shownLive } = this.#host.session;
    this.#shownId = shown?.runId;
    this.post({
      type: 'run',
      runId: shown?.runId ?? null,
      live: shown?.live ?? false,
      ...(shownLive && { pausing: shownLive.pausing() }),
      ...(shown?.readOnly !== undefined && { readOnly: shown.readOnly }),
      ...(shown?.recovered !== undefined && { recovered: shown.recovered }),
      now: Date.now(),
    });
  }

  #postRollouts(): void {
    this.post({ type: 'rollouts', ...this.#host.rollouts.current() });
  }

  /** Posts the facts that the view lacks, page by page; a page waits until the one before has been taken. */
  #pump(): void {
    if (this.#pumping || !this.#ready) return;
    this.#pumping = true;
    void this.#pages().finally(() => {
      this.#pumping = false;
    });
  }

  async #pages(): Promise<void> {
    for (;;) {
      const { shown } = this.#host.session;
      if (!this.#ready || !shown || this.#sent >= shown.events.length) return;
      const from = this.#sent;
      const events = shown.events.slice(from, from + pageSize);
      this.#sent += events.length;
      // With a new fact the view forgets what it was shown of a reply: the next preview says all of it.
      this.#posted = undefined;
      const total = shown.events.length;
      await this.#webview.postMessage({
        type: 'events',
        runId: shown.runId,
        from,
        events,
        more: this.#sent < total,
        total,
      } satisfies ToWebview);
      if (this.#sent >= total) this.#postPreview();
    }
  }

  #onPreview(): void {
    const { preview } = this.#host.session;
    if (preview && preview.kind !== 'generating') this.#postPreview();
    else this.#previewTimer ??= setTimeout(() => this.#postPreview(), previewEveryMs);
  }

  #postPreview(): void {
    clearTimeout(this.#previewTimer);
    this.#previewTimer = undefined;
    const { preview: reply, shown } = this.#host.session;
    if (!reply || !shown) return;
    const { runId } = shown;
    if (reply.kind !== 'generating') {
      this.post({ type: 'preview', runId, preview: reply });
      return;
    }
    const { since, tokens } = reply;
    const before = this.#posted?.reply === reply ? this.#posted : undefined;
    const content = reply.content.slice(before?.content ?? 0);
    const reasoning = reply.reasoning.slice(before?.reasoning ?? 0);
    this.#posted = { reply, content: reply.content.length, reasoning: reply.reasoning.length };
    const append = before !== undefined;
    this.post({ type: 'preview', runId, preview: { kind: 'generating', since, tokens, append, content, reasoning } });
  }
}
