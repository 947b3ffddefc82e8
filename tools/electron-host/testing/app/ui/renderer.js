const out = document.querySelector('#out');
const drop = document.querySelector('#drop');

function show(files) {
  const started = performance.now();
  const paths = [...files].map((file) => window.sample.pathOf(file));
  window.lastPaths = paths;
  window.lastMilliseconds = performance.now() - started;
  out.textContent += `${paths.length} paths ${paths.slice(0, 3).join(' ')}\n`;
}

document.querySelector('#files').addEventListener('change', (event) => {
  show(event.target.files);
});
drop.addEventListener('dragover', (event) => event.preventDefault());
drop.addEventListener('drop', (event) => {
  event.preventDefault();
  show(event.dataTransfer.files);
});
window.sample.on('menu', (name) => {
  out.textContent += `menu ${name}\n`;
});
out.textContent += 'ready\n';
