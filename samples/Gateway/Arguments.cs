namespace Samples.Gateway;

/// <summary>The command line: what it may hold, and what is wrong with one. A word nobody reads must not be passed over: it was meant to do something.</summary>
internal static class Arguments
{
    public const string Usage = """
        dotnet run --project samples/Gateway -- [--urls URL] [--config FILE] [--secrets DIR]                 serves
        dotnet run --project samples/Gateway -- check [--config FILE] [--secrets DIR] [--model NAME] [--json]   explains the configuration
        Any setting may be given by its path: --MeaiRouter:Routing:Strategy price
        """;

    private static readonly string[] Serving = ["urls", "config", "secrets", "environment"];
    private static readonly string[] Checking = ["config", "secrets", "environment", "model", "json"];

    /// <summary>What is wrong; <see langword="null"/> for nothing.</summary>
    public static string? ErrorIn(string[] args)
    {
        var isCheck = args is ["check", ..];
        var known = isCheck ? Checking : Serving;
        for (var i = isCheck ? 1 : 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                return $"'{args[i]}' means nothing here.";

            var (name, hasValue) = args[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (args[i][2..at], true) : (args[i][2..], false);
            if (!name.Contains(':', StringComparison.Ordinal) && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
                return $"'--{name}' is not known; there are {string.Join(", ", known.Select(static option => "--" + option))}.";
            if (hasValue || name.Equals("json", StringComparison.OrdinalIgnoreCase))
                continue;
            if (++i == args.Length)
                return $"'--{name}' needs a value.";
        }

        return null;
    }
}
