/** How many places are free where: kept up to date change by change, for labels and lists. */
import { FREE, NOT_FOR_SALE } from '../../model/frames';
import { blockAt, type Layout } from './layout';

export class Tally {
  /** By block and by section: free places in categories that are shown. */
  readonly freeInBlock: Int32Array;
  readonly freeInSection: Int32Array;
  readonly #freeBy: Int32Array;
  readonly #layout: Layout;
  readonly #categories: number;
  /** The states that are counted; a place beyond the end is not for sale. */
  #states: Uint8Array = new Uint8Array(0);
  #hidden: ReadonlySet<number> = new Set();

  constructor(layout: Layout) {
    const { blocks, sections, categories } = layout.chart;
    this.#layout = layout;
    this.#categories = Math.max(1, categories.length);
    this.freeInBlock = new Int32Array(blocks.length);
    this.freeInSection = new Int32Array(sections.length);
    this.#freeBy = new Int32Array(sections.length * this.#categories);
  }

  /** Whether a count of none means that everything is sold: it is known, and all is counted. */
  get isComplete(): boolean {
    return this.#states.length > 0 && this.#hidden.size === 0;
  }

  stateOf(place: number): number {
    return this.#states[place] ?? NOT_FOR_SALE;
  }

  isHidden(place: number): boolean {
    return this.#hidden.size > 0 && this.#hidden.has(this.#layout.category[place] ?? 0);
  }

  /** Takes new states in; the places that differ from the ones before. */
  update(states: Uint8Array): number[] {
    const before = this.#states;
    this.#states = states;
    const changed: number[] = [];
    const count = this.#layout.chart.places;
    for (let place = 0; place < count; place += 1) {
      const was = before[place] ?? NOT_FOR_SALE;
      const is = states[place] ?? NOT_FOR_SALE;
      if (was === is) continue;
      changed.push(place);
      if (was === FREE) this.#count(place, -1);
      else if (is === FREE) this.#count(place, 1);
    }
    return changed;
  }

  /** Leaves some categories out of the counts. */
  hide(hidden: ReadonlySet<number>): void {
    this.#hidden = hidden;
    this.freeInBlock.fill(0);
    this.freeInSection.fill(0);
    this.#freeBy.fill(0);
    for (let place = 0; place < this.#layout.chart.places; place += 1) {
      if (this.stateOf(place) === FREE) this.#count(place, 1);
    }
  }

  /** The category that most free places of a section have; null if none is free. */
  mainCategory(section: number): number | null {
    let best: number | null = null;
    let most = 0;
    for (let category = 0; category < this.#categories; category += 1) {
      const free = this.#freeBy[section * this.#categories + category] ?? 0;
      if (free > most) {
        most = free;
        best = category;
      }
    }
    return best;
  }

  #count(place: number, by: number): void {
    const category = this.#layout.category[place] ?? 0;
    if (this.#hidden.has(category)) return;
    const section = blockAt(this.#layout, place)?.section ?? 0;
    add(this.freeInBlock, this.#layout.blockOf[place] ?? 0, by);
    add(this.freeInSection, section, by);
    add(this.#freeBy, section * this.#categories + category, by);
  }
}

function add(counts: Int32Array, at: number, by: number): void {
  counts[at] = (counts[at] ?? 0) + by;
}
