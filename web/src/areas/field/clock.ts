/** `11-24 23:41` by the district's clock, wherever the device believes it is. */
export function district(instant: number): string {
  return new Date(instant + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
}
