/**
 * Plays a witness: lanes, buttons and keys to step forward and back, the wait-for graph, and each step in words for those who
 * listen. Arrow keys, Home, End and the space bar work wherever the focus is inside.
 */

import type { PlayerData } from '../data.ts';
import { el, icon } from './dom.ts';
import { drawGraph } from './graph.ts';
import { Lanes } from './lanes.ts';
import { isDeadlock, isOver, stepText, waitsAt, waitText } from './moment.ts';

/** Between two steps while it plays: time to read one. */
const PLAY_INTERVAL = 1_400;

const PICTURES = {
  first: 'M3 3h2v10H3zM13 3v10L6 8z',
  back: 'M11 3v10L4 8z',
  play: 'M4 3v10l9-5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forward: 'M5 3v10l7-5z',
  last: 'M11 3h2v10h-2zM3 3v10l7-5z',
} as const;

export class Player {
  readonly element: HTMLElement;
  private readonly data: PlayerData;
  private readonly onStep: (made: number) => void;
  private made = 0;
  private timer: number | null = null;
  private readonly lanes: Lanes;
  private readonly said = el('p', { class: 'said', role: 'status', 'aria-live': 'polite' });
  private readonly waits = el('ul', { class: 'waits' });
  private readonly verdict = el('div', { role: 'status' });
  private readonly picture = el('div', { class: 'picture' });
  private readonly slider: HTMLInputElement;
  private readonly buttons: Readonly<
    Record<'first' | 'back' | 'play' | 'forward' | 'last', HTMLButtonElement>
  >;

  constructor(data: PlayerData, onStep: (made: number) => void) {
    this.data = data;
    this.onStep = onStep;
    this.lanes = new Lanes(data);
    this.slider = el('input', { type: 'range', min: 0, max: data.steps.length, 'aria-label': 'Steps made' });
    this.slider.addEventListener('input', () => this.goTo(Number(this.slider.value)));
    this.buttons = {
      first: this.button('first', 'Start', () => this.goTo(0)),
      back: this.button('back', 'Step back', () => this.goTo(this.made - 1)),
      play: this.button('play', 'Play', () => this.toggle()),
      forward: this.button('forward', 'Step forward', () => this.goTo(this.made + 1)),
      last: this.button('last', 'End', () => this.goTo(data.steps.length)),
    };
    this.element = this.draw();
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.show(0);
  }

  get position(): number {
    return this.made;
  }

  /** Shows the moment behind so many steps, and no sound of it. */
  show(made: number): void {
    const { data } = this;
    this.made = Math.max(0, Math.min(made, data.steps.length));
    const over = isOver(data, this.made);
    this.lanes.show(this.made);
    this.slider.value = String(this.made);
    this.slider.setAttribute('aria-valuetext', `${this.made} of ${data.steps.length}`);
    this.buttons.first.disabled = this.made === 0;
    this.buttons.back.disabled = this.made === 0;
    this.buttons.forward.disabled = over;
    this.buttons.last.disabled = over;
    this.said.textContent = stepText(data, this.made);
    this.picture.replaceChildren(drawGraph(data, this.made, this.picture.clientWidth));
    const waits = waitsAt(data, this.made);
    this.waits.replaceChildren(...waits.map((wait) => el('li', {}, `${waitText(data, wait)}.`)));
    // The verdict says the same.
    this.waits.hidden = over;
    if (waits.length === 0) this.waits.append(el('li', { class: 'none' }, 'Nobody waits.'));
    this.showVerdict(over);
  }

  private showVerdict(isShown: boolean): void {
    const { verdict, conclusion } = this.data;
    // Only what comes is read out.
    if (!isShown) this.verdict.replaceChildren();
    if (!isShown || this.verdict.hasChildNodes()) return;
    const closed = isDeadlock(this.data) ? ' The circle is closed:' : '';
    const parts = conclusion.split('; ').map((part) => el('li', {}, part));
    this.verdict.append(
      el(
        'div',
        { class: 'verdict' },
        el('p', {}, el('strong', {}, `${verdict}.`), closed),
        el('ul', {}, ...parts),
      ),
    );
  }

  private goTo(made: number): void {
    if (made !== this.made + 1) this.stop();
    const hadFocus = document.activeElement;
    this.show(made);
    if (isOver(this.data, this.made)) this.stop();
    // A button that is switched off would lose the focus, and the keys with it.
    if (hadFocus instanceof HTMLButtonElement && hadFocus.disabled)
      this.element.focus({ preventScroll: true });
    this.onStep(this.made);
  }

  private toggle(): void {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    if (isOver(this.data, this.made)) this.goTo(0);
    this.timer = window.setInterval(() => {
      if (this.element.isConnected) this.goTo(this.made + 1);
      else this.stop();
    }, PLAY_INTERVAL);
    this.labelPlay('pause', 'Pause');
  }

  private stop(): void {
    if (this.timer === null) return;
    window.clearInterval(this.timer);
    this.timer = null;
    this.labelPlay('play', 'Play');
  }

  private labelPlay(picture: 'play' | 'pause', label: string): void {
    this.buttons.play.replaceChildren(icon(PICTURES[picture]));
    this.buttons.play.setAttribute('aria-label', label);
    this.buttons.play.title = label;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    // These do the same by themselves.
    if (target === this.slider && event.key !== ' ') return;
    if (event.key === ' ' && target?.tagName === 'BUTTON') return;
    const action = this.actionOf(event.key);
    if (action === null) return;
    event.preventDefault();
    action();
  }

  private actionOf(key: string): (() => void) | null {
    switch (key) {
      case 'ArrowLeft':
        return () => this.goTo(this.made - 1);
      case 'ArrowRight':
        return () => this.goTo(this.made + 1);
      case 'Home':
        return () => this.goTo(0);
      case 'End':
        return () => this.goTo(this.data.steps.length);
      case ' ':
        return () => this.toggle();
      default:
        return null;
    }
  }

  private button(picture: keyof typeof PICTURES, label: string, action: () => void): HTMLButtonElement {
    const button = el(
      'button',
      { type: 'button', 'aria-label': label, title: label },
      icon(PICTURES[picture]),
    );
    button.addEventListener('click', action);
    return button;
  }

  private draw(): HTMLElement {
    const { data } = this;
    const { first, back, play, forward, last } = this.buttons;
    const controls = el(
      'div',
      { class: 'controls' },
      el('div', { class: 'buttons' }, first, back, play, forward, last),
      this.slider,
    );
    const graph = el(
      'div',
      { class: 'graph-box' },
      el('h4', {}, 'Who waits for whom'),
      this.picture,
      this.waits,
    );
    const waiting = data.circle.length > 0 || data.steps.some(({ after }) => after.waits.length > 0);
    return el(
      'div',
      {
        class: `player${waiting && data.tasks.length <= 2 ? ' two' : ''}`,
        tabindex: 0,
        role: 'group',
        'aria-label': 'Witness: arrow keys step through it',
      },
      controls,
      this.said,
      el('div', { class: 'stage' }, this.lanes.element, waiting ? graph : null),
      this.verdict,
      el('ul', { class: 'legend' }, ...[...data.legend, data.kernel].map((line) => el('li', {}, line))),
    );
  }
}
