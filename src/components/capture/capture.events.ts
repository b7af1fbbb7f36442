export { FormEvent, type FormEventDetail, type FormEvents } from '../../../widget/capture/capture.events.ts';
