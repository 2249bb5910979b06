// Each file in words/zh/ is one namespace, named as the file.
const files = import.meta.glob<{ default: object }>('./zh/*.ts', { eager: true })
export default Object.fromEntries(Object.entries(files).map(([path, file]) => [path.slice(5, -3), file.default]))
