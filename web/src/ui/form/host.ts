// Where a form stands: how it stores a file, and where a stored file can be seen. Pages without sign-in or without a
// network provide their own; the portal's pages need not.
import { inject, provide, ref, type InjectionKey, type Ref } from 'vue'
import { attach, attachmentUrl } from '@/api/client'
import type { AttachmentRef } from '@/api/types'

export interface FormHost {
  store: (file: File, progress: (share: number) => void) => Promise<AttachmentRef>
  url: (file: AttachmentRef) => string
}

const KEY: InjectionKey<FormHost> = Symbol('form host')
const PORTAL: FormHost = { store: attach, url: (file) => attachmentUrl(file.sha256) }

export function provideFormHost(host: FormHost): void {
  provide(KEY, host)
}
export function useFormHost(): FormHost {
  return inject(KEY, PORTAL)
}

const UPLOADS: InjectionKey<Ref<number>> = Symbol('uploads')
/** For the owner of a form: how many files are still on their way. */
export function provideUploads(): Ref<number> {
  const uploads = ref(0)
  provide(UPLOADS, uploads)
  return uploads
}
export function useUploads(): Ref<number> {
  return inject(UPLOADS, () => ref(0), true)
}
