// Runs after `npm ci`: generates the Prisma client and builds. The generator needs no schema engine, but Prisma's command line
// looks for one and would download it; any existing executable satisfies the look.
import { spawnSync } from 'node:child_process';

for (const command of ['prisma generate', 'npm run -s build']) {
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', ...process.env };
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
