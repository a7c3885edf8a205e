// onnxruntime-node on I1, I2 or I3: prints one line of JSON, with the fields of
// benchmarks/speed. NODE_PATH names the node_modules with onnxruntime-node.
//
//   NODE_PATH=/tmp/ort/node_modules node benchmarks/peers/ort/bench.js --task I1 --model /tmp/lstm128.onnx
'use strict';

const { parseArgs } = require('node:util');
const ort = require('onnxruntime-node');

const presets = { I1: { batch: 1, seq: 1 }, I2: { batch: 64, seq: 1 }, I3: { batch: 1, seq: 256 } };

function options() {
  const text = { type: 'string' };
  const given = parseArgs({
    options: {
      task: text, model: text, threads: text, seconds: text, warm: text,
      vocab: text, emb: text, hidden: text, layers: text, batch: text, seq: text,
    },
  }).values;
  if (!presets[given.task] || !given.model) throw new Error('--task I1, I2 or I3 and --model FILE are needed');
  const o = { threads: 1, seconds: 8, warm: 20, vocab: 65, emb: 64, hidden: 128, layers: 2, ...presets[given.task], ...given };
  for (const name in o) if (name !== 'task' && name !== 'model') o[name] = Number(o[name]);
  return o;
}

// random is a linear congruential generator, so that runs repeat.
function random(seed) {
  return () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

// draw is an index of the probabilities p[from] to p[from + n].
function draw(p, from, n, u) {
  let i = 0;
  for (let sum = p[from]; sum < u && i < n - 1; sum += p[from + i]) i++;
  return i;
}

// worker is a function that draws and feeds back a token for each row, or reads a whole sequence.
async function worker(o) {
  const session = await ort.InferenceSession.create(o.model, {
    intraOpNumThreads: o.threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
  });
  const uniform = random(7);
  const zero = () => new ort.Tensor('float32', new Float32Array(o.layers * o.batch * o.hidden), [o.layers, o.batch, o.hidden]);
  let h = zero();
  let c = zero();
  const ids = new BigInt64Array(o.seq * o.batch);
  for (let i = 0; i < ids.length; i++) ids[i] = BigInt(Math.floor(uniform() * o.vocab));
  return async () => {
    const out = await session.run({ ids: new ort.Tensor('int64', ids, [o.seq, o.batch]), h, c });
    if (o.seq > 1) return;
    for (let b = 0; b < o.batch; b++) ids[b] = BigInt(draw(out.probs.data, b * o.vocab, o.vocab, uniform()));
    h = out.hNext;
    c = out.cNext;
  };
}

async function main() {
  const o = options();
  const work = await worker(o);
  for (let i = 0; i < o.warm; i++) await work();
  const start = performance.now();
  let n = 0;
  let seconds = 0;
  for (; n < 3 || seconds < o.seconds; n++) {
    await work();
    seconds = (performance.now() - start) / 1e3;
  }
  const round = (x, places) => Number(x.toFixed(places));
  console.log(JSON.stringify({
    peer: 'onnxruntime-node', task: o.task, threads: o.threads,
    config: `lstm V${o.vocab} E${o.emb} H${o.hidden} L${o.layers} B${o.batch} T${o.seq}`,
    tokens_per_s: round(n * o.batch * o.seq / seconds, 1), ms_per_step: round(1e3 * seconds / n, 4),
    peak_rss_mb: round(process.resourceUsage().maxRSS / 1024, 1), loss0: null, lossN: null, steps: n,
  }));
}

main().catch((err) => {
  console.error(`bench.js: ${err.message}`);
  process.exit(2);
});
