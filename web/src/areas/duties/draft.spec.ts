import { describe, expect, it } from 'vitest'
import { commandOf, dropDraft, emptyDraft, isWritten, lacking, loadDraft, saveDraft } from './draft'
import type { Store } from './draft'

function memory(): Store & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

const TODAY = '2026-03-18'

describe('evidence drafts', () => {
  it('come back as they were left', () => {
    const store = memory()
    const draft = { ...emptyDraft(TODAY), kind: 'meeting' as const, step: 2 as const, topic: '一季度安全生产专题会议', people: 14 }
    saveDraft(store, 'd1', draft)
    expect(loadDraft(store, 'd1', '2026-03-19')).toEqual(draft)
    expect(loadDraft(store, 'd2', TODAY)).toBeNull()
    dropDraft(store, 'd1')
    expect(loadDraft(store, 'd1', TODAY)).toBeNull()
  })

  it('are not trusted when the store holds nonsense', () => {
    const store = memory()
    store.setItem('anlan.draft.evidence.d1', '[1,')
    expect(loadDraft(store, 'd1', TODAY)).toBeNull()
    store.setItem('anlan.draft.evidence.d1', '7')
    expect(loadDraft(store, 'd1', TODAY)).toBeNull()
  })

  it('do without a store that is full', () => {
    const full: Store = {
      ...memory(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(saveDraft(full, 'd1', emptyDraft(TODAY))).toBe(false)
  })

  it('count as written only when something was typed', () => {
    const draft = { ...emptyDraft(TODAY, '次'), kind: 'number' as const }
    expect(isWritten(draft)).toBe(false)
    expect(isWritten({ ...draft, value: 3 })).toBe(true)
  })
})

describe('what evidence lacks', () => {
  const draft = emptyDraft(TODAY)

  it('depends on its kind', () => {
    expect(lacking({ ...draft, kind: 'meeting' })).toEqual({ topic: 'needTopic', people: 'needPeople' })
    expect(lacking({ ...draft, kind: 'photo' })).toEqual({ files: 'needFile' })
    expect(lacking({ ...draft, kind: 'number', value: 0 })).toEqual({ unit: 'needUnit' })
    expect(lacking({ ...draft, kind: 'link', linkTitle: '演练记录' })).toEqual({ linkTarget: 'needLinkTarget' })
    expect(lacking({ ...draft, kind: 'file', happened: '', files: [] })).toEqual({ happened: 'needDate', files: 'needFile' })
  })
})

describe('the command', () => {
  it('carries only the fields of its kind', () => {
    const draft = { ...emptyDraft(TODAY), topic: '旧题目', value: 12, unit: '项', note: ' 已解决12项 ' }
    expect(commandOf({ ...draft, kind: 'number' })).toEqual({
      name: 'file-evidence',
      kind: 'number',
      happened: TODAY,
      note: '已解决12项',
      files: [],
      number: { value: 12, unit: '项' },
    })
  })

  it('names files by their hash', () => {
    const file = { sha256: 'ab12', name: '纪要.docx', size: 10, media_type: 'application/msword' }
    const command = commandOf({ ...emptyDraft(TODAY), kind: 'meeting', topic: '会', people: 3, files: [file] })
    expect(command.files).toEqual(['ab12'])
    expect(command.meeting).toEqual({ date: TODAY, people: 3, topic: '会', minutes: '' })
  })
})
