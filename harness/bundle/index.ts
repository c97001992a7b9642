/** Bundles: runs and their report in one archive with checksums, which others can verify and import. */
export { packArchive, readArchive, type Member } from './archive.js';
export { compress, compressionOf, decompress, looksLikeBundle } from './compression.js';
export { extract } from './extract.js';
export { hostsOfRun } from './hosts-part.js';
export { MAX_BUNDLE_BYTES } from './limits.js';
export {
  compareWithManifest,
  listFiles,
  MANIFEST,
  MANIFEST_FORMAT,
  manifestText,
  readManifest,
  SIGNATURE,
  type Manifest,
} from './manifest.js';
export { noBundle } from './problem.js';
export { membersOfRun } from './run-members.js';
export { checkSignature, sign } from './signature.js';
