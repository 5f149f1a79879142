/** The pictures that calls brought, each asked of the host once it comes near what is seen. */
import type { FromWebview, ToWebview } from '../src/shared/protocol.ts';
import type { ImageRef } from '../src/shared/refs.ts';
import type { Call } from '../src/shared/trajectory.ts';
import { showControls } from '../src/shared/visibleText.ts';
import { button, h, setAttributes } from './dom.ts';

export interface Pictures {
  /** A call's pictures as they are drawn below its line; undefined where it has none. */
  readonly of: (call: Call) => HTMLElement | undefined;
  /** Draws what the host sent. */
  readonly take: (message: ToWebview & { type: 'picture' }) => void;
}

interface Waiting {
  readonly image: HTMLImageElement;
  readonly said: HTMLElement;
  readonly ask: () => void;
}

/** Pictures that are kept for when their call is drawn anew. */
const maxKept = 40;

/** `runId`: of the run that is shown. */
export function createPictures(post: (intention: FromWebview) => void, runId: () => string | null): Pictures {
  const known = new Map<string, string>();
  const waiting = new Map<string, Set<Waiting>>();
  const near = new Map<Element, Waiting>();
  const drawn: { runId: string | null } = { runId: null };
  /** What waits for another run's pictures is not there any more. */
  const forgetOthers = () => {
    if (drawn.runId === runId()) return;
    drawn.runId = runId();
    waiting.clear();
    near.clear();
    observer.disconnect();
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        near.get(target)?.ask();
        near.delete(target);
      }
    },
    { rootMargin: '600px' },
  );
  const draw = (call: Call, ref: ImageRef) => {
    const path = showControls(ref.path);
    const size = sizeIn(call.content ?? '', ref.path);
    const label = size ? `${path}, ${size.width} by ${size.height} pixels` : path;
    const image = h('img', '', { alt: label, ...size });
    const said = h('span', 'picture-state', {}, 'Loading');
    const open = () => {
      const run = runId();
      if (run !== null) post({ type: 'openPicture', runId: run, callId: call.callId, sha256: ref.sha256 });
    };
    const frame = button('picture', { 'aria-label': `Open ${label}`, title: 'Open in an editor' }, open, image, said);
    const url = known.get(ref.sha256);
    if (url !== undefined) show({ image, said }, url);
    else {
      const ask = () => {
        const run = runId();
        if (run !== null) post({ type: 'showPicture', runId: run, callId: call.callId, sha256: ref.sha256 });
      };
      const entry = { image, said, ask };
      waiting.set(ref.sha256, (waiting.get(ref.sha256) ?? new Set()).add(entry));
      near.set(frame, entry);
      observer.observe(frame);
    }
    return h('figure', '', {}, frame, h('figcaption', 'remark', {}, path));
  };
  return {
    of: (call) => {
      const { images = [] } = call;
      forgetOthers();
      return images.length === 0 ? undefined : h('div', 'pictures', {}, ...images.map((ref) => draw(call, ref)));
    },
    take: ({ runId: of, sha256, content }) => {
      if (of !== runId()) return;
      const places = waiting.get(sha256) ?? new Set();
      waiting.delete(sha256);
      if (content.kind === 'problem') {
        for (const { said } of places) said.textContent = `The picture cannot be shown. ${content.message}`;
        return;
      }
      const url = `data:${content.mimeType};base64,${content.base64}`;
      known.set(sha256, url);
      for (const oldest of [...known.keys()].slice(0, -maxKept)) known.delete(oldest);
      for (const place of places) show(place, url);
    },
  };
}

function show({ image, said }: Pick<Waiting, 'image' | 'said'>, url: string): void {
  image.addEventListener('load', () => said.remove(), { once: true });
  image.addEventListener(
    'error',
    () => {
      said.textContent = 'The picture cannot be shown: it is damaged.';
      setAttributes(image, { src: undefined });
    },
    { once: true },
  );
  setAttributes(image, { src: url });
}

/** A picture's size as the observation tells it, so that its place is kept before it comes. */
function sizeIn(content: string, path: string): { readonly width: number; readonly height: number } | undefined {
  const line = content.split('\n', 200).find((candidate) => candidate.startsWith(`Picture: ${path} (`));
  const size = /^ \((\d{1,5}) × (\d{1,5}) pixels/.exec(line?.slice(`Picture: ${path}`.length) ?? '');
  return size ? { width: Number(size[1]), height: Number(size[2]) } : undefined;
}
