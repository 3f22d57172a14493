namespace MeaiRouter.OpenAI.Tests;

/// <summary>Server-sent events as text.</summary>
internal static class Sse
{
    public const string Done = "[DONE]";

    /// <summary>Each datum as an event, and <c>[DONE]</c> after the last.</summary>
    public static string Stream(params IEnumerable<string> data) => Events([.. data, Done]);

    public static string Events(params IEnumerable<string> data) => string.Concat(data.Select(static datum => $"data: {datum}\n\n"));
}
