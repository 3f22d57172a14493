namespace MeaiRouter.Tests.Faults;

/// <summary>All that a caller got of an answer.</summary>
/// <param name="Reasoning">The reasoning, joined.</param>
/// <param name="Text">The text, joined.</param>
/// <param name="Calls">Each tool call as <c>id name arguments</c>.</param>
internal sealed record Heard(string Reasoning, string Text, string Calls)
{
    public static Heard Nothing { get; } = new("", "", "");

    /// <summary>Whether this is the beginning of an answer, or all of it.</summary>
    public bool Begins(Heard whole) =>
        whole.Reasoning.StartsWith(Reasoning, StringComparison.Ordinal)
        && whole.Text.StartsWith(Text, StringComparison.Ordinal)
        && (Text.Length == 0 || Reasoning == whole.Reasoning)
        && (Calls.Length == 0 || this == whole);
}
