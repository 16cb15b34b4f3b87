#!/usr/bin/env node
import { run } from '../src/cli/index';
import { ioOf } from '../src/cli/process-io';

void run(process.argv.slice(2), ioOf(process)).then((exitCode) => {
  process.exitCode = exitCode;
});
