/** A worker for the pool's tests: does as each task says. */

process.on('message', ({ what, wait = 0 }) => {
  if (what === 'exit') process.exit(7);
  if (what === 'abort') process.abort();
  if (what === 'throw') throw new Error('broken to pieces');
  setTimeout(() => process.send(`${process.argv[2]} ${what}`), wait);
});
