/** The base that several teams stand on, by path below the root. */
export const SHARED_BASE: Readonly<Record<string, string>>;
