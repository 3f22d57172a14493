using System.Text.Json;
using System.Text.Json.Serialization;
using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Caching;

/// <summary>An answer as it is kept: bytes, so that whoever gets it can change it without changing what the next one gets.</summary>
internal sealed record CachedAnswer(string SourceId, DateTimeOffset GivenAt, JsonElement Response)
{
    public string? Provider { get; init; }

    public string? Model { get; init; }

    public static CachedAnswer Of(ChatResponse response, RouteContext context, DateTimeOffset givenAt)
    {
        var attempt = context.Attempts.LastOrDefault(static attempt => attempt.Outcome == AttemptOutcome.Answered);
        var json = JsonSerializer.SerializeToElement(response, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponse)));
        return new CachedAnswer(context.Id, givenAt, json) { Provider = attempt?.Provider, Model = attempt?.Model?.Id };
    }

    public static CachedAnswer? Read(ReadOnlySpan<byte> stored) => JsonSerializer.Deserialize(stored, CachedAnswerJson.Default.CachedAnswer);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, CachedAnswerJson.Default.CachedAnswer);

    /// <summary>The answer anew, as if just given: with another id, and nothing used.</summary>
    public ChatResponse ToResponse(string id, DateTimeOffset now)
    {
        var response = (ChatResponse)Response.Deserialize(AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponse)))!;
        response.ResponseId = id;
        response.CreatedAt = now;
        response.Usage = new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 };
        Unwrap(response.AdditionalProperties);
        foreach (var message in response.Messages)
        {
            Unwrap(message.AdditionalProperties);
            foreach (var content in message.Contents)
                Unwrap(content.AdditionalProperties);
        }

        return response;
    }

    // Properties come back as JSON; whoever wrote a string or a number expects one.
    private static void Unwrap(AdditionalPropertiesDictionary? properties)
    {
        foreach (var (name, value) in properties?.ToArray() ?? [])
        {
            if (value is not JsonElement element)
                continue;
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    properties![name] = element.GetString();
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    properties![name] = element.GetBoolean();
                    break;
                case JsonValueKind.Number when element.TryGetInt64(out var number):
                    properties![name] = number;
                    break;
            }
        }
    }
}

/// <summary>How answers are written.</summary>
[JsonSerializable(typeof(CachedAnswer))]
internal sealed partial class CachedAnswerJson : JsonSerializerContext;
