import { findFreePort } from '../../src/local/port';
import { pause } from '../../src/platform/clock';
import { type ProductProcess, startProcess } from './product-process';

export type Kind = 'consumer' | 'poller' | 'api';

/** One process of a fleet. */
export interface Member {
  readonly kind: Kind;
  readonly process: ProductProcess;
  /** Where an API answers; empty for others. */
  readonly url: string;
}

/** Processes of the product beside each other, as several machines would run them. */
export interface Fleet {
  /** Those that run now, oldest first. */
  members(kind: Kind): readonly Member[];
  /** Resolves when one more is ready. */
  add(kind: Kind): Promise<Member>;
  /** SIGKILL, and another one `pauseMs` later. Until that is ready nobody has noticed: the dead one keeps its place. */
  killAndRestart(member: Member, pauseMs: number): Promise<void>;
  /** The new one first: resolves with the old one's exit code when it has stopped by itself. */
  replace(member: Member): Promise<number | null>;
  /** Ends all at once, whatever they do. */
  remove(): Promise<void>;
}

/** Empty at first; `consumers` are the names that each consumer process runs. */
export function openFleet(environment: Readonly<Record<string, string>>, consumers: readonly string[]): Fleet {
  const running: Member[] = [];
  const ports: number[] = [];
  const leave = (member: Member) => running.splice(running.indexOf(member), 1);
  const add = async (kind: Kind): Promise<Member> => {
    const member = kind === 'api' ? await startApi() : await startWorker(kind);
    running.push(member);
    return member;
  };
  const startApi = async (): Promise<Member> => {
    const port = await findFreePort(ports);
    ports.push(port);
    const process = await startProcess('api', { ...environment, PORT: String(port) });
    return { kind: 'api', process, url: `http://127.0.0.1:${port}` };
  };
  const startWorker = async (kind: 'consumer' | 'poller'): Promise<Member> => {
    const [script, args] = kind === 'consumer' ? ['consumer', consumers] : ['run-polling-jobs', []];
    return { kind, process: await startProcess(script, environment, args), url: '' };
  };
  return {
    add,
    members: (kind) => running.filter((member) => member.kind === kind),
    killAndRestart: async (member, pauseMs) => {
      await member.process.end('SIGKILL');
      await pause(pauseMs);
      await add(member.kind);
      leave(member);
    },
    replace: async (member) => {
      await add(member.kind);
      leave(member);
      return member.process.end('SIGTERM');
    },
    remove: async () => {
      await Promise.all(running.splice(0).map(({ process }) => process.end('SIGKILL')));
    },
  };
}
