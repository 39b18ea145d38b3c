/** A list cut into pieces of at most so many. */
export function piecesOf<T>(list: readonly T[], most: number): T[][] {
  const pieces: T[][] = [];
  for (let from = 0; from < list.length; from += most) pieces.push(list.slice(from, from + most));
  return pieces;
}

/** Works on each of a list, at most so many at once, and gives what came out in their order. The first error ends it, once what has begun is done. */
export async function eachOf<T, R>(list: readonly T[], atOnce: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (!failed && next < list.length) {
      const at = next;
      next += 1;
      const one = list[at];
      if (one === undefined) continue;
      try {
        results[at] = await work(one);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, list.length) }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return results;
}
