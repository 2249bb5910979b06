import { describe, expect, it } from 'vitest'
import { commandOf, emptyDraft, isWritten, lacking } from './draft'

const TODAY = '2026-03-18'
const draft = emptyDraft(TODAY, '次')

describe('an evidence draft', () => {
  it('counts as written only when something was typed', () => {
    expect(isWritten({ ...draft, kind: 'number' })).toBe(false)
    expect(isWritten({ ...draft, kind: 'number', value: 3 })).toBe(true)
  })

  it('lacks what its kind needs', () => {
    expect(lacking({ ...draft, kind: 'meeting' })).toEqual({ topic: 'needTopic', people: 'needPeople' })
    expect(lacking({ ...draft, kind: 'photo' })).toEqual({ files: 'needFile' })
    expect(lacking({ ...draft, kind: 'number', value: 0, unit: '' })).toEqual({ unit: 'needUnit' })
    expect(lacking({ ...draft, kind: 'link', linkTitle: '演练记录' })).toEqual({ linkTarget: 'needLinkTarget' })
    expect(lacking({ ...draft, kind: 'file', happened: '' })).toEqual({ happened: 'needDate', files: 'needFile' })
  })
})

describe('the command', () => {
  it('carries only the fields of its kind', () => {
    const number = { ...draft, kind: 'number' as const, topic: '旧题目', value: 12, unit: '项', note: ' 已解决12项 ' }
    expect(commandOf(number)).toEqual({
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
    const command = commandOf({ ...draft, kind: 'meeting', topic: '会', people: 3, files: [file] })
    expect(command?.files).toEqual(['ab12'])
    expect(command?.meeting).toEqual({ date: TODAY, people: 3, topic: '会', minutes: '' })
  })

  it('is not made while something is lacking', () => {
    expect(commandOf(draft)).toBeNull()
    expect(commandOf({ ...draft, kind: 'meeting' })).toBeNull()
  })
})
