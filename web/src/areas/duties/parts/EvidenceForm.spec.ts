import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/client'
import type { Duty } from '@/api/types'
import EvidenceForm from './EvidenceForm.vue'

const duty = {
  id: 'd1', title: '召开专题会议', measure: 'times', progress: { done: 0, needed: 1, unit: '次', percent: 0 },
  org: { id: 'o', name: '东街街道', kind: 'town' }, period: { label: '2026年上半年', from: '2026-01-01', to: '2026-06-30' },
} as Duty

function form(send: (...args: unknown[]) => Promise<unknown>) {
  return mount(EvidenceForm, { props: { duty, send, open: true }, attachTo: document.body })
}

function press(name: string | RegExp) {
  const all = [...document.querySelectorAll('button')]
  const found = all.find((b) => (typeof name === 'string' ? b.textContent?.trim() === name && !b.classList.contains('sr-only') : name.test(b.textContent ?? '')))
  if (!found) throw new Error(`no button ${String(name)}`)
  found.click()
  return flushPromises()
}

function type(label: string, value: string) {
  const host = [...document.querySelectorAll('label')].find((l) => l.textContent?.includes(label))
  const field = host?.querySelector<HTMLInputElement>('input, textarea')
  if (!field) throw new Error(`no field ${label}`)
  field.value = value
  field.dispatchEvent(new Event('input'))
  field.dispatchEvent(new Event('change'))
  field.dispatchEvent(new Event('blur'))
  return flushPromises()
}

beforeEach(() => localStorage.clear())
afterEach(() => (document.body.innerHTML = ''))

describe('filing evidence', () => {
  it('asks for the kind, says what is missing, reads back, and sends', async () => {
    const send = vi.fn().mockResolvedValue({})
    const wrapper = form(send)
    await press(/^会议/)
    await press('下一步')
    expect(document.body.textContent).toContain('请填写会议议题')
    await type('会议议题', '一季度专题会议')
    await type('参会人数', '14')
    await press('下一步')
    expect(document.body.textContent).toContain('14 人')
    await press('提交')
    expect(send.mock.calls[0]![0]).toMatchObject({ name: 'file-evidence', kind: 'meeting', meeting: { topic: '一季度专题会议', people: 14 } })
    expect(wrapper.emitted('done')).toHaveLength(1)
  })

  it('keeps what was written and sends the same request again after a lost answer', async () => {
    const lost = new ApiError({ type: 'anlan:offline', status: 0, title: '连接不上服务器', detail: 'offline' })
    const send = vi.fn().mockRejectedValueOnce(lost).mockResolvedValue({})
    form(send)
    await press(/^会议/)
    await type('会议议题', '会')
    await type('参会人数', '3')
    await press('下一步')
    await press('提交')
    expect(document.body.textContent).toContain('连接不上服务器')
    await press('提交')
    expect(send.mock.calls[1]![1]).toBe(send.mock.calls[0]![1])
  })
})
