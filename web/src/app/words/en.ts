// Each file in words/en/ is one namespace, named as the file.
const files = import.meta.glob<{ default: object }>('./en/*.ts', { eager: true })
export default Object.fromEntries(Object.entries(files).map(([path, file]) => [path.slice(5, -3), file.default]))
