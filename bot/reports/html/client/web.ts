/** Starts the players on a page of `serve`: a witness that stands there as text becomes one to step through. */

import type { PlayerData } from '../data.ts';
import { Player } from './player.ts';

for (const place of document.querySelectorAll<HTMLElement>('[data-witness]')) {
  const data: PlayerData = JSON.parse(place.dataset['witness'] ?? '');
  const player = new Player(data, () => undefined);
  place.replaceChildren(player.element);
  // The graph is as wide as its place.
  player.show(0);
}
