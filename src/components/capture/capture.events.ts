export type { FormEvent, FormEventDetail, FormEvents } from '../../../widget/capture/capture.events.ts';
