using System.Collections;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A sequence that refuses to be read twice.</summary>
internal sealed class EnumeratedOnce<T>(IEnumerable<T> items) : IEnumerable<T>
{
    private int _enumerations;

    public int Enumerations => _enumerations;

    public IEnumerator<T> GetEnumerator() => Interlocked.Increment(ref _enumerations) == 1
        ? items.GetEnumerator()
        : throw new InvalidOperationException("The sequence was read twice.");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
