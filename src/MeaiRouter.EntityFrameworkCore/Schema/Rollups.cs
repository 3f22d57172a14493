using System.Runtime.InteropServices;
using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>Sums of a batch by hour and day, to be added to those in the database.</summary>
internal sealed class Rollups
{
    private readonly Dictionary<RollupKey, long[]> _hours = [];
    private readonly long[] _measures = new long[Measures.Columns.Count];

    /// <summary>The sums in the order in which every writer takes them. Those of a day are the sums of its hours.</summary>
    public IReadOnlyList<Rollup> Sorted
    {
        get
        {
            var days = new Dictionary<RollupKey, long[]>();
            foreach (var (hour, sums) in _hours)
                Add(days, hour.ToDay(), sums);

            var sorted = new List<Rollup>(_hours.Count + days.Count);
            foreach (var (key, sums) in _hours)
                sorted.Add(new Rollup(key, sums));
            foreach (var (key, sums) in days)
                sorted.Add(new Rollup(key, sums));
            sorted.Sort(static (one, other) => one.Key.CompareTo(other.Key));
            return sorted;
        }
    }

    public void Add(GenerationRecord record)
    {
        var tags = record.Tags.Count < 2 ? record.Tags : [.. record.Tags.Distinct(StringComparer.Ordinal)];
        for (var index = 0; index < Math.Max(1, record.Attempts.Count); index++)
        {
            Array.Clear(_measures);
            Measures.Add(_measures, record, index);

            var key = RollupKey.Of(record, index < record.Attempts.Count ? record.Attempts[index] : null, RollupKey.Hour, "");
            Add(_hours, key, _measures);
            for (var i = 0; i < tags.Count; i++)
            {
                if (tags[i].Length > 0)
                    Add(_hours, key.Tagged(tags[i]), _measures);
            }
        }
    }

    private static void Add(Dictionary<RollupKey, long[]> rows, in RollupKey key, long[] measures)
    {
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, key, out _);
        sums ??= new long[measures.Length];
        for (var measure = 0; measure < measures.Length; measure++)
            sums[measure] += measures[measure];
    }
}
