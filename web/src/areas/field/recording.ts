// A record while it is being written: every change goes to the vault, so that a phone that runs out takes nothing along.
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { serverNow } from '@/api/clock'
import { me } from '@/api/session'
import type { FormValues, Point } from '@/ui/form/types'
import { addFile, dispatch, draft, dropFile, keep, ready, records } from './outbox'
import { usePosition } from './position'
import type { FieldFile, FieldRecord, RecordKind } from './types'

const SAVE_AFTER = 300
/** So long after the first photo a better reading of the place still belongs to it, in milliseconds. */
const SETTLE = 60_000

/** How a hazard came to light, by who reports it. */
export function usualSource(): string {
  const roles = (me.value?.positions ?? []).map((position) => position.role)
  if (roles.some((role) => role === 'enterprise' || role === 'safety')) return 'self-check'
  return roles.some((role) => role === 'grid' || role === 'village') ? 'patrol' : 'inspection'
}

export function useRecording(kind: RecordKind, id: string | null) {
  const record = shallowRef<FieldRecord | null>(null)
  const missing = ref(false)
  const busy = ref(false)
  const { point, accuracy, state } = usePosition()
  let placed = false
  let written = false
  let timer: number | undefined

  watch(ready, async (is) => {
    if (!is || record.value) return
    const own = me.value?.org?.kind === 'enterprise' ? { id: me.value.org.id, name: me.value.org.name } : null
    const found = id ? records.value.find((one) => one.id === id && one.state === 'refused') : await draft(kind, kind === 'hazard' ? { source: usualSource() } : {})
    if (!found) { missing.value = true; return }
    written = found.files.length > 0 || found.made !== null || found.state === 'refused'
    placed = found.state === 'refused'
    record.value = { ...found, org: found.org ?? own }
  }, { immediate: true })

  const save = async (): Promise<void> => {
    window.clearTimeout(timer)
    timer = undefined
    if (record.value && written) await keep(record.value)
  }
  function set(part: Partial<FieldRecord>): void {
    if (record.value) record.value = { ...record.value, ...part }
  }
  function change(part: Partial<FieldRecord>): void {
    set(part)
    written = true
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void save(), SAVE_AFTER)
  }
  const flush = (): void => { if (timer !== undefined) void save() }
  window.addEventListener('pagehide', flush)
  onScopeDispose(() => { flush(); window.removeEventListener('pagehide', flush) })

  watch([point, record], ([now]) => {
    const at = record.value
    if (!now || !at || placed || at.place === now || at.state !== 'draft') return
    if (at.made !== null && at.place !== null && serverNow() - at.made > SETTLE) return
    set({ place: now, accuracy: accuracy.value ?? null })
  })

  async function take(files: File[], into: FieldFile['into']): Promise<void> {
    for (const file of files) {
      if (!record.value) return
      const kept = await addFile(record.value, file, into)
      change({ files: [...record.value.files, kept], made: record.value.made ?? serverNow() })
    }
    await save()
  }
  async function remove(file: FieldFile): Promise<void> {
    change({ files: record.value!.files.filter((one) => one.id !== file.id) })
    await save()
    await dropFile(file.id)
  }
  function place(where: Point | null): void {
    placed = true
    change({ place: where, accuracy: null })
  }
  function values(now: FormValues): void {
    change({ values: now })
  }
  /** Hands it over; true when it is safe on the device. */
  async function done(last: FormValues): Promise<void> {
    if (!record.value || busy.value) return
    busy.value = true
    window.clearTimeout(timer)
    timer = undefined
    try {
      await dispatch({ ...record.value, values: last })
      written = false
    } finally {
      busy.value = false
    }
  }
  const recent = computed(() => [...new Set([...records.value.slice(-20).map((one) => one.org?.id ?? '').reduceRight<string[]>((all, one) => [...all, one], []), me.value?.org?.id ?? ''])].filter(Boolean).slice(0, 4))
  return { record, missing, busy, change, values, take, remove, place, done, recent, position: { point, accuracy, state } }
}
