import { measured } from '../../bench/measured-command.ts';

const node = (script: string) => measured({ program: process.execPath, args: ['-e', script] });

describe('measured', () => {
  it('returns what a command wrote and how long it took', async () => {
    const { output, seconds } = await node("setTimeout(() => console.log('done'), 200)");
    expect(output).toBe('done\n');
    expect(seconds).toBeGreaterThan(0.2);
  });

  it('rejects with the end of the complaints when the command fails', async () => {
    await expect(node("console.error('no such model'); process.exit(3)")).rejects.toThrow(
      /ended with 3[\s\S]*no such model/,
    );
  });
});
