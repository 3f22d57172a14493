namespace MeaiRouter.Snippets;

/// <summary>A fenced block of C# in a page.</summary>
internal readonly struct CodeBlock(string code, int line)
{
    private const string Fence = "```";

    public string Code { get; } = code;

    /// <summary>Gets the line of the page on which the code begins, the first being 1.</summary>
    public int Line { get; } = line;

    public static IEnumerable<CodeBlock> In(string page)
    {
        var lines = page.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
                continue;

            var isCode = lines[i].Trim() == Fence + "csharp";
            var first = ++i;
            while (i < lines.Length && lines[i].Trim() != Fence)
                i++;
            if (isCode)
                yield return new CodeBlock(string.Join("\n", lines, first, i - first), first + 1);
        }
    }
}
