/** Files that go with the next question: chips above the box, from the picker, by drag and drop, or pasted. */
import type { AttachedFile } from '../src/shared/protocol.ts';
import { countOf } from '../src/shared/quantities.ts';
import { showControls } from '../src/shared/visibleText.ts';
import type { Context } from './context.ts';
import { button, h, icon } from './dom.ts';

/** Of one file that comes without a path, and how many go with a question. */
const maxBytes = 20_000_000;
const maxFiles = 50;

export interface Attached {
  readonly element: HTMLElement;
  readonly files: () => readonly AttachedFile[];
  readonly add: (files: readonly AttachedFile[]) => void;
  readonly clear: () => void;
  /** Takes what was dropped or pasted; false where it holds no files. */
  readonly take: (data: DataTransfer) => boolean;
}

/** Makes the chips. `leave` gets the focus when the last one goes; `complain` says what was not taken. */
export function createAttached(context: Context, leave: () => void, complain: (message: string) => void): Attached {
  const element = h('ul', 'attached', { 'aria-label': 'Attached files' });
  element.hidden = true;
  const state: { files: readonly AttachedFile[] } = { files: [] };

  const draw = () => {
    element.hidden = state.files.length === 0;
    element.replaceChildren(...state.files.map((file) => chip(file, () => remove(file))));
  };
  const remove = (file: AttachedFile) => {
    const at = state.files.indexOf(file);
    state.files = state.files.filter((one) => one !== file);
    draw();
    context.announce(`${file.name} is not attached any more`);
    const next = element.querySelectorAll('button')[Math.min(at, state.files.length - 1)];
    if (next) next.focus();
    else leave();
  };
  const add = (files: readonly AttachedFile[]) => {
    const known = new Set(state.files.map(keyOf));
    const given = new Map(files.map((file) => [keyOf(file), file]));
    const fresh = [...given].filter(([key]) => !known.has(key)).map(([, file]) => file);
    const taken = fresh.slice(0, maxFiles - state.files.length);
    if (taken.length < fresh.length) complain(`At most ${maxFiles} files go with a question.`);
    if (taken.length === 0) return;
    state.files = [...state.files, ...taken];
    draw();
    context.announce(`${taken.length === 1 ? (taken[0]?.name ?? '') : countOf(taken.length, 'file')} attached`);
  };
  const read = async (files: readonly File[]) => {
    for (const file of files) {
      if (file.size > maxBytes) complain(`${file.name} is too large to drop; attach it with the button instead.`);
      else {
        await base64Of(file).then(
          (base64) => add([{ kind: 'bytes', name: file.name.slice(0, 255) || 'file', base64 }]),
          // A folder looks like a file until it is read.
          () => complain(`${file.name} cannot be attached: it is not a file.`),
        );
      }
    }
  };
  return {
    element,
    files: () => state.files,
    add,
    clear: () => {
      state.files = [];
      draw();
    },
    take: (data) => {
      const paths = pathsOf(data);
      const files = [...data.files];
      if (files.length > 0) void read(files);
      else if (paths.length > 0) add(paths.map((path) => ({ kind: 'path', path, name: nameOf(path) })));
      return files.length > 0 || paths.length > 0;
    },
  };
}

/** Whether something that is dragged may hold files. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return data?.types.some((type) => type === 'Files' || type === 'text/uri-list' || type === resources) === true;
}

/** The editor's own name for what is dragged out of its lists. */
const resources = 'resourceurls';

function pathsOf(data: DataTransfer): readonly string[] {
  const listed = data.getData('text/uri-list').split(/\r?\n/);
  const own = ownList(data.getData(resources));
  return [...new Set([...own, ...listed])].filter((uri) => /^(?:file|vscode-remote):/.test(uri)).slice(0, maxFiles);
}

function ownList(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((uri) => typeof uri === 'string') : [];
  } catch {
    return [];
  }
}

function keyOf(file: AttachedFile): string {
  return file.kind === 'path' ? file.path : `${file.name} ${file.base64.length}`;
}

function nameOf(uri: string): string {
  const last = uri.split('/').at(-1) ?? uri;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  }
  return btoa(binary);
}

function chip(file: AttachedFile, remove: () => void): HTMLElement {
  const name = showControls(file.name);
  const off = button('off', { 'aria-label': `Take ${name} off`, title: 'Take it off' }, remove, icon('close'));
  const title = file.kind === 'path' ? showControls(file.path) : name;
  return h('li', 'chip', { title }, icon('file'), h('span', 'name', {}, name), off);
}
