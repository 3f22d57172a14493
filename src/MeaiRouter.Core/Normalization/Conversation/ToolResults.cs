using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>What tools returned, as contents.</summary>
internal static class ToolResults
{
    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static bool HoldsMedia(FunctionResultContent result) => result.Result switch
    {
        null or string or JsonElement => false,
        AIContent content => Medium.Of(content) is not null,
        IEnumerable<AIContent> contents => contents.Any(static content => Medium.Of(content) is not null),
        _ => false,
    };

    /// <summary>The result as contents: its own where it holds some, else its text.</summary>
    public static IReadOnlyList<AIContent> Contents(FunctionResultContent result) => result.Result switch
    {
        AIContent content => [content],
        IEnumerable<AIContent> contents => [.. contents],
        var value => [new TextContent(Text(value))],
    };

    /// <summary>Whether two results say the same.</summary>
    public static bool AreSame(FunctionResultContent one, FunctionResultContent other) =>
        ReferenceEquals(one.Result, other.Result)
        || (one.Result is not (AIContent or IEnumerable<AIContent>) && other.Result is not (AIContent or IEnumerable<AIContent>)
            && Text(one.Result) == Text(other.Result));

    private static string Text(object? value)
    {
        if (value is null or string)
            return value as string ?? "";

        try
        {
            return JsonSerializer.Serialize(value, Json.GetTypeInfo(typeof(object)));
        }
        catch (NotSupportedException)
        {
            return value.ToString() ?? "";
        }
    }
}
