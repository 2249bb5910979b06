import { flushPromises, mount } from '@vue/test-utils'
import { defineComponent, h, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import FormFields from './FormFields.vue'
import { provideFormHost } from './host'
import type { FormField, FormValues } from './types'
import { toSend } from './values'

const GRADES = [{ code: 'major', zh: '重大隐患', en: 'Major' }, { code: 'general', zh: '一般隐患', en: 'General' }]
const FIELDS: FormField[] = [
  { code: 'grade', zh: '等级', en: 'Grade', kind: 'choice', need: 'must', words: GRADES },
  { code: 'basis', zh: '判定依据', en: 'Basis', kind: 'long', need: 'when', when: { field: 'grade', values: ['major'] } },
  { code: 'people', zh: '人数', en: 'People', kind: 'number', need: 'may', unit: '人', min: 0, max: 50, whole: true },
  { code: 'photos', zh: '照片', en: 'Photos', kind: 'photos', need: 'may' },
  { code: 'lines', zh: '处罚', en: 'Penalties', kind: 'rows', need: 'may', fields: [{ code: 'who', zh: '对象', en: 'Whom', kind: 'text', need: 'must' }] },
]

function form(values: FormValues = {}, more: object = {}, store = vi.fn()) {
  const held = ref(values)
  const wrapper = mount(defineComponent({
    setup() {
      provideFormHost({ store, url: (file) => `/x/${file.sha256}` })
      return () => h(FormFields, { fields: FIELDS, values: held.value, 'onUpdate:values': (next: FormValues) => { held.value = next }, ...more })
    },
  }), { attachTo: document.body })
  return { wrapper, held }
}
const one = (wrapper: ReturnType<typeof form>['wrapper'], code: string) => wrapper.find(`[data-field="${code}"]`)

describe('a form made from its description', () => {
  it('asks a field only when another calls for it', async () => {
    const { wrapper, held } = form()
    expect(one(wrapper, 'basis').exists()).toBe(false)
    await one(wrapper, 'grade').find('input[value="major"]').setValue(true)
    expect(held.value.grade).toBe('major')
    expect(one(wrapper, 'basis').find('textarea').attributes('aria-required')).toBe('true')
    await one(wrapper, 'grade').find('input[value="general"]').setValue(true)
    expect(one(wrapper, 'basis').exists()).toBe(false)
  })

  it('says what is lacking only when it was tried, beside the field, for readers too', async () => {
    expect(form().wrapper.find('[role="alert"]').exists()).toBe(false)
    const { wrapper } = form({ grade: 'major' }, { tried: true })
    const box = one(wrapper, 'basis').find('textarea')
    const told = one(wrapper, 'basis').find('[role="alert"]')
    expect(told.text()).toBe('请填写判定依据')
    expect(box.attributes('aria-invalid')).toBe('true')
    expect(box.attributes('aria-describedby')).toContain(told.attributes('id'))
  })

  it('keeps what is typed while it is no number yet, and says so', async () => {
    const { wrapper, held } = form({}, { tried: true })
    const input = one(wrapper, 'people').find('input')
    await input.setValue('12.')
    expect(held.value.people).toBe(12)
    expect(input.element.value).toBe('12.')
    await input.setValue('十二')
    expect(one(wrapper, 'people').text()).toContain('请填写数字')
    await input.setValue('60')
    expect(one(wrapper, 'people').text()).toContain('不能大于 50')
    await input.setValue('')
    expect(held.value.people).toBeNull()
  })

  it('adds and removes lines of a table', async () => {
    const { wrapper, held } = form()
    await flushPromises()
    await vi.waitFor(() => expect(one(wrapper, 'lines').find('button').exists()).toBe(true))
    await one(wrapper, 'lines').find('button').trigger('click')
    await one(wrapper, 'lines').find('input').setValue('安全总监')
    expect(toSend(FIELDS, held.value)).toEqual({ lines: [{ who: '安全总监' }] })
    await one(wrapper, 'lines').find('button[aria-label="删除第 1 行"]').trigger('click')
    expect(toSend(FIELDS, held.value)).toEqual({})
  })

  it('sends files at once; two that arrive together are both kept; one that fails can be tried again', async () => {
    const store = vi.fn()
      .mockResolvedValueOnce({ sha256: 'a', name: 'a.jpg', size: 1, media_type: 'image/jpeg' })
      .mockResolvedValueOnce({ sha256: 'b', name: 'b.jpg', size: 1, media_type: 'image/jpeg' })
      .mockRejectedValueOnce(new Error('gone'))
      .mockResolvedValueOnce({ sha256: 'c', name: 'c.jpg', size: 1, media_type: 'image/jpeg' })
    const { wrapper, held } = form({}, {}, store)
    const choose = async (...names: string[]): Promise<void> => {
      const input = one(wrapper, 'photos').findAll<HTMLInputElement>('input[type="file"]').find((each) => each.element.multiple)!
      Object.defineProperty(input.element, 'files', { value: names.map((name) => new File(['x'], name, { type: 'image/jpeg' })), configurable: true })
      await input.trigger('change')
      await flushPromises()
    }
    await choose('a.jpg', 'b.jpg')
    expect((held.value.photos as { sha256: string }[]).map((file) => file.sha256)).toEqual(['a', 'b'])
    await choose('c.jpg')
    expect(one(wrapper, 'photos').find('[role="alert"]').exists()).toBe(true)
    await one(wrapper, 'photos').findAll('button').find((button) => button.text() === '重试')!.trigger('click')
    await flushPromises()
    expect((held.value.photos as { sha256: string }[]).map((file) => file.sha256)).toEqual(['a', 'b', 'c'])
  })

  it('shows what the server refuses at the field it names, also inside a table', () => {
    const { wrapper } = form({}, { refused: { field: 'lines.who', zh: '请填写必填项', en: 'Fill in what is required' } })
    expect(one(wrapper, 'lines').find('[role="alert"]').text()).toBe('请填写必填项')
  })
})
