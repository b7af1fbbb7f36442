import { Component, signal, viewChild } from '@angular/core';
import type { LeadOpenEvent } from 'millrace';
import { Capture, LeadTable, Provider } from 'millrace/angular';
import { answer } from './answers';

@Component({
  selector: 'app-leads',
  imports: [Capture, LeadTable, Provider],
  template: `
    <mill-provider base-url="https://crm.example.com" [getToken]="getToken" [fetch]="answer" theme="dark">
      <mill-lead-table class="leads" [pageSize]="2" (mill-lead-open)="open($event)" />
      <mill-capture data-theme="light" (mill-form-submitted)="submitted.set($event.detail.submissionId)" />
      <button (click)="table()?.element?.refresh()">Refresh</button>
      <output>{{ opened() }}</output>
    </mill-provider>
  `,
})
export class Leads {
  readonly table = viewChild(LeadTable);
  readonly opened = signal('nothing');
  readonly submitted = signal('nothing');
  readonly answer = answer;

  readonly getToken = async () => 'token';

  open(event: LeadOpenEvent) {
    event.preventDefault();
    this.opened.update((former) => (former === 'nothing' ? event.detail.lead.title : `${former}, and again`));
  }
}
