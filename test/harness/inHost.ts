import { launchBrowser } from './browser.ts';
import { testLine } from './testLine.ts';
import { remoteUri, startVsCode, windowUrl } from './vsCode.ts';

/** A test run inside a VS Code extension host. */
export interface InHostOptions {
  /** The extension's folder: a checkout, or that of an installed .vsix (then that is what is tested). */
  readonly extensionDevelopmentPath: string;
  /** A CommonJS module with `run(): Promise<void>`; it fails by rejecting. */
  readonly testsPath: string;
  /** The folder that the window opens. */
  readonly folder: string;
  /** Environment of the extension host beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The whole run, start to end. */
  readonly timeoutMs: number;
  /** What the tests print, each part as it comes, beginning with `testLine` there. */
  readonly onOutput: (line: string) => void;
}

/** Runs the tests in a new VS Code and resolves to their exit code (124 after `timeoutMs`). Leaves no process behind. */
export async function runInHost(options: InHostOptions): Promise<number> {
  const vscode = await startVsCode({
    folder: options.folder,
    smokeTestDriver: true,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  try {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const ended = Promise.withResolvers<number>();
      const log: string[] = [];
      const reported = { any: false };
      const clock = setTimeout(() => {
        options.onOutput(`no end after ${options.timeoutMs} ms; the workbench logged:\n${log.slice(-50).join('\n')}`);
        ended.resolve(124);
      }, options.timeoutMs);
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
        const text = args.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
        if (!text.startsWith(testLine)) {
          log.push(text);
          return;
        }
        reported.any = true;
        options.onOutput(text.slice(testLine.length));
      });
      await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code));
      await page.goto(
        windowUrl(vscode.port, options.folder, [
          ['extensionDevelopmentPath', remoteUri(vscode.port, options.extensionDevelopmentPath)],
          ['extensionTestsPath', remoteUri(vscode.port, options.testsPath)],
          ['enableProposedApi', ''],
          ['extensionEnvironment', JSON.stringify(options.env ?? {})],
        ]),
      );
      const code = await ended.promise;
      clearTimeout(clock);
      if (!reported.any) options.onOutput(`no test reported; the workbench logged:\n${log.slice(-50).join('\n')}`);
      return code;
    } finally {
      await browser.close();
    }
  } finally {
    await vscode.stop();
  }
}
