// The piece of work that stands before every report, so that nobody sends thousands: found beside the page where the
// browser allows it, else between two breaths of the page.
import { sha256, zeros } from './sha256'

const PART = 4_000

/** Tries `count` nonces from `from`; the one that fits, or null. */
export function tryPart(token: string, bits: number, from: number, count: number): string | null {
  for (let n = from; n < from + count; n++) if (zeros(sha256(`${token}:${n}`)) >= bits) return String(n)
  return null
}

/** How likely it is to be done after so many tries: what a bar shows. */
export function share(tried: number, bits: number): number {
  return 1 - Math.exp(-tried / 2 ** bits)
}

async function here(token: string, bits: number, progress: (share: number) => void): Promise<string> {
  for (let from = 0; ; from += PART) {
    const nonce = tryPart(token, bits, from, PART)
    if (nonce !== null) return nonce
    progress(share(from + PART, bits))
    await new Promise((resolve) => setTimeout(resolve))
  }
}

export async function solve(token: string, bits: number, progress: (share: number) => void): Promise<string> {
  let worker: Worker
  try {
    worker = new Worker(new URL('./solver.ts', import.meta.url), { type: 'module' })
  } catch {
    return here(token, bits, progress)
  }
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.addEventListener('message', (event: MessageEvent<{ nonce: string } | { tried: number }>) => {
        if ('nonce' in event.data) resolve(event.data.nonce)
        else progress(share(event.data.tried, bits))
      })
      worker.addEventListener('error', () => reject(new Error('worker')))
      worker.postMessage({ token, bits })
    })
  } catch {
    return await here(token, bits, progress)
  } finally {
    worker.terminate()
  }
}
