// Runs beside the page.
import { tryPart } from './work'

const PART = 8_000
const post = (message: unknown): void => { (self as unknown as { postMessage: (message: unknown) => void }).postMessage(message) }

self.addEventListener('message', (event: MessageEvent<{ token: string; bits: number }>) => {
  const { token, bits } = event.data
  for (let from = 0; ; from += PART) {
    const nonce = tryPart(token, bits, from, PART)
    if (nonce !== null) { post({ nonce }); return }
    post({ tried: from + PART })
  }
})
