/**
 * Puts a value behind all others of a map that holds so many at the most, each of which stands by when it was used last; gives
 * back the one that had to go.
 */
export function keepLatest<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  most: number,
): Value | undefined {
  map.delete(key);
  map.set(key, value);
  const [first] = map;
  if (map.size <= most || first === undefined) return undefined;
  map.delete(first[0]);
  return first[1];
}
