import { Child } from '../../src/local/child';
import { prepareHome } from '../../src/local/home';
import { commandLineOf } from '../../src/local/run-record';
import { Supervisor } from '../../src/local/supervisor';
import { pause } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { temporaryFolder } from '../support/temporary-folder';

const STAYS = "process.send('ready');process.on('disconnect',()=>process.exit());setInterval(()=>{},1000)";
const DIES = "process.send('ready');setTimeout(()=>process.exit(3),20)";

function aChild({ code = STAYS, name = 'child', home = temporaryFolder(), prepare = async () => {} } = {}): Child {
  prepareHome(home);
  return new Child({
    name,
    home,
    stopSignal: 'SIGTERM',
    stopWithinMs: 5_000,
    readyWithinMs: 10_000,
    prepare: async () => {
      await prepare();
      return { command: process.execPath, args: ['-e', code, home], mark: home };
    },
  });
}

const supervisors: Supervisor[] = [];

function aSupervisor(changes: Partial<ConstructorParameters<typeof Supervisor>[0]> = {}) {
  const notes: string[] = [];
  const givenUp: string[] = [];
  const supervisor = new Supervisor({
    note: (sentence) => notes.push(sentence),
    giveUp: (error) => givenUp.push(error.message),
    firstPauseMs: 10,
    ...changes,
  });
  supervisors.push(supervisor);
  return { supervisor, notes, givenUp };
}

afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((supervisor) => supervisor.stop()));
});

describe('a supervisor', () => {
  it('starts a killed child again', async () => {
    const { supervisor, notes } = aSupervisor();
    const child = aChild();
    await supervisor.keep(child);
    const first = child.pid!;

    process.kill(first, 'SIGKILL');
    await eventually(() => child.pid !== undefined && child.pid !== first && notes.includes('child is back'));

    expect(notes).toEqual(['child was ended by SIGKILL; starting it again in 10 ms', 'child is back']);
  });

  it('doubles the pause with each death and gives up at the limit, once', async () => {
    const { supervisor, notes, givenUp } = aSupervisor({ maxDeaths: 4 });

    await supervisor.keep(aChild({ code: DIES }));
    await eventually(() => givenUp.length > 0);

    expect(givenUp).toEqual(['child ended 4 times within 60 s, the last time it ended with code 3: giving up']);
    expect(notes.map((note) => /in (\d+) ms/.exec(note)?.[1]).filter(Boolean)).toEqual(['10', '20', '40']);
  });

  it('counts only the deaths of the last while', async () => {
    const { supervisor, notes, givenUp } = aSupervisor({ maxDeaths: 2, withinMs: 1 });

    await supervisor.keep(aChild({ code: DIES }));
    await eventually(() => notes.filter((note) => note.includes('is back')).length >= 3);

    expect(givenUp).toEqual([]);
  });

  it('counts a start that fails as a death', async () => {
    const { supervisor, givenUp } = aSupervisor({ maxDeaths: 3 });
    let starts = 0;
    const prepare = async () => {
      starts += 1;
      if (starts > 1) throw new Error('no room');
    };

    await supervisor.keep(aChild({ code: DIES, prepare }));
    await eventually(() => givenUp.length > 0);

    expect(givenUp[0]).toContain('the last time it no room');
    expect(starts).toBe(3);
  });

  it('restarts nothing once it stops, whenever that is', async () => {
    const { supervisor, notes } = aSupervisor({ firstPauseMs: 60_000 });
    const child = aChild();
    await supervisor.keep(child);
    process.kill(child.pid!, 'SIGKILL');
    await eventually(() => notes.length > 0);

    await supervisor.stop();

    expect(child.pid).toBeUndefined();
    expect(notes).toHaveLength(1);
    await expect(supervisor.keep(aChild())).rejects.toThrow('stopping');
  });

  it('waits with a child until what it needs is back', async () => {
    const order: string[] = [];
    const note = (sentence: string) => order.push(sentence);
    const engines = aSupervisor({ note, firstPauseMs: 300 });
    const processes = aSupervisor({ note, whatTheyNeed: engines.supervisor });
    const [engine, product] = [aChild({ name: 'engine' }), aChild({ name: 'product' })];
    await engines.supervisor.keep(engine);
    await processes.supervisor.keep(product);

    process.kill(engine.pid!, 'SIGKILL');
    await eventually(() => order.length > 0);
    process.kill(product.pid!, 'SIGKILL');
    await eventually(() => order.includes('product is back'));

    expect(order.filter((sentence) => sentence.includes('is back'))).toEqual(['engine is back', 'product is back']);
  });
});

describe('a child', () => {
  it('that ends before it is ready fails the start with the last lines of its log', async () => {
    const child = aChild({ code: "console.error('port is taken');process.exit(2)" });

    await expect(child.start()).rejects.toThrow(/child ended with code 2; log .*child\.log, last lines: port is taken/);
  });

  it('that cannot be run fails the start', async () => {
    const home = temporaryFolder();
    prepareHome(home);
    const plan = { name: 'child', home, stopSignal: 'SIGTERM', stopWithinMs: 1_000, readyWithinMs: 1_000 } as const;
    const launch = { command: '/nonexistent/program', args: [], mark: home, isReady: async () => false };

    await expect(new Child({ ...plan, prepare: async () => launch }).start()).rejects.toThrow(/ENOENT/);
  });

  it('that does not stop in time is killed', async () => {
    const child = aChild({ code: `process.on('SIGTERM',()=>{});${STAYS}` });
    const impatient = new Child({ ...(child as unknown as { plan: object }).plan, stopWithinMs: 50 } as never);
    await impatient.start();
    const pid = impatient.pid!;

    await impatient.stop();

    expect(await commandLineOf(pid)).toBeUndefined();
  });

  it('can be stopped while it starts, twice, and started again', async () => {
    const child = aChild({ code: `${STAYS.replace("process.send('ready');", '')}` });
    const starting = child.start().catch((error: Error) => error.message);
    await eventually(() => child.pid !== undefined);

    await Promise.all([child.stop(), child.stop()]);

    expect(await starting).toContain('was stopped while it started');
    expect(child.pid).toBeUndefined();
  });

  it('left over from a killed start is stopped before it is started again', async () => {
    const home = temporaryFolder();
    const first = aChild({ home });
    await first.start();
    const leftover = first.pid!;

    const second = aChild({ home });
    await second.start();
    await pause(0);

    expect(await commandLineOf(leftover)).toBeUndefined();
    await second.stop();
  });
});
