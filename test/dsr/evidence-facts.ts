/** Facts of evidence that says nothing of any round: it can be genuine, and shows no complete erasure. */
export const factsWithoutRounds = {
  format: 'lethe-erasure-evidence/1',
  software: 'lethe',
  batch: 'one',
  pipeline: 'chat',
  openedAt: '2026-03-06T06:00:00Z',
  closedAt: '2026-03-23T06:00:00Z',
  clock: 'real',
  subjects: 1,
  requests: [],
  rounds: [],
} as const;
