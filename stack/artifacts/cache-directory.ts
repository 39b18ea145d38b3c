import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that outlives the tree: what the stack is assembled from, about 1.5 GB. LETHE_STACK_CACHE names another. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const { LETHE_STACK_CACHE, XDG_CACHE_HOME } = environment;
  return LETHE_STACK_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lethe', 'stack');
}
