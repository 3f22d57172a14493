using System.Text.Json;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Structured;

/// <summary>Requests for answers in a format.</summary>
internal static class Asked
{
    public const string Good = """{"city":"Oslo","days":3}""";
    public const string Wrong = """{"city":"Oslo","days":"three"}""";

    public static ChatOptions For(string schema) => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)) };

    public static ChatOptions ForWeather => For("""
        { "type": "object", "required": ["city", "days"], "additionalProperties": false,
          "properties": { "city": { "type": "string" }, "days": { "type": "integer" } } }
        """);

    public static ChatOptions ForAnyJson => new() { ResponseFormat = ChatResponseFormat.Json };

    public static UsageDetails Usage => new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 };

    /// <summary>The whole pipeline in which streamed JSON passes through.</summary>
    public static IChatClient PassingThrough(params FakeChatClient[] providers) => new CostTrackingChatClient(
        new RouterChatClient(
            new FallbackChatClient(
                new NormalizingChatClient(TestPipeline.Endpoint(providers), new NormalizingOptions { StreamStructured = StructuredStreaming.PassThrough }),
                TestPipeline.Unheld),
            TestPipeline.Catalog(providers.Length),
            TestPipeline.Routing));
}
