using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Attempts;

public sealed class ToolCallValidityTests
{
    private const string Weather = """
        { "type": "object", "required": ["city"], "additionalProperties": false, "properties": {
            "city": { "type": "string" }, "days": { "type": "integer" }, "unit": { "enum": ["C", "F"] }, "version": { "const": 2 },
            "at": { "type": ["array", "null"], "items": { "type": "object", "required": ["lat"], "properties": { "lat": { "type": "number" } } } },
            "notes": { "type": "object", "additionalProperties": { "type": "boolean" } } } }
        """;

    [Theory]
    [InlineData("""{"city":"Oslo"}""", true)]
    [InlineData("""{"city":"Oslo","days":3,"unit":"C","version":2,"at":[{"lat":59.9},{"lat":1,"more":"is fine"}],"notes":{"a":true}}""", true)]
    [InlineData("""{"city":"Oslo","days":3.0,"at":null}""", true)]
    [InlineData("""{}""", false)]
    [InlineData("""{"city":7}""", false)]
    [InlineData("""{"city":null}""", false)]
    [InlineData("""{"city":"Oslo","days":3.5}""", false)]
    [InlineData("""{"city":"Oslo","days":"3"}""", false)]
    [InlineData("""{"city":"Oslo","unit":"K"}""", false)]
    [InlineData("""{"city":"Oslo","version":3}""", false)]
    [InlineData("""{"city":"Oslo","at":[{"lat":"59.9"}]}""", false)]
    [InlineData("""{"city":"Oslo","at":[{}]}""", false)]
    [InlineData("""{"city":"Oslo","at":{}}""", false)]
    [InlineData("""{"city":"Oslo","notes":{"a":1}}""", false)]
    [InlineData("""{"city":"Oslo","country":"Norway"}""", false)]
    public void Arguments_must_satisfy_the_schema_of_the_tool(string arguments, bool isValid) =>
        Assert.Equal(isValid, ToolCallValidity.IsValid(Call("weather", arguments), [Tool("weather", Weather)]));

    [Theory]
    [InlineData("{}")]
    [InlineData("true")]
    [InlineData("5")]
    [InlineData("""{ "type": 7, "required": "city", "properties": [], "enum": 1, "items": 2 }""")]
    [InlineData("""{ "type": "objekt" }""")]
    [InlineData("""{ "$ref": "#/definitions/x", "required": ["a"] }""")]
    [InlineData("""{ "$dynamicRef": "#x", "unevaluatedProperties": false, "dependentSchemas": { "city": false } }""")]
    public void A_schema_that_is_broken_or_says_what_is_not_known_here_is_satisfied_by_anything(string schema) =>
        Assert.True(ToolCallValidity.IsValid(Call("weather", """{"city":"Oslo"}"""), [Tool("weather", schema)]));

    [Fact]
    public void A_schema_that_is_endless_or_huge_does_not_take_endless_time()
    {
        var (schema, arguments) = ("""{"type":"string"}""", "7");
        for (var i = 0; i < 60; i++)
            (schema, arguments) = ($$"""{"items":{{schema}}}""", $"[{arguments}]");
        var many = string.Join(',', Enumerable.Range(0, 200_000));

        Assert.False(ToolCallValidity.IsValid(Call("f", "{\"x\":" + arguments + "}"), [Tool("f", "{\"properties\":{\"x\":" + schema + "}}")]));
        Assert.True(ToolCallValidity.IsValid(Call("f", "{}"), [Tool("f", """{"$ref":"#"}""")]));
        Assert.True(ToolCallValidity.IsValid(Call("f", """{"x":-1}"""), [Tool("f", "{\"properties\":{\"x\":{\"enum\":[" + many + "]}}}")]));
    }

    [Fact]
    public void A_name_that_was_not_offered_is_bad_unless_a_hosted_tool_may_have_it()
    {
        var tool = Tool("weather", Weather);

        Assert.False(ToolCallValidity.IsValid(Call("wetter", "{}"), [tool]));
        Assert.True(ToolCallValidity.IsValid(Call("wetter", "{}"), [tool, new HostedWebSearchTool()]));
        Assert.True(ToolCallValidity.IsValid(Call("wetter", "{}"), null));
        Assert.False(ToolCallValidity.IsValid(Call("", "{}"), null));
        Assert.False(ToolCallValidity.IsValid(new FunctionCallContent("1", "weather") { Exception = new JsonException() }, null));
    }

    [Fact]
    public void Arguments_of_other_types_than_JSON_are_judged_where_they_can_be()
    {
        var tool = Tool("weather", Weather);
        bool IsValid(Dictionary<string, object?>? arguments) => ToolCallValidity.IsValid(new FunctionCallContent("1", "weather", arguments), [tool]);

        Assert.True(IsValid(new() { ["city"] = "Oslo", ["days"] = 3L }));
        Assert.False(IsValid(new() { ["city"] = 3 }));
        Assert.True(IsValid(new() { ["city"] = new Uri("https://oslo.example") }));
        Assert.False(IsValid(null));
    }

    [Theory]
    [InlineData(false, """{"city":"Oslo"}""", 1)]
    [InlineData(true, """{"city":"Oslo"}""", 1)]
    [InlineData(false, """{"town":"Oslo"}""", 0)]
    [InlineData(true, """{"town":"Oslo"}""", 0)]
    public async Task The_health_of_the_endpoint_learns_how_valid_its_calls_are(bool streaming, string arguments, double validity)
    {
        var routing = TestPipeline.Routing;
        var provider = FakeChatClient.Playing(Call("weather", arguments), new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls });
        var client = new RouterChatClient(TestPipeline.Endpoint(provider), TestPipeline.Catalog(1), routing);

        var trace = (await client.AskAsync(streaming, new() { Tools = [Tool("weather", Weather)] })).Trace();

        Assert.Equal(validity, trace.Candidates[0].Candidate.Health.Snapshot().ToolCallValidity);
        Assert.Null(trace.Attempts[0].Tools);
    }

    private static FunctionCallContent Call(string name, string arguments) => new(
        "1", name, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments, AIJsonUtilities.DefaultOptions));

    private static AIFunctionDeclaration Tool(string name, string schema) => AIFunctionFactory.CreateDeclaration(name, "A tool.", JsonElement.Parse(schema));
}
