// Which rows of a long list to draw.

/** First and last row (exclusive) to draw so that the visible part and `spare` rows around it are there. */
export function slice(scrolled: number, visible: number, rowHeight: number, count: number, spare = 8): { from: number; to: number } {
  const from = Math.max(0, Math.floor(scrolled / rowHeight) - spare)
  const to = Math.min(count, Math.ceil((scrolled + visible) / rowHeight) + spare)
  return { from: Math.min(from, count), to: Math.max(to, 0) }
}
