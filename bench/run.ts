import { cpus, hostname } from 'node:os';
import { testServices } from '../test/support/services';
import startServices, { stopServices } from '../test/support/start-services';
import { apiUnderLoad } from './api-under-load';
import type { Measured } from './benchmark';
import { blackscholes } from './blackscholes';
import { history } from './history';
import { latest } from './latest';
import { live } from './live';
import { markowitz } from './markowitz';
import { montecarlo } from './montecarlo';
import { pipeline } from './pipeline';
import { produce } from './produce';

/** Every benchmark; `npm run bench -- pipeline` runs one. */
const BENCHMARKS = {
  pipeline,
  produce,
  latest,
  'api-under-load': apiUnderLoad,
  live,
  history,
  montecarlo,
  markowitz,
  blackscholes,
};

function print({ what, unit, ours, peer, peerName, wanted, wantedAbsolute, notes }: Measured): void {
  const ratio = ours / peer;
  const verdict = ratio >= wanted && ours >= (wantedAbsolute ?? 0) ? 'reached' : 'NOT REACHED';
  console.log(`\n${what}`);
  console.log(
    `  ours   ${Math.round(ours).toLocaleString('en')} ${unit}${wantedAbsolute ? ` (${wantedAbsolute.toLocaleString('en')} wanted)` : ''}`,
  );
  if (Number.isNaN(peer)) console.log(`  peer   skipped: ${peerName}`);
  else {
    console.log(`  peer   ${Math.round(peer).toLocaleString('en')} ${unit}: ${peerName}`);
    console.log(`  ratio  ${ratio.toFixed(2)} (${wanted} wanted): ${verdict}`);
  }
  for (const note of notes) console.log(`  ${note}`);
}

async function main(names: readonly string[]): Promise<void> {
  const [cpu] = cpus();
  console.log(
    `${hostname()}: ${cpus().length} × ${cpu?.model ?? 'unknown processor'}, Node ${process.version}, ${process.platform}`,
  );
  await startServices();
  try {
    for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
      if (names.length === 0 || names.includes(name)) print(await benchmark(testServices()));
    }
  } finally {
    await stopServices();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
