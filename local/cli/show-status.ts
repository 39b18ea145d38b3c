import type { CommonOptions } from './common-options.ts';
import type { Place } from './place.ts';
export async function showStatus(_o: CommonOptions, _p: Place): Promise<void> {}
