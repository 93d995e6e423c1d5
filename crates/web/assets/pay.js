// The pay page works without this file. With it the card form formats and checks as you type,
// sends the card to the card zone without leaving the page, and keeps what was typed when a bank
// says no. Nothing is stored, and a card's fields go nowhere but to the card zone. All texts come
// from the page. Loaded as a module: strict, deferred, and with a scope of its own.
const $ = (selector, root = document) => root.querySelector(selector);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const reload = () => location.assign(location.pathname);
const stateOf = (doc) => $('main', doc)?.dataset.state;
const show = (doc) => $('main').replaceWith($('main', doc));
const card = $('#card');
const [number, exp, code, name] = ['number', 'exp', 'csc', 'name'].map((id) => $('#cc-' + id));
document.documentElement.classList.add('js');

// Symbol, prefix, most digits, digits of the code, name. The first row that fits counts.
const brands = [
  ['amex', /^3[47]/, 15, 4, 'American Express'],
  ['discover', /^(6011|64[4-9]|65)/, 19, 3, 'Discover'],
  ['mastercard', /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/, 16, 3, 'Mastercard'],
  ['visa', /^4/, 19, 3, 'Visa'],
  ['none', /^/, 19, 0, ''],
];
const brandOf = (all) => brands.find((brand) => brand[1].test(all));

// Arabic and Persian keyboards have digits of their own; the last four bits are the digit.
const latin = (text) => text.replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15);
const digits = (text) => latin(text).replace(/\D/g, '');

const shapes = {
  'cc-number': (text) => {
    const [symbol, , most] = brandOf(digits(text));
    const all = digits(text).slice(0, most);
    return symbol === 'amex'
      ? all.replace(/^(.{4})(.{1,6})(.*)/, '$1 $2 $3').trim()
      : all.replace(/.{4}(?=.)/g, '$& ');
  },
  // A month of one digit gets its zero as soon as it can be nothing else: 5, or 1 with a stroke.
  'cc-exp': (text) =>
    digits(latin(text).replace(/^\D*([2-9]|1(?= *[/.-]))/, '0$1'))
      .slice(0, 6)
      .replace(/^(..)(.)/, '$1 / $2'),
  'cc-csc': (text) => digits(text).slice(0, 4),
};

// The caret stays behind the digit that it was behind; at the end it stays at the end.
function format(field) {
  const before = field.value;
  const text = shapes[field.id](before);
  if (text === before) return;
  let caret = text.length;
  if (field.selectionStart < before.length) {
    let left = digits(before.slice(0, field.selectionStart)).length;
    for (caret = 0; left && caret < text.length; caret++) if (text[caret] > ' ') left--;
  }
  field.value = text;
  if (document.activeElement === field) field.setSelectionRange(caret, caret);
}

// The problems are the card zone's own codes, by which the page holds the texts. The card zone
// has the last word: this only spares the way there.
const checks = {
  'cc-number': (all) => {
    if (all.length < 12) return 'invalid_number';
    const double = (digit, i) => ((all.length - i) % 2 ? +digit : (digit * 2) % 9 || +digit);
    return [...all].map(double).reduce((a, b) => a + b) % 10 && 'incorrect_number';
  },
  'cc-exp': (all) => {
    const month = +all.slice(0, 2);
    const year = +all.slice(2).padStart(4, '20');
    if (all.length > 1 && (month < 1 || month > 12)) return 'invalid_expiry_month';
    if (all.length !== 4 && all.length !== 6) return 'invalid_expiry_year';
    return new Date(year, month) < new Date() && 'expired_card';
  },
  'cc-csc': (all) => {
    const wanted = brandOf(digits(number.value))[3];
    return (wanted ? all.length !== wanted : all.length < 3) && 'invalid_cvc';
  },
};
const check = (field) => tell(field, checks[field.id](digits(field.value)));

function tell(field, problem) {
  field.ariaInvalid = problem ? 'true' : null;
  say($(`#${field.id}-error`), problem && (card.dataset[problem] || card.dataset.processing_error));
  return problem;
}

// A text that stays is left alone, or a screen reader would say it again.
function say(place, text) {
  if (place.textContent !== (text || '')) place.textContent = text || '';
}

function showBrand() {
  const [symbol, , , , title] = brandOf(digits(number.value));
  $('#cc-icon').setAttribute('href', '#b-' + symbol);
  say($('#cc-brand'), title && card.dataset.brand + ' ' + title);
}

// One page, one attempt: while it runs, nothing is sent a second time.
let busy = '';
function work(on) {
  const button = $('#pay-button');
  button.ariaDisabled = on;
  const label = on ? button.dataset.busy : busy;
  [busy, button.textContent] = [on && button.textContent, label];
}

async function load(url, form) {
  const post = form && { method: 'POST', body: new URLSearchParams(new FormData(form)) };
  const answer = await fetch(url, post);
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
}

// Takes over what the server has changed and leaves the fields of the card alone. Whoever is at a
// field that is replaced stays there.
function adopt(doc) {
  const at = document.activeElement;
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = $(`[data-live=${old.dataset.live}]`, doc);
    if (fresh) old.replaceWith(fresh);
  }
  if (!at.isConnected) document.getElementById(at.id)?.focus();
}

// Once the payment is posted, only the server knows how it stands: any doubt loads its page.
async function pay(token) {
  const form = $('#pay');
  form.elements.token.value = token;
  let doc = await load(form.action, form);
  for (let tries = 10; stateOf(doc) === 'waiting' && tries; tries--) {
    await wait(1000);
    doc = await load(location.pathname);
  }
  if (stateOf(doc) === 'challenge') return location.assign($('#bank', doc).href);
  // Something beside the card will not do: what was typed, and the card, stay.
  if (stateOf(doc) === 'confirm') return show(doc);
  if (stateOf(doc) !== 'checkout') return reload();
  work(false);
  adopt(doc);
  code.value = '';
  ($('#notice') || code).focus();
}

async function send() {
  const body = new URLSearchParams(new FormData(card));
  body.delete('return_to');
  const answer = await fetch(card.action, { method: 'POST', body, credentials: 'omit' });
  const { id, error } = await answer.json();
  if (id) return pay(id).catch(reload);
  work(false);
  const found = error.fields || {};
  const [wrong] = [
    [number, found.number],
    [exp, found.exp],
    [code, found.cvc],
    [name, found.name],
  ].filter((field) => tell(...field));
  if (!wrong) throw error;
  wrong[0].focus();
}

if (card) {
  card.noValidate = true;
  for (const field of [number, exp, code]) {
    field.oninput = () => {
      format(field);
      showBrand();
      if (field.ariaInvalid) check(field);
    };
    field.onblur = () => field.value && check(field);
  }
  showBrand();
  card.onsubmit = (event) => {
    event.preventDefault();
    if (busy) return;
    say($('#form-error'));
    const [wrong] = [number, exp, code].filter(check);
    if (wrong) return wrong.focus();
    if (!$('#pay').reportValidity()) return;
    work(true);
    send().catch(() => {
      if (busy) work(false);
      say($('#form-error'), card.dataset.processing_error);
    });
  };
}

// One choice is sent after the other, so that the last one counts.
let turn = Promise.resolve();
onchange = (event) => {
  const form = event.target.closest('.choosing');
  if (form) turn = turn.then(() => load(form.action, form)).then(adopt, reload);
};

// The button of any other form sends once, however often it is pressed.
onsubmit = (event) => {
  const { dataset } = event.target;
  if (dataset.sent) event.preventDefault();
  if (!event.defaultPrevented) dataset.sent = 1;
};

while (stateOf() === 'waiting') {
  await wait(2000);
  const doc = await load(location.href).catch(() => document);
  stateOf(doc) === 'waiting' ? show(doc) : reload();
}

// Back from another page: the browser may bring this one back as it was left.
onpageshow = (event) => event.persisted && location.reload();
