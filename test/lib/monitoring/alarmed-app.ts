import { ofType, synthesizedApp } from '../synthesized-app.ts';

/** An app with a cluster of its own, whose alarms go to somebody, with a budget. */
export const app = synthesizedApp('created-cluster', {
  changes: { alarms: { emails: ['on-call@example.com'] }, monthlyBudgetDollars: 500 },
});

/** The properties of its alarms, by name without the environment's. */
export const alarms = new Map(
  ofType(app.lakehouse, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
    String(Properties.AlarmName).replace(/^lethe-/, ''),
    Properties,
  ]),
);
