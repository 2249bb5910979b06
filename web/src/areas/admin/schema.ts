/** A field of a kind of thing, as its JSON Schema describes it. */
export interface Field {
  name: string
  zh: string
  en: string
  type: string
  required: boolean
  options: string[]
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

/** The fields of a schema in its own order; what is not understood is called by its name. */
export function fieldsOf(schema: Record<string, unknown>): Field[] {
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(record(schema.properties)).map(([name, raw]) => {
    const field = record(raw)
    const zh = typeof field.title === 'string' ? field.title : name
    const type: unknown = Array.isArray(field.type) ? field.type.find((t) => t !== 'null') : field.type
    const format = field.format === 'date' ? 'date' : undefined
    return {
      name,
      zh,
      en: typeof field['x-en'] === 'string' ? field['x-en'] : zh,
      type: format ?? (Array.isArray(field.enum) ? 'choice' : typeof type === 'string' ? type : 'string'),
      required: required.includes(name),
      options: Array.isArray(field.enum) ? field.enum.filter((o) => o !== null).map(String) : [],
    }
  })
}

/** A field's value in a table cell. */
export function shown(value: unknown, yes: string, no: string): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? yes : no
  if (Array.isArray(value)) return value.map((v) => shown(v, yes, no)).join('、')
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}
