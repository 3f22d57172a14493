using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Documentation;

/// <summary>What the document says of one path and method: metadata of its endpoint, so that nothing is mapped without it.</summary>
/// <param name="Group">Under which heading it stands.</param>
/// <param name="Access">Which keys it is for.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record Operation(string Group, Access Access, string Summary)
{
    /// <summary>The headings, in the order of the page.</summary>
    public const string Inference = "Inference";
    public const string Models = "Models and providers";
    public const string Accounts = "Keys, limits and reports";
    public const string Service = "Service";

    /// <summary>More, in whole sentences; <see langword="null"/> for nothing.</summary>
    public string? Details { get; init; }

    /// <summary>What the query may hold.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>What the query must hold.</summary>
    public IReadOnlyList<string> RequiredQuery { get; init; } = [];

    /// <summary>The schema of the body; <see langword="null"/> for none.</summary>
    public string? Body { get; init; }

    /// <summary>The schema of the answer; <see langword="null"/> where there is none for it.</summary>
    public string? Answer { get; init; }

    /// <summary>The schema of a refusal.</summary>
    public string Error { get; init; } = DocumentSchemas.Error;

    /// <summary>The media types of the answer.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["application/json"];

    /// <summary>What stands for a route whose last segment takes any number of them: its paths without that segment's braces.</summary>
    public IReadOnlyList<string> Spellings { get; init; } = [];
}
