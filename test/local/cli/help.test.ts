import { lethe, letheProcess } from './command-line.ts';

const commands = [
  ...['ingest', 'backfill', 'run', 'query', 'status', 'demo'],
  ...['forget', 'requests', 'verify-evidence', 'prove-absence', 'cost', 'doctor', 'dashboards', 'console'],
];

test('the help lists every command', async () => {
  const { status, out } = await letheProcess(['--help']);
  expect(status).toBe(0);
  for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
});

test.each(commands)('%s explains itself with an example and the options of every command', async (command) => {
  const { status, out } = await lethe([command, '--help']);
  expect(status).toBe(0);
  expect(out).toMatch(/--home <dir>[\s\S]*--config <file>/);
  expect(out).toMatch(new RegExp(`Examples?:\n  \\$ lethe ${command}`));
});

test('no command at all gets the help', async () => {
  expect((await lethe([])).out).toBe((await lethe(['--help'])).out);
});
