using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>Fields that travel on as they came: of the right type, or refused with their name before anybody is asked.</summary>
public sealed class FieldTypeTests : GatewayTest
{
    [Theory]
    [InlineData("audio", "1", "1; it must be an object.")]
    [InlineData("cache_control", "true", "true or false; it must be an object.")]
    [InlineData("debug", "[]", "an array; it must be an object.")]
    [InlineData("debug", "{\"echo_upstream_body\":\"yes\"}", null)]
    [InlineData("functions", "{}", "an object; it must be an array.")]
    [InlineData("image_config", "\"big\"", "'big'; it must be an object.")]
    [InlineData("include_reasoning", "1", "1; it must be true or false.")]
    [InlineData("logit_bias", "[1]", "an array; it must be an object.")]
    [InlineData("logprobs", "5", "5; it must be true or false.")]
    [InlineData("max_tool_calls", "-1", "-1; it must be a whole number of at least 0.")]
    [InlineData("metadata", "\"team\"", "'team'; it must be an object.")]
    [InlineData("min_p", "\"0.1\"", "'0.1'; it must be a number.")]
    [InlineData("modalities", "[\"text\",5]", "an array; it must be an array of strings.")]
    [InlineData("prediction", "\"Hello\"", "'Hello'; it must be an object.")]
    [InlineData("prompt_cache_key", "5", "5; it must be a string.")]
    [InlineData("repetition_penalty", "{}", "an object; it must be a number.")]
    [InlineData("safety_identifier", "[]", "an array; it must be a string.")]
    [InlineData("service_tier", "1", "1; it must be a string.")]
    [InlineData("stop_server_tools_when", "{}", "an object; it must be an array.")]
    [InlineData("store", "\"no\"", "'no'; it must be true or false.")]
    [InlineData("top_a", "[]", "an array; it must be a number.")]
    [InlineData("top_logprobs", "21", "21; it must be a whole number from 0 to 20.")]
    [InlineData("trace", "\"t-1\"", "'t-1'; it must be an object.")]
    [InlineData("usage", "true", "true or false; it must be an object.")]
    [InlineData("user", "5", "5; it must be a string.")]
    [InlineData("verbosity", "3", "3; it must be a string.")]
    [InlineData("web_search_options", "true", "true or false; it must be an object.")]
    public async Task A_known_field_of_the_wrong_type_is_400_and_named(string name, string value, string? says)
    {
        var answer = await Gateway.PostTextAsync($$"""{ "model": "acme/small", "messages": [ { "role": "user", "content": "Hello" } ], "stream": true, "{{name}}": {{value}} }""");

        Assert.Equal(400, answer.Status);
        Assert.Equal(says is null ? "'debug.echo_upstream_body' is 'yes'; it must be true or false." : $"'{name}' is {says}", (string)answer.Error["message"]!);
        Assert.Equal("invalid_request", (string)answer.Error["metadata"]!["error_type"]!);
        Assert.Equal(0, First.RequestCount);
    }

    [Fact]
    public async Task A_known_field_of_the_right_type_reaches_the_provider_as_it_is()
    {
        const string fields = """
            "audio": { "voice": "alloy" }, "image_config": { "aspect_ratio": "1:1" }, "logprobs": true, "top_logprobs": 20, "max_tool_calls": 0,
            "modalities": [ "text", "image" ], "prompt_cache_key": "k", "safety_identifier": "s", "store": false, "top_a": 0.5, "verbosity": "low",
            "web_search_options": {}, "logit_bias": {}, "functions": [], "function_call": "auto"
            """;
        FirstScript.Answers("Hello");

        await Gateway.PostTextAsync($$"""{ "model": "acme/small", "messages": [ { "role": "user", "content": "Hello" } ], {{fields}} }""");

        HttpAnswer.AssertJson($"{{ {fields} }}", System.Text.Json.Nodes.JsonNode.Parse(First.Requests.Single().Body.GetRawText())!, "model", "messages");
    }

    [Theory]
    [InlineData(17, 4, 4, "'metadata' has more than 16 pairs. Send fewer.")]
    [InlineData(1, 65, 4, "'metadata' has a name of 65 characters; it may have at most 64.")]
    [InlineData(1, 4, 513, "'metadata.0kkk' has 513 characters; it may have at most 512.")]
    [InlineData(16, 64, 512, null)]
    public async Task Metadata_has_OpenAIs_limits(int pairs, int name, int value, string? says)
    {
        FirstScript.Answers("Hello");
        var metadata = Enumerable.Range(0, pairs).ToDictionary(i => $"{i}".PadRight(name, 'k'), _ => new string('v', value));

        var answer = await Gateway.PostAsync(Hello(streaming: false, ("metadata", metadata)));

        Assert.Equal((says is null ? 200 : 400, says), (answer.Status, says is null ? null : (string)answer.Error["message"]!));
    }
}
