import { openStart } from '../src/local/start';
import { terminalLog } from '../src/local/terminal';
import { readConfigured } from '../src/platform/environment';
import { runProcess } from '../src/platform/run-process';

const print = (line: string) => process.stdout.write(`${line}\n`);
const [, script = __filename] = process.argv;

void runProcess(
  'start',
  ({ fatal }) => [openStart({ environment: readConfigured(), scripts: __dirname, script, print, fatal })],
  { log: terminalLog((line) => process.stderr.write(`${line}\n`)), stopDeadlineMs: 60_000 },
);
