/** mocha's spec reporter, which also leaves its counts in the file named by MIROTHINKER_TEST_COUNTS. */
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MIROTHINKER_TEST_COUNTS;
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      // Something that a test left open must not hold the suite up until its time is over.
      setTimeout(() => {
        process.stderr.write('The tests are over, but something that one of them left keeps the process alive.\n');
        process.exit(1);
      }, 30_000).unref();
    });
  }
};
