namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>A row of the rollups.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="Sums">One sum for each of <see cref="Measures.Columns"/>.</param>
internal sealed record Rollup(RollupKey Key, long[] Sums);
