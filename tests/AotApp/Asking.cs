using System.Text.Json;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace AotApp;

/// <summary>Asks in every mode and prints one line for each answer: who was tried, what came, and what it cost.</summary>
internal static class Asking
{
    private static readonly JsonElement Schema = JsonElement.Parse("""
        { "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"], "additionalProperties": false }
        """);

    public static async Task AllAsync(string pipeline, IChatClient client)
    {
        Print(pipeline, "whole", await client.GetResponseAsync("whole", new() { ModelId = Settings.Model, MaxOutputTokens = 100 }));
        Print(pipeline, "streamed", await client.GetStreamingResponseAsync("streamed", new() { ModelId = Settings.Model, MaxOutputTokens = 100 }).ToChatResponseAsync());
        Print(pipeline, "in a format", await client.GetResponseAsync(
            "format",
            new() { ModelId = Settings.Model, MaxOutputTokens = 100, ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "place") }));
    }

    private static void Print(string pipeline, string mode, ChatResponse response) => Console.WriteLine(
        $"{pipeline}, {mode}: {string.Join(" then ", response.GetRouteTrace()!.Attempts.Select(attempt => $"{attempt.Provider} {attempt.Outcome}"))}: {response.Text} for {response.GetCost()}");
}
