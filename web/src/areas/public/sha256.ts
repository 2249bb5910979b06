// SHA-256 in plain script: a page without a safe connection has no crypto.subtle, and half a million short messages one
// by one through it would take minutes.
const K = new Uint32Array(64)
const START = new Uint32Array(8)
{
  // The first 32 bits of the fractions of cube and square roots of the first primes (FIPS 180-4).
  const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) >>> 0
  let found = 0
  for (let n = 2; found < 64; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break }
    if (!prime) continue
    K[found] = fraction(Math.cbrt(n))
    if (found < 8) START[found] = fraction(Math.sqrt(n))
    found += 1
  }
}
const W = new Uint32Array(64)

/** The eight words of the digest of an ASCII text. */
export function sha256(text: string): Uint32Array {
  const length = text.length
  const blocks = ((length + 8) >> 6) + 1
  const data = new Uint32Array(blocks * 16)
  for (let i = 0; i < length; i++) data[i >> 2]! |= text.charCodeAt(i) << (24 - (i & 3) * 8)
  data[length >> 2]! |= 0x80 << (24 - (length & 3) * 8)
  data[data.length - 1] = length * 8
  const h = START.slice()
  for (let at = 0; at < data.length; at += 16) {
    for (let i = 0; i < 16; i++) W[i] = data[at + i]!
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15]!
      const y = W[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      W[i] = (W[i - 16]! + s0 + W[i - 7]! + s1) | 0
    }
    let [a, b, c, d, e, f, g, k] = h as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (k + s1 + ((e & f) ^ (~e & g)) + K[i]! + W[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0
    }
    h[0]! += a; h[1]! += b; h[2]! += c; h[3]! += d; h[4]! += e; h[5]! += f; h[6]! += g; h[7]! += k
  }
  return h
}

/** How many zero bits a digest begins with. */
export function zeros(digest: Uint32Array): number {
  let bits = 0
  for (const word of digest) {
    bits += Math.clz32(word)
    if (word !== 0) break
  }
  return bits
}
