using System.Text.Json;

namespace MeaiRouter.Normalization.Requests;

/// <summary>A schema without the keywords an endpoint refuses.</summary>
/// <param name="Schema">The schema.</param>
/// <param name="Removed">The keywords that were removed, in the order of the alphabet.</param>
internal sealed record ReducedSchema(JsonElement Schema, IReadOnlyList<string> Removed)
{
    /// <summary>The removed keywords, as a note names them.</summary>
    public override string ToString() => string.Join(", ", Removed);
}
