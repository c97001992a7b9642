export type HostId = string;
export type TargetId = string;
export type RunId = string;
/** `t0001`, ...: the position of a trial in its plan. */
export type TrialId = string;
/** `suite/metric`, for example `lmbench/fork-process`; the literal union is derived in `suites/index.ts`. */
export type MetricId = `${string}/${string}`;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
