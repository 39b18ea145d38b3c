import fc from 'fast-check';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { type Load, monthlyCost } from '../../../core/monitoring/cost.ts';

const load: Load = {
  eventsPerDay: 1_000_000,
  retentionDays: 45,
  lookbackDays: 3,
  commitMinutes: 5,
  kafka: 'existing',
  dashboardLoads: 100,
};
const total = (changes: Partial<Load>) =>
  monthlyCost(chatPipeline, { ...load, ...changes }).reduce((sum, { dollars }) => sum + dollars, 0);

test('more events, longer retention and more dashboards never cost less', () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.nat(1e9),
      fc.constantFrom('eventsPerDay', 'retentionDays', 'dashboardLoads'),
      (a, b, key) => {
        expect(total({ [key]: Math.max(a, b) })).toBeGreaterThanOrEqual(total({ [key]: Math.min(a, b) }));
      },
    ),
  );
});

test('without Kafka a small lake costs some thirty dollars, most of them for being watched, and brokers are the largest part of one with its own', () => {
  expect(total({ kafka: 'none', eventsPerDay: 10_000 })).toBeLessThan(40);
  const own = monthlyCost(chatPipeline, { ...load, kafka: 'provisioned' });
  const [largest] = [...own].sort((left, right) => right.dollars - left.dollars);
  expect(largest?.service).toBe('MSK');
});
