import { anyOrderAgrees, awkwardEventsAgree } from './random-runs.ts';

describe('the chat pipeline', () => {
  test(
    'builds what the second reading of the contract says, for awkward events',
    () => awkwardEventsAgree(2, 20260105),
    60_000,
  );
  test(
    'builds the same tables from the same events in any order, each delivered up to three times',
    () => anyOrderAgrees(1, 20260106),
    60_000,
  );
});
