/** Sets up a fresh checkout: dependencies, system packages, the VS Code that tests run in, the build. Run it as often as you like. */
import { main } from './lib/shell.mjs';
import { setUpForTests } from './lib/steps.mjs';

await main(setUpForTests);
