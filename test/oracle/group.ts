/** The items by key, keys and items in the order in which they first came. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function sum<T>(items: readonly T[], pick: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + pick(item), 0n);
}

/** How many different values the items have. */
export function distinct<T>(items: readonly T[], pick: (item: T) => string): number {
  return new Set(items.map(pick)).size;
}
