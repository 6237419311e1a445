/** Taken by K3: the ReplacementTransformer (`api/filters/replacement`). */
export {};
