/**
 * Scrolls to an element and stays with it for a few frames: lines far away are only sized once they come near
 * (`content-visibility`), so the first jump may miss.
 */
export function bringIntoView(element: Element | null | undefined, block: ScrollLogicalPosition): void {
  if (!element) return
  let left = 6
  let last = Number.NaN
  const step = () => {
    element.scrollIntoView({ block })
    const top = element.getBoundingClientRect().top
    if (left-- > 0 && Math.abs(top - last) > 1) {
      last = top
      requestAnimationFrame(step)
    }
  }
  step()
}
