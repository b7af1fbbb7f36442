import { sql } from 'kysely';
import type { PublicForm } from '../../src/contract/capture.ts';
import type { FormDefinition } from '../../src/contract/form-definition.ts';
import type { Db } from '../db/db.ts';
import type { System } from '../db/system.ts';
import { readingUnit } from '../db/tenant.ts';
import { publicForm } from '../forms/public-form-service.ts';
import type { Caller } from '../http/caller.ts';

/** A form as it is published, with what its workspace has to do with it. */
export interface PublishedForm {
  id: string;
  name: string;
  /** Whether it takes submissions. */
  isActive: boolean;
  /** The version that visitors meet now. */
  version: number;
  definition: FormDefinition;
  workspace: Caller['workspace'] & { locale: string; theme: object };
}

/** One version of a published form in one language. */
export interface ShownForm extends PublishedForm {
  form: PublicForm;
}

interface Row {
  name: string;
  is_active: boolean;
  version: number;
  definition: FormDefinition;
  workspace: PublishedForm['workspace'];
}

/** How long a change of a form or its workspace may go unnoticed. */
const KEPT_MS = 5_000;
const MOST_KEPT = 5_000;

/** The forms that visitors may meet, whatever their workspace: known by their ids alone, and as of at most five seconds ago. */
export class PublishedForms {
  readonly #db: Db;
  readonly #system: System;
  readonly #clock: () => number;
  readonly #known = new Map<string, { found: Promise<PublishedForm | undefined>; until: number }>();
  /** What was published never changes, so it is kept as long as there is room. */
  readonly #versions = new Map<string, Promise<FormDefinition | undefined>>();
  readonly #shown = new WeakMap<FormDefinition, Map<string, PublicForm>>();

  constructor(db: Db, system: System, clock: () => number) {
    this.#db = db;
    this.#system = system;
    this.#clock = clock;
  }

  /** The form as it is published now; nothing where there is none, or it is deleted. */
  async lookUp(id: string, requestId: string): Promise<PublishedForm | undefined> {
    const now = this.#clock();
    const known = this.#known.get(id);
    if (known && known.until > now) return known.found;
    if (this.#known.size >= MOST_KEPT) this.#known.clear();
    const found = this.#read(id, requestId);
    this.#known.set(id, { found, until: now + KEPT_MS });
    // A failed look-up is no knowledge.
    found.catch(() => this.#known.delete(id));
    return found;
  }

  /** A form that was published and is deleted, for those who had sent it before. */
  lookUpDeleted(id: string, requestId: string): Promise<PublishedForm | undefined> {
    return this.#read(id, requestId, { isDeleted: true });
  }

  /** The same in a language: a tag, or a list of them as Accept-Language has it; the form's own where none is said. */
  async find(id: string, lang: string | undefined, requestId: string): Promise<ShownForm | undefined> {
    const published = await this.lookUp(id, requestId);
    return published && this.#show(published, published.definition, published.version, lang);
  }

  /** The form as it was in a version that was published; nothing where it has no such version. */
  async findVersion(
    published: PublishedForm,
    version: number,
    lang: string | undefined,
    requestId: string,
  ): Promise<ShownForm | undefined> {
    const definition = version === published.version ? published.definition : await this.#version(published, version, requestId);
    return definition && this.#show({ ...published, definition }, definition, version, lang);
  }

  /** Forgets what was known, so that the next visitor sees what has just changed. */
  forget() {
    this.#known.clear();
  }

  #show(published: PublishedForm, definition: FormDefinition, version: number, lang: string | undefined): ShownForm {
    const { id, workspace } = published;
    const byLanguage = this.#shown.get(definition) ?? new Map<string, PublicForm>();
    this.#shown.set(definition, byLanguage);
    const key = JSON.stringify([lang, workspace.locale, workspace.theme]);
    let form = byLanguage.get(key);
    if (!form) {
      if (byLanguage.size >= MOST_LANGUAGES) byLanguage.clear();
      byLanguage.set(key, (form = publicForm(definition, { id, version, lang, workspace })));
    }
    return { ...published, form };
  }

  async #read(id: string, requestId: string, { isDeleted = false } = {}): Promise<PublishedForm | undefined> {
    const workspaceId = await this.#system.workspaceOfForm(id, { isDeleted });
    if (workspaceId === undefined) return undefined;
    const { db } = readingUnit(this.#db, { role: 'app', workspaceId, requestId });
    const { rows } = await sql<Row>`
      select f.name, f.is_active, v.number as version, v.definition,
        json_build_object('id', w.id, 'name', w.name, 'timezone', w.timezone, 'country', w.country, 'allowedOrigins', w.allowed_origins,
          'policies', w.policies, 'locale', w.locale, 'theme', w.theme) as workspace
      from forms f join form_versions v on v.form_id = f.id and v.number = f.published_version
      join workspaces w on w.id = ${workspaceId}
      where f.id = ${id} and (f.deleted_at is not null) = ${isDeleted}`.execute(db);
    const row = rows[0];
    return (
      row && {
        id,
        name: row.name,
        isActive: row.is_active,
        version: row.version,
        definition: row.definition,
        workspace: row.workspace,
      }
    );
  }

  #version({ id, workspace }: PublishedForm, version: number, requestId: string): Promise<FormDefinition | undefined> {
    const key = `${id} ${version}`;
    const known = this.#versions.get(key);
    if (known) return known;
    if (this.#versions.size >= MOST_KEPT) this.#versions.clear();
    const { db } = readingUnit(this.#db, { role: 'app', workspaceId: workspace.id, requestId });
    const found = sql<{ definition: FormDefinition }>`
      select definition from form_versions where form_id = ${id} and number = ${version}`
      .execute(db)
      .then(({ rows }) => rows[0]?.definition);
    this.#versions.set(key, found);
    // One that is not there yet may come.
    found.then(
      (definition) => definition ?? this.#versions.delete(key),
      () => this.#versions.delete(key),
    );
    return found;
  }
}

/** As many as there are languages in use, and no room for every list of them that can be made up. */
const MOST_LANGUAGES = 200;
