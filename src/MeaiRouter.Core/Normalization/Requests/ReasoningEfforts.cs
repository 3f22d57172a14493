using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>The words for the effort of reasoning, weakest first, and the share of an answer's tokens that each stands for.</summary>
internal static class ReasoningEfforts
{
    public const string None = "none";
    public const string Medium = "medium";

    // OpenRouter's shares.
    private static readonly (string Word, double Share)[] Known =
    [
        (None, 0), ("minimal", 0.1), ("low", 0.2), (Medium, 0.5), ("high", 0.8), ("xhigh", 0.95), ("max", 0.95),
    ];

    /// <summary>The most of an answer's tokens that reasoning may take.</summary>
    public const double MaxShare = 0.95;

    public static string Words => string.Join(", ", Known.Select(static effort => $"'{effort.Word}'"));

    public static bool IsKnown(string word) => RankOf(word) >= 0;

    public static double ShareOf(string word) => Known[RankOf(word)].Share;

    /// <summary>The word for an effort of Microsoft.Extensions.AI; <see langword="null"/> for one that is not known here.</summary>
    public static string? WordOf(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => None,
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => Medium,
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    /// <summary>The effort of Microsoft.Extensions.AI for a word; <see langword="null"/> where it has none.</summary>
    public static ReasoningEffort? EffortOf(string? word) => word switch
    {
        None => ReasoningEffort.None,
        "low" => ReasoningEffort.Low,
        Medium => ReasoningEffort.Medium,
        "high" => ReasoningEffort.High,
        "xhigh" => ReasoningEffort.ExtraHigh,
        _ => null,
    };

    /// <summary>The supported effort nearest to the one asked for, the weaker of two that are equally near; <see langword="null"/> if none is supported.</summary>
    /// <remarks>Whoever asks for reasoning gets some if the endpoint has any.</remarks>
    public static string? Nearest(string word, IReadOnlyList<string> supported)
    {
        var asked = RankOf(word);
        return Best(supported, word != None, rank => Math.Abs(rank - asked));
    }

    /// <summary>The supported effort whose share is nearest to the given one.</summary>
    public static string? Nearest(double share, IReadOnlyList<string> supported) =>
        Best(supported, share > 0, rank => Math.Abs(Known[rank].Share - share));

    private static string? Best(IReadOnlyList<string> supported, bool prefersSome, Func<int, double> distance)
    {
        var ranks = supported.Select(RankOf).Where(static rank => rank >= 0).Order().ToList();
        if (prefersSome && ranks.Exists(static rank => rank > 0))
            ranks.RemoveAll(static rank => rank == 0);
        return ranks.Count == 0 ? null : Known[ranks.MinBy(distance)].Word;
    }

    private static int RankOf(string word) => Array.FindIndex(Known, effort => effort.Word.Equals(word, StringComparison.OrdinalIgnoreCase));
}
