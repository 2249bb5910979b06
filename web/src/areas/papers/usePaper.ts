// A paper under work: what the server proposes, and over it what a person has typed, kept on this machine.
import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import type { Block } from '@/api/types'
import { useDraft } from '@/ui/draft'

interface Typed { number: string | null; blocks: Block[] | null; red: boolean }
export interface Proposal { number?: string | null; blocks: Block[] }

export interface Paper {
  number: WritableComputedRef<string>
  blocks: WritableComputedRef<Block[]>
  red: WritableComputedRef<boolean>
  touched: ComputedRef<boolean>
  restart: () => void
}

export function usePaper(key: string, proposal: () => Proposal): Paper {
  const { value: typed, clear } = useDraft<Typed>(`paper:${key}`, () => ({ number: null, blocks: null, red: true }))
  return {
    number: computed({ get: () => typed.value.number ?? proposal().number ?? '', set: (number) => { typed.value = { ...typed.value, number } } }),
    blocks: computed({ get: () => typed.value.blocks ?? proposal().blocks, set: (blocks) => { typed.value = { ...typed.value, blocks } } }),
    red: computed({ get: () => typed.value.red, set: (red) => { typed.value = { ...typed.value, red } } }),
    touched: computed(() => typed.value.number !== null || typed.value.blocks !== null),
    restart: clear,
  }
}

/** `2026-03-18` as an official paper writes it. */
export function paperDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}
