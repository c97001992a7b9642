/** The few functions of jstat that are used; the package ships no types. */
declare module 'jstat' {
  interface Distribution1<P> {
    cdf(x: number, parameter: P): number;
    inv(p: number, parameter: P): number;
  }
  const jstat: {
    /** Regularized incomplete beta function I_x(a, b). */
    ibeta(x: number, a: number, b: number): number;
    readonly studentt: Distribution1<number>;
    readonly normal: { cdf(x: number, mean: number, sd: number): number };
  };
  export default jstat;
}
