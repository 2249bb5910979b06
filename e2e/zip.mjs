// Reads what is inside a .docx or .xlsx: the central directory and one entry at a time.
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'

export function unzip(file) {
  const bytes = readFileSync(file)
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error(`${file} is no zip`)
  const files = new Map()
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [method, packed, nameLength, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    files.set(name, () => {
      const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const body = bytes.subarray(begin, begin + packed)
      return (method === 0 ? body : inflateRawSync(body)).toString('utf8')
    })
    at += 46 + nameLength + extra + comment
  }
  return files
}

/** The words of an Office document's part, without its markup. */
export function words(xml) {
  return xml.replace(/<[^>]+>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
