import { join } from 'node:path';
import { type Config, parseConfig } from '../platform/config';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import type { Service } from '../platform/service';
import { isLoopback } from '../processes/api-security';
import { addressesFile, removeAddresses, writeAddresses } from './addresses';
import { claimHome, recordStart, releaseHome, stopLeftovers } from './claim';
import { demoFor } from './demo';
import { downloadsOf, type LocalOptions, prepareHome } from './home';
import { keySecretOf } from './key-secret';
import { metricsTargetsFile, metricsVariables, removeMetricsTargets, writeMetricsTargets } from './metrics-targets';
import { watchNpm } from './npm-watch';
import { findFreePort, findNextFreePort, holderOf, isPortFree } from './port';
import { ONE_PROCESS, openProductProcess, PROCESSES, type ProductProcess } from './product';
import { startEngines } from './start-engines';
import { Supervisor } from './supervisor';
import { type Print, seconds, step, warningOf } from './terminal';

export interface StartOptions {
  /** Without the addresses that an earlier start left. */
  readonly environment: Environment;
  /** Folder of the built scripts. */
  readonly scripts: string;
  /** The script this process runs, by which another start knows it. */
  readonly script: string;
  readonly print: Print;
  /** Told when something dies too often to go on. */
  readonly fatal: (error: unknown) => void;
}

/** Everything on this machine as one service: engines, tables, topics and the processes of the product, kept running until `stop`. */
export function openStart(options: StartOptions): Service {
  return new Start(options);
}

class Start implements Service {
  readonly name = 'start';
  private readonly options: StartOptions;
  private readonly demo: ReturnType<typeof demoFor>;
  private readonly config: Config;
  private readonly stopping = new AbortController();
  private readonly engines: Supervisor;
  private readonly processes: Supervisor;
  private hasHome = false;
  private stopWatching: () => void = () => undefined;

  constructor(options: StartOptions) {
    this.options = options;
    this.demo = demoFor(options.environment);
    this.config = parseConfig({ ...options.environment, ...this.demo.variables });
    const supervision = { note: (sentence: string) => this.print(`  ${sentence}`), giveUp: options.fatal };
    this.engines = new Supervisor(supervision);
    this.processes = new Supervisor({ ...supervision, whatTheyNeed: this.engines });
  }

  async start(): Promise<void> {
    const startedMs = performance.now();
    await this.takeHome();
    this.stopWatching = watchNpm(this.options.environment, () => this.options.fatal(new Error('npm is gone')));
    if (this.demo.sentence) this.print(`  note   ${this.demo.sentence}`);
    const port = await choosePort(this.config, this.print);
    const { addresses, hasKafka } = await startEngines({
      config: this.config,
      local: this.localOptions,
      supervisor: this.engines,
      print: this.print,
      signal: this.stopping.signal,
    });
    const secret = keySecretOf(this.config.home, this.config.environment);
    const found = { ...addresses, ...secret, PORT: String(port) };
    const processes = hasKafka ? PROCESSES : ONE_PROCESS;
    await this.startProcesses(processes, found);
    writeMetricsTargets(this.config.home, this.config, processes);
    this.announce(found, port, startedMs);
  }

  /** Processes first, then what they need; the data stays. */
  async stop(): Promise<void> {
    if (this.hasHome && !this.stopping.signal.aborted) this.options.print('stopping');
    this.stopping.abort();
    this.stopWatching();
    try {
      await this.processes.stop();
    } finally {
      await this.engines.stop();
      if (this.hasHome) {
        releaseHome(this.config.home);
        removeMetricsTargets(this.config.home);
      }
      this.hasHome = false;
    }
  }

  private async takeHome(): Promise<void> {
    const { home } = this.config;
    prepareHome(home);
    await claimHome(home, this.options.script);
    this.hasHome = true;
    removeAddresses(home);
    removeMetricsTargets(home);
    this.print(`tickwire, data in ${home}`);
    const stopped = await stopLeftovers(home);
    if (stopped.length > 0) this.print(`  note   stopped what an earlier start left running: ${stopped.join(', ')}`);
  }

  private async startProcesses(processes: readonly ProductProcess[], addresses: Environment): Promise<void> {
    const { home, environment } = this.config;
    const options = {
      home,
      scripts: this.options.scripts,
      environment: { ...environment, ...addresses, TICKWIRE_HOME: home },
    };
    await Promise.all(
      processes.map((process, index) => {
        const child = openProductProcess(process, {
          ...options,
          environment: { ...options.environment, ...metricsVariables(this.config.metricsPort, index) },
          onLine: (line) => this.pass(process.name, line),
        });
        return step(this.print, process.name, () => this.processes.keep(child));
      }),
    );
  }

  private announce(addresses: Environment, port: number, startedMs: number): void {
    const { home } = this.config;
    if (this.stopping.signal.aborted) throw new TickwireError('ENGINE_UNAVAILABLE', 'was stopped while it started');
    const url = urlOf(this.config, port);
    writeAddresses(home, addresses);
    recordStart(home, this.options.script, url);
    for (const line of welcome(this.config, url, seconds(startedMs))) this.print(line);
  }

  private pass(name: string, line: string): void {
    const warning = warningOf(line);
    if (warning) this.print(`  ${name} ${warning}`);
  }

  /** Silent while stopping: what is being stopped fails in many ways of no interest. */
  private readonly print = (line: string): void => {
    if (!this.stopping.signal.aborted) this.options.print(line);
  };

  private get localOptions(): LocalOptions {
    const { home, environment } = this.config;
    return { home, downloads: downloadsOf(home), environment, note: (text) => this.print(`  note   ${text}`) };
  }
}

async function choosePort({ port, host, environment }: Config, print: Print): Promise<number> {
  if (port === 0) return findFreePort();
  if (await isPortFree(port, host)) return port;
  const holder = (await holderOf(port, environment)) ?? 'another program';
  if (environment.PORT !== undefined) {
    throw new TickwireError('CONFLICT', `port ${port} is in use by ${holder}: stop it, or set PORT to another port`);
  }
  const free = await findNextFreePort(port + 1, host);
  print(`  note   port ${port} is in use by ${holder}, so the API is on ${free}`);
  return free;
}

function urlOf({ host }: Config, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Who may use what was started. */
function accessOf({ apiKeysRequired, host }: Config): string {
  if (apiKeysRequired) return 'API keys are required: npm run tickwire -- keys create NAME --scopes admin';
  if (isLoopback(host)) return `this machine only (${host}), so no API keys are required`;
  return `everybody who reaches ${host} may do everything: set API_KEYS_REQUIRED=true, or leave HOST out`;
}

function welcome(config: Config, url: string, time: string): readonly string[] {
  const { symbols, tickers, home, metricsPort } = config;
  const [symbol = 'AAPL'] = [...symbols, ...tickers];
  const body = '{"symbols":["AAPL","MSFT"],"interval":60}';
  return [
    `ready in ${time}; Ctrl-C stops everything, the data stays`,
    '',
    `  API        ${url}`,
    `  access     ${accessOf(config)}`,
    `  docs       ${url}/docs`,
    `  addresses  ${addressesFile(home)}`,
    `  logs       ${join(home, 'logs')}`,
    ...(metricsPort ? [`  metrics    ${metricsTargetsFile(home)}`] : []),
    '',
    `  curl '${url}/prices/latest?symbol=${symbol}'`,
    `  curl '${url}/prices/average?symbol=${symbol}'    # once there are five prices`,
    `  curl -X POST ${url}/prices/poll -H 'content-type: application/json' -d '${body}'`,
    '',
  ];
}
