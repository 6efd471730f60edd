// Adds up what the test runners wrote and prints the closing line. Exit 1 where anything failed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, failedSteps] = [process.argv[2], Number(process.argv[3] ?? 0)];
let passed = 0;
let failed = failedSteps;
let skipped = 0;

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const report = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const summary = report.results?.summary;
  if (summary) {
    // xunit's CTRF report
    passed += summary.passed;
    failed += summary.failed + (summary.other ?? 0);
    skipped += summary.skipped + (summary.pending ?? 0);
  } else if (report.numTotalTests !== undefined) {
    // vitest's report
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  }
}

// node's test runner closes with "# pass N" lines (TAP) or "ℹ pass N" lines (spec).
for (const name of ["web-browser", "clients"]) {
  const log = join(folder, `${name}.log`);
  if (!existsSync(log)) {
    continue;
  }
  const text = readFileSync(log, "utf8");
  const count = (word) => Number(text.match(new RegExp(`^(?:#|ℹ) ${word} (\\d+)$`, "m"))?.[1] ?? NaN);
  if (Number.isNaN(count("pass"))) {
    failed += 1;
    console.log(`FAILED: the tests of ${name} ended without a summary`);
  } else {
    passed += count("pass");
    failed += count("fail");
    skipped += count("skipped") || 0;
  }
}

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
