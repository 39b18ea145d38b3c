import { anyOrderAgrees, awkwardEventsAgree } from './random-runs.ts';

describe('the chat pipeline', () => {
  test(
    'builds what the second reading of the contract says, for many awkward events',
    () => awkwardEventsAgree(15, 20260107),
    600_000,
  );
  test(
    'builds the same tables from many events in any order, each delivered up to three times',
    () => anyOrderAgrees(5, 20260108),
    600_000,
  );
});
