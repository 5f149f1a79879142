/** Watches a reply while it streams. */
import type { ReplyDelta, StopReason } from './ports.ts';
export function replyGuard(): { readonly add: (delta: ReplyDelta) => StopReason | undefined; readonly kept: (content: string) => string } {
  return { add: () => undefined, kept: (content) => content };
}
export function isDegenerate(text: string): boolean {
  const tail = text.slice(-50);
  return tail.length === 50 && text.split(tail).length - 1 > 5;
}
