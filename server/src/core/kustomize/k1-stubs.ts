import type { Field, PatchEntry, ReplacementEntry } from './read/model';
import type { Transformer } from './tracked';
const no: Transformer = (_c, resources) => ({ resources, problems: [], applications: [] });
export const patch = (_e: PatchEntry): Transformer => no;
export const json6902Patch = (_e: PatchEntry): Transformer => no;
export const strategicMergePatches = (_e: readonly Field<string>[]): Transformer => no;
export const inlineStrategicMergePatches = (_e: Field<string>): Transformer => no;
export const replacements = (_e: readonly ReplacementEntry[]): Transformer => no;
