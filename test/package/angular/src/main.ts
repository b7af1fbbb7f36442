import { bootstrapApplication } from '@angular/platform-browser';
import { provideZonelessChangeDetection } from '@angular/core';
import { Leads } from './leads';

void bootstrapApplication(Leads, { providers: [provideZonelessChangeDetection()] });
