import type { CommonOptions } from '../cli/common-options.ts';
import type { Place } from '../cli/place.ts';
export async function runDemo(_o: CommonOptions, _p: Place): Promise<void> {}
