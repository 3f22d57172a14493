using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>An answer of the gateway, read to its end.</summary>
public sealed record HttpAnswer(int Status, string? ContentType, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static async Task<HttpAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), headers, await response.Content.ReadAsStringAsync());
    }

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The error of the envelope.</summary>
    public JsonNode Error => Json["error"]!;

    /// <summary>The data of every event, <c>[DONE]</c> included.</summary>
    public IReadOnlyList<string> Events
    {
        get
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Body));
            return [.. SseParser.Create(stream).Enumerate().Select(static item => item.Data)];
        }
    }

    /// <summary>The chunks of a stream, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonNode> Chunks => [.. Events.Where(static data => data != "[DONE]").Select(static data => JsonNode.Parse(data)!)];

    /// <summary>The answer in one form, whether it was streamed or not: the message's text.</summary>
    public string Text => IsStream
        ? string.Concat(Chunks.Select(static chunk => chunk["choices"]!.AsArray() is [{ } choice, ..] ? (string?)choice["delta"]?["content"] : null))
        : (string?)Json["choices"]![0]!["message"]!["content"] ?? "";

    /// <summary>The last finish reason, whether it was streamed or not.</summary>
    public string? FinishReason => Choices.Select(static choice => (string?)choice["finish_reason"]).LastOrDefault(static reason => reason is not null);

    /// <summary>The usage, of which there must be exactly one.</summary>
    public JsonNode Usage => IsStream ? Assert.Single(Chunks, static chunk => chunk["usage"] is not null)["usage"]! : Json["usage"]!;

    /// <summary>The cost, to the digit.</summary>
    public decimal? Cost => Usage["cost"] is { } cost ? decimal.Parse(cost.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>The provider that answered: the same in every chunk.</summary>
    public string? Provider => Parts.Select(static part => (string?)part["provider"]).Distinct().Single();

    /// <summary>The id: the same in every chunk and in the header.</summary>
    public string Id => Assert.Single(Parts.Select(static part => (string?)part["id"]).Append(Headers["X-Generation-Id"]).Distinct())!;

    private bool IsStream => ContentType == "text/event-stream";

    private IEnumerable<JsonNode> Parts => IsStream ? Chunks : [Json];

    private IEnumerable<JsonNode> Choices => Parts.SelectMany(static part => part["choices"]!.AsArray()).OfType<JsonNode>();

    /// <summary>Compares JSON as JSON: the order of members does not matter, numbers are compared as they are written.</summary>
    public static void AssertJson(string expected, JsonNode actual, params ReadOnlySpan<string> except)
    {
        var rest = actual.DeepClone();
        foreach (var name in except)
            Assert.True(rest.AsObject().Remove(name), $"There is no '{name}' in {actual.ToJsonString()}");
        Assert.Equal(Sorted(JsonNode.Parse(expected))!.ToJsonString(), Sorted(rest)!.ToJsonString());
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
