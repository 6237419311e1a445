import type { ReplacementEntry } from './read/model';
import type { Transformer } from './tracked';
export const replacements =
	(_e: readonly ReplacementEntry[]): Transformer =>
	(_c, resources) => ({ resources, problems: [], applications: [] });
