/** Taken by K3: expands `$(VAR)` at the root of a build (`api/filters/refvar`). */
export {};
