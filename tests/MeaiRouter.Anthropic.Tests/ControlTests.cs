using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Tests.Serving;
using MeaiRouter.Attempts;
using MeaiRouter.Normalization;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Tests;

/// <summary>What of the options goes where, model by model.</summary>
public sealed class ControlTests : ClientTest
{
    [Theory]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"max_tokens":2048}}""", """{"type":"enabled","budget_tokens":2048}""", null, 4096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"max_tokens":9000}}""", """{"type":"enabled","budget_tokens":9000}""", null, 13096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"max_tokens":10}}""", """{"type":"enabled","budget_tokens":1024}""", null, 4096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"effort":"high"}}""", """{"type":"enabled","budget_tokens":3276}""", null, 4096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"effort":"minimal"}}""", """{"type":"enabled","budget_tokens":1024}""", null, 4096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"enabled":true}}""", """{"type":"enabled","budget_tokens":2048}""", null, 4096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning":{"enabled":false}}""", null, null, 4096)]
    [InlineData("claude-sonnet-4-5", """{"reasoning_effort":"low"}""", """{"type":"enabled","budget_tokens":1024}""", null, 4096)]
    [InlineData("claude-3-5-haiku", """{"reasoning":{"effort":"high"}}""", null, null, 4096)]
    [InlineData("claude-opus-4-6", """{"reasoning":{"effort":"xhigh"}}""", """{"type":"adaptive"}""", """{"effort":"high"}""", 4096)]
    [InlineData("claude-opus-4-6", """{"reasoning":{"max_tokens":2048}}""", """{"type":"enabled","budget_tokens":2048}""", null, 4096)]
    [InlineData("claude-opus-5", """{"reasoning":{"effort":"xhigh"}}""", """{"type":"adaptive"}""", """{"effort":"xhigh"}""", 4096)]
    [InlineData("claude-opus-5", """{"reasoning":{"max_tokens":3300}}""", """{"type":"adaptive"}""", """{"effort":"high"}""", 4096)]
    [InlineData("claude-opus-5", """{"reasoning":{"effort":"none"}}""", """{"type":"disabled"}""", null, 4096)]
    [InlineData("claude-opus-5", """{"verbosity":"low"}""", null, """{"effort":"low"}""", 4096)]
    [InlineData("claude-opus-5", "{}", null, null, 4096)]
    public async Task Reasoning_is_controlled_as_the_model_takes_it(string model, string extra, string? thinking, string? output, int most)
    {
        Server.Then(MessagesAnswer.Text("Yes."));
        var options = WithExtra(extra);
        options.ModelId = model;

        await AskAsync(streaming: false, "?", options);

        AssertJson(thinking ?? "null", Sent()["thinking"]);
        AssertJson(output ?? "null", Sent()["output_config"]);
        Assert.Equal(most, (int)Sent()["max_tokens"]!);
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", false, true)]
    [InlineData("claude-sonnet-4-5", true, false)]
    [InlineData("claude-opus-5", false, false)]
    public async Task Sampling_parameters_are_sent_to_the_version_that_has_them_or_not_at_all(string model, bool reasons, bool sent)
    {
        Server.Then(MessagesAnswer.Text("Yes."));

        await AskAsync(streaming: false, "?", new()
        {
            ModelId = model,
            Temperature = 0.5f,
            TopP = 0.25f,
            TopK = 5,
            FrequencyPenalty = 1,
            Seed = 1,
            Reasoning = reasons ? new() { Effort = ReasoningEffort.Low } : null,
        });

        string[] names = ["temperature", "top_p", "top_k", "seed", "frequency_penalty"];
        Assert.Equal(sent ? ["temperature", "top_p", "top_k"] : [], names.Where(Sent().ContainsKey));
        Assert.Equal(sent ? "2023-06-01" : "2026-10-21", Server.Requests.Single().Headers["anthropic-version"]);
    }

    [Fact]
    public async Task Words_of_the_chat_wire_are_translated_and_those_of_Anthropic_are_sent_as_they_are()
    {
        Server.Then(MessagesAnswer.Text("Yes."));

        await AskAsync(streaming: false, "?", WithExtra(
            """{"user":"u-1","metadata":{"team":"a"},"logit_bias":{"1":2},"service_tier":"default","cache_control":{"type":"ephemeral"},"context_management":{"edits":[]}}"""));

        AssertJson(
            """
            { "max_tokens": 4096, "messages": [ { "role": "user", "content": [ { "type": "text", "text": "?" } ] } ], "metadata": { "user_id": "u-1" },
              "service_tier": "standard_only", "cache_control": { "type": "ephemeral" }, "context_management": { "edits": [] } }
            """,
            Sent());
    }

    [Fact]
    public async Task Tools_the_choice_among_them_and_the_schema_of_the_answer_are_sent()
    {
        Server.Then(MessagesAnswer.Text("{}"));
        var schema = JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""");

        await AskAsync(streaming: false, "?", new()
        {
            Tools = [new Declared()],
            ToolMode = ChatToolMode.RequireSpecific("look"),
            AllowMultipleToolCalls = false,
            ResponseFormat = ChatResponseFormat.ForJsonSchema(schema),
        });

        AssertJson(
            """[ { "name": "look", "description": "Looks.", "input_schema": { "type": "object", "properties": {}, "additionalProperties": false }, "strict": true, "cache_control": { "type": "ephemeral" } } ]""",
            Sent()["tools"]);
        AssertJson("""{ "type": "tool", "name": "look", "disable_parallel_tool_use": true }""", Sent()["tool_choice"]);
        AssertJson($$"""{ "format": { "type": "json_schema", "schema": {{schema.GetRawText()}} } }""", Sent()["output_config"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_schema_is_sent_as_Anthropic_takes_it_and_the_answer_is_held_to_all_of_it(bool streaming)
    {
        Server.Then(MessagesAnswer.Text("""{"days":[{"degrees":-4}]}"""));
        Server.Then(MessagesAnswer.Text("""{"days":[{"degrees":99}]}"""));
        var schema = JsonElement.Parse(
            """{"type":"object","properties":{"days":{"type":"array","minItems":1,"items":{"type":"object","properties":{"degrees":{"type":"integer","maximum":60}},"required":["degrees"]}}},"required":["days"]}""");
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) };
        var client = new NormalizingChatClient(Client, AnthropicDialect.Default);

        Assert.Equal("""{"days":[{"degrees":-4}]}""", (await AskAsync(client, streaming, [new(ChatRole.User, "?")], options)).Text);

        AssertJson(
            """
            { "format": { "type": "json_schema", "schema": { "type": "object", "additionalProperties": false, "required": ["days"], "properties": {
              "days": { "type": "array", "description": "minItems: 1", "items": { "type": "object", "additionalProperties": false, "required": ["degrees"], "properties": {
                "degrees": { "type": "integer", "description": "maximum: 60" } } } } } } } }
            """,
            Sent()["output_config"]);
        var unfit = await Assert.ThrowsAsync<RouterException>(() => AskAsync(client, streaming, [new(ChatRole.User, "?")], options));
        Assert.Equal(FailureKind.SchemaMismatch, unfit.Kind);
    }

    [Theory]
    [InlineData("none", """{"type":"none"}""")]
    [InlineData("auto", """{"type":"auto"}""")]
    [InlineData("any", """{"type":"any"}""")]
    [InlineData(null, "null")]
    public async Task Every_form_of_the_choice_has_its_word(string? mode, string expected)
    {
        Server.Then(MessagesAnswer.Text("Yes."));

        await AskAsync(streaming: false, "?", new()
        {
            Tools = [new Declared()],
            ToolMode = mode switch { "none" => ChatToolMode.None, "auto" => ChatToolMode.Auto, "any" => ChatToolMode.RequireAny, _ => null },
        });

        AssertJson(expected, Sent()["tool_choice"]);
    }

    [Fact]
    public async Task What_Anthropic_cannot_take_is_unsupported_so_that_another_endpoint_is_tried()
    {
        var audio = new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "audio/wav")]);
        var failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming: false, [audio]));
        Assert.Equal((FailureKind.Unsupported, "Anthropic takes images, PDF and text, and no 'audio/wav'."), (failure.Kind, failure.Message));

        failure = await Assert.ThrowsAsync<RouterException>(() => AskAsync(streaming: false, "?", new() { Tools = [new HostedCodeInterpreterTool()] }));
        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Empty(Server.Requests);
    }

    private sealed class Declared : AIFunctionDeclaration
    {
        public override string Name => "look";

        public override string Description => "Looks.";

        public override JsonElement JsonSchema { get; } = JsonElement.Parse("""{"type":"object","properties":{}}""");

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = new Dictionary<string, object?>
        {
            ["strict"] = true,
            ["extra_body"] = new JsonObject { ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } },
        };
    }
}
