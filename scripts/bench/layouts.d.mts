import type { Random } from './random.mjs';

/** A team's files in one layout, by path below the team's directory; at most `room` of them. */
export type Layout = (team: string, room: number, random: Random) => Map<string, string>;

/** `clusters/base`, overlays beside the base, `apps/base` with `clusters/<environment>`, `kubernetes/apps`. */
export const LAYOUTS: readonly [Layout, Layout, Layout, Layout];
