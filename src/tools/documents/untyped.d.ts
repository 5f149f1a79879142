/** Types of what the readers use of packages whose own types need a browser's. */

declare module 'turndown/lib/turndown.browser.cjs.js' {
  /** What the writer is given to walk; `source` is ours. */
  interface TreeNode {
    readonly nodeType: number;
    readonly nodeName: string;
    readonly isBlank: boolean;
  }

  /** How an element is written, from its content. */
  export interface Rule {
    readonly replacement: (content: string, node: TreeNode) => string;
  }

  export default class TurndownService {
    constructor(options: Readonly<Record<string, string>>);
    escape: (text: string) => string;
    readonly rules: { forNode: (node: TreeNode) => Rule; readonly defaultRule: Rule };
    /** Changes what `cloneNode` gives. */
    turndown(root: { readonly nodeType: number; readonly cloneNode: () => TreeNode }): string;
  }
}
