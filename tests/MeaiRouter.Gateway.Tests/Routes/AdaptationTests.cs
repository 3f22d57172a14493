using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Routes;

/// <summary>Nothing is changed in a request without a word about it, over HTTP too.</summary>
public sealed class AdaptationTests : GatewayTest
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Models:acme/small:Endpoints:0:SupportedParameters:0"] = "temperature",
    };

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_was_left_out_for_the_endpoint_is_told_where_the_caller_wants_to_know(bool streaming)
    {
        FirstScript.Answers("Hello");

        var answer = await Gateway.PostWithAsync(Hello(streaming, ("seed", 7)), Key, ("X-OpenRouter-Metadata", "enabled"));

        var told = streaming ? answer.Chunks.Single(chunk => chunk["openrouter_metadata"] is not null)["openrouter_metadata"]! : answer.Json["openrouter_metadata"]!;
        Assert.Contains("`seed`", (string)Assert.Single(told["notes"]!.AsArray())!, StringComparison.Ordinal);
        Assert.False(First.Requests.Single().Body.TryGetProperty("seed", out _));
    }
}
