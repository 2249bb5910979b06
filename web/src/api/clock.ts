// The server's clock, as told with each sign-in, ticking on. Pages count down against this, not against
// a phone whose clock may be wrong.
import { readonly, ref } from 'vue'

let ahead = 0
const nowRef = ref(Date.now())

/** Milliseconds since 1970 by the server's clock; moves every 15 seconds. */
export const now = readonly(nowRef)

export function setServerNow(instant: string): void {
  const told = Date.parse(instant)
  if (Number.isNaN(told)) return
  ahead = told - Date.now()
  nowRef.value = told
}

/** The moment by the server's clock, to the millisecond. */
export function serverNow(): number {
  return Date.now() + ahead
}

/** How far the server's clock is ahead of this device's; and that it was so when there was last a network. */
export function clockAhead(): number {
  return ahead
}
export function keepAhead(before: number): void {
  ahead = before
  nowRef.value = Date.now() + ahead
}

export function tick(): void {
  nowRef.value = Date.now() + ahead
}

if (typeof window !== 'undefined') window.setInterval(tick, 15_000)
