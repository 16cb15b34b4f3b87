import { ask, Refusal, sentenceOf } from './api';
import { element, found, setAttribute, setText } from './element';
import { type ModelOffer, modelsOf, type OfferedModels } from './model-list';
import { type FormField, fieldsOf, fieldText, paramsOf, valueAt } from './schema-form';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The form of a model job, made from what the service documents: the fields of the chosen model, filled with the chosen example. `submitted` is given the job's id. */
export async function openModelForm(submitted: (jobId: string) => void): Promise<void> {
  const offered = modelsOf(await ask('GET', '/openapi.json'));
  const [chosenModel, chosenExample] = [
    found('model-name', HTMLSelectElement),
    found('model-example', HTMLSelectElement),
  ];
  let fields: readonly FormField[] = [];
  const modelNow = () => offered.models.find(({ name }) => name === chosenModel.value);
  const showExample = () => {
    const model = modelNow();
    if (model) fields = drawFields(model, offered, Number(chosenExample.value));
  };
  const showModel = () => {
    const options = (modelNow()?.examples ?? []).map(({ title }, place) => element('option', { value: place }, title));
    chosenExample.replaceChildren(...options);
    setText(found('model-title', HTMLElement), modelNow()?.title ?? '');
    showExample();
  };
  chosenModel.replaceChildren(...offered.models.map(({ name }) => element('option', { value: name }, name)));
  const preferred = offered.models.find(({ name }) => name === 'blackscholes');
  if (preferred) chosenModel.value = preferred.name;
  chosenModel.addEventListener('change', showModel);
  chosenExample.addEventListener('change', showExample);
  showModel();
  found('model-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const model = modelNow();
    if (model) void submit(model, fields).then((jobId) => jobId !== undefined && submitted(jobId));
  });
}

function drawFields({ schema, examples }: ModelOffer, { refer }: OfferedModels, example: number): readonly FormField[] {
  const params = examples[example]?.params;
  const fields = fieldsOf(schema, refer);
  const isUsed = (field: FormField) => field.isRequired || valueAt(params, field.path) !== undefined;
  const rows = (of: readonly FormField[]) =>
    of.map((field) => fieldRow(field, fieldText(field, valueAt(params, field.path))));
  const others = fields.filter((field) => !isUsed(field));
  const more = element('div', { class: 'fields' }, ...rows(others));
  const rest = element('details', {}, element('summary', {}, `${others.length} more parameters`), more);
  const used = element('div', { class: 'fields' }, ...rows(fields.filter(isUsed)));
  found('model-fields', HTMLElement).replaceChildren(used, ...(others.length > 0 ? [rest] : []));
  tell('', false);
  return fields;
}

function fieldRow(field: FormField, text: string): HTMLElement {
  const [id, name] = [idOf(field), field.path.at(-1) ?? ''];
  const label = element('label', { for: id, title: field.description }, name.replaceAll('_', ' '));
  const hint = element('span', { id: `${id}-hint`, class: 'sr' }, field.description);
  return element(
    'div',
    { class: field.kind === 'json' ? 'field wide' : 'field' },
    label,
    controlOf(field, id, text),
    hint,
  );
}

function controlOf(field: FormField, id: string, text: string): Control {
  const given = { id, 'aria-describedby': `${id}-hint`, title: field.description, required: field.isRequired };
  const standard = field.default === undefined ? '' : fieldText(field, field.default);
  if (field.kind === 'choice') {
    const options = field.choices.map((choice) => element('option', { value: choice }, choice));
    const select = element(
      'select',
      given,
      element('option', { value: '' }, standard ? `default: ${standard}` : 'default'),
      ...options,
    );
    select.value = text;
    return select;
  }
  if (field.kind === 'json') {
    const area = element('textarea', { ...given, rows: 3, placeholder: standard || 'JSON', spellcheck: 'false' });
    area.value = text;
    return area;
  }
  const isNumber = field.kind === 'number';
  const input = element('input', {
    ...given,
    type: field.kind === 'date' ? 'date' : 'text',
    inputmode: isNumber ? 'decimal' : undefined,
    placeholder: standard,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  input.value = text;
  return input;
}

/** Sends the job; undefined where it was refused, which is told at the parameter it is about. */
async function submit({ name }: ModelOffer, fields: readonly FormField[]): Promise<string | undefined> {
  for (const field of fields) setAttribute(controlFor(field), 'aria-invalid', undefined);
  const filled = paramsOf(fields, (field) => controlFor(field).value);
  try {
    if (!filled.ok) throw new Refusal(filled.message, filled.path);
    const { job_id: jobId } = await ask<{ job_id: string }>('POST', `/api/v1/${name}`, filled.params);
    tell('Submitted.', false);
    return jobId;
  } catch (error) {
    tell(sentenceOf(error), true);
    if (error instanceof Refusal) pointAt(fields, error.path);
    return undefined;
  }
}

function pointAt(fields: readonly FormField[], path: string | undefined): void {
  const field = fields.find((one) => path !== undefined && `${path}.`.startsWith(`${one.path.join('.')}.`));
  if (!field) return;
  const control = controlFor(field);
  control.setAttribute('aria-invalid', 'true');
  const folded = control.closest('details');
  if (folded) folded.open = true;
  control.focus();
}

function controlFor(field: FormField): Control {
  return document.getElementById(idOf(field)) as Control;
}

function idOf({ path }: FormField): string {
  return `param-${path.join('-')}`;
}

function tell(text: string, isIll: boolean): void {
  const told = found('model-told', HTMLElement);
  setText(told, text);
  setAttribute(told, 'data-ill', isIll ? 'true' : undefined);
}
