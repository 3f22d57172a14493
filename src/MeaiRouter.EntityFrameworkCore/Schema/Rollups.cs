using System.Runtime.InteropServices;
using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>Sums of a batch by hour and day, to be added to those in the database.</summary>
internal sealed class Rollups
{
    private readonly Dictionary<RollupKey, long[]> _sums = [];

    public int Count => _sums.Count;

    /// <summary>The sums in the order in which every writer takes them.</summary>
    public IReadOnlyList<KeyValuePair<RollupKey, long[]>> Sorted => [.. _sums.OrderBy(row => row.Key)];

    public void Add(GenerationRecord record)
    {
        for (var index = 0; index < Math.Max(1, record.Attempts.Count); index++)
        {
            Add(record, index, "");
            foreach (var tag in record.Tags.Distinct(StringComparer.Ordinal))
            {
                if (tag.Length > 0)
                    Add(record, index, tag);
            }
        }
    }

    private void Add(GenerationRecord record, int index, string tag)
    {
        var attempt = record.Attempts.ElementAtOrDefault(index);
        Measures.Add(SumsOf(RollupKey.Of(record, attempt, RollupKey.Hour, tag)), record, index);
        Measures.Add(SumsOf(RollupKey.Of(record, attempt, RollupKey.Day, tag)), record, index);
    }

    private long[] SumsOf(RollupKey key)
    {
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, key, out _);
        return sums ??= new long[Measures.Columns.Count];
    }
}
