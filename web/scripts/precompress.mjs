// Writes a Brotli twin beside every text asset, so that the server never compresses at run time.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const root = new URL('../dist/', import.meta.url).pathname;
const compressible = /\.(html|js|css|svg|json|txt|webmanifest)$/;
// Below this size the response headers weigh more than what compression saves.
const smallestBytes = 512;

let before = 0;
let after = 0;
for (const name of readdirSync(root, { recursive: true })) {
  const file = join(root, name);
  if (!statSync(file).isFile() || !compressible.test(name)) {
    continue;
  }
  const content = readFileSync(file);
  if (content.length < smallestBytes) {
    continue;
  }
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  writeFileSync(`${file}.br`, packed);
  before += content.length;
  after += packed.length;
}
process.stdout.write(`precompressed ${Math.round(before / 1024)} KiB to ${Math.round(after / 1024)} KiB\n`);
