import { breakChat, breakTool } from '../../../local/demo/faults.ts';
import { demoDays } from '../../../local/demo/generate.ts';
import { fault } from './contract-check.ts';

const ways = 200;
const [day] = demoDays({ endsOn: '2026-06-30', days: 1, messages: 300 });
const epochDay = Date.UTC(2026, 5, 30) / 86_400_000;

test.each([
  ['chat', breakChat, day?.chat ?? []],
  ['tool', breakTool, day?.tool ?? []],
] as const)('no way of breaking a %s line leaves a record that may enter bronze', (topic, damage, lines) => {
  const valid = [...lines].filter((line) => fault(topic, line, '2026-06-30').fault === undefined);
  const accepted = valid.flatMap((line) =>
    Array.from({ length: ways }, (_, n) => damage(line, n / ways, epochDay)).filter(
      (broken) => fault(topic, broken, '2026-06-30').fault === undefined || broken.includes('\n'),
    ),
  );
  expect(valid.length).toBeGreaterThan(50);
  expect(accepted).toEqual([]);
});
