namespace MeaiRouter.Schemas;

/// <summary>Where a value first breaks its schema, and which rule.</summary>
/// <param name="Path">The JSON path, such as <c>$.items[2].name</c>. A name that only the value has, not the schema, shows as <c>*</c>.</param>
/// <param name="Rule">What the schema demands there, as the rest of a sentence; it quotes the schema, never the value.</param>
internal sealed record SchemaProblem(string Path, string Rule)
{
    public override string ToString() => $"{Path} {Rule}";
}
