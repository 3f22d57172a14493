namespace MeaiRouter.Catalog;

/// <summary>Where a price comes from, so that whoever doubts a charge can look it up.</summary>
/// <param name="Name">The page, file or list, such as <c>developers.openai.com/api/docs/pricing</c>.</param>
/// <param name="AsOf">The day on which the source said so; <see langword="null"/> if unknown.</param>
public sealed record PriceSource(string Name, DateOnly? AsOf = null)
{
    /// <summary>The name, and the day where it is known.</summary>
    public override string ToString() => AsOf is { } day ? $"{Name} ({day:yyyy-MM-dd})" : Name;
}
