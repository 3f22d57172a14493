using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Tests.Serving;
using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Tests;

public sealed class AnthropicMessagesChatClientTests : ClientTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_has_its_text_ids_reason_tier_and_cache_writes_by_their_time_to_live(bool streaming)
    {
        Server.Then(MessagesAnswer.Text("Hello, wörld 🙂") with
        {
            UsageJson = """
                {"input_tokens":10,"cache_creation_input_tokens":50,"cache_read_input_tokens":30,"output_tokens":7,"service_tier":"standard",
                 "cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":30},"output_tokens_details":{"thinking_tokens":3},
                 "server_tool_use":{"web_search_requests":2}}
                """,
        });

        var response = await AskAsync(streaming, "Hello");

        Assert.Equal("Hello, wörld 🙂", response.Text);
        Assert.Equal(("msg_1", "msg_1", Model, ChatFinishReason.Stop), (response.ResponseId, response.Messages.Single().MessageId, response.ModelId, response.FinishReason));
        Assert.Equal(
            new TokenUsage { Input = 10, CacheWrite = 20, CacheWrite1h = 30, CacheRead = 30, Output = 4, Reasoning = 3, WebSearches = 2, Requests = 1 },
            TokenUsage.From(response.Usage!));
        Assert.Equal("end_turn", Fact(response, AnswerProperties.NativeFinishReason));
        Assert.Equal("default", Fact(response, AnswerProperties.ServiceTier));
        Assert.Equal("req_1", Fact(response, "request_id"));
        AssertJson("""{"max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}""", Sent());
        Assert.Equal("Bearer key-of-anthropic", Server.Requests.Single().Headers["Authorization"]);
        Assert.Equal("2026-10-21", Server.Requests.Single().Headers["anthropic-version"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_and_redacted_thinking_goes_back_to_the_letter_in_a_loop_of_tools(bool streaming)
    {
        Server.Then(MessagesAnswer.Of(
            MessagesAnswer.Thinking("I should look it up.", "sig-1"),
            MessagesAnswer.Redacted("cmVkYWN0ZWQ="),
            MessagesAnswer.Block("text", "One moment."),
            MessagesAnswer.ToolUse("toolu_1", "weather", """{"city":"Köln","days":[1,2]}"""),
            MessagesAnswer.ToolUse("toolu_2", "time", "{}")));
        Server.Then(MessagesAnswer.Text("Rain."));
        var options = new ChatOptions
        {
            MaxOutputTokens = 4000,
            Reasoning = new() { Effort = ReasoningEffort.Medium },
            Tools = [AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather."), AIFunctionFactory.Create(() => 1, "time")],
        };
        List<ChatMessage> conversation = [new(ChatRole.User, "Weather?")];

        var first = await AskAsync(streaming, conversation, options);
        conversation.AddRange(first.Messages);
        conversation.Add(new(ChatRole.Tool, [new FunctionResultContent("toolu_1", "wet"), new FunctionResultContent("toolu_2", new { hour = 5 })]));
        conversation.Add(new(ChatRole.User, "Short, please."));
        var second = await AskAsync(streaming, conversation, options);

        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal("I should look it up.", string.Concat(first.Messages[0].Contents.OfType<TextReasoningContent>().Select(part => part.Text)));
        var call = first.Messages[0].Contents.OfType<FunctionCallContent>().First();
        Assert.Equal(("toolu_1", "weather", "Köln"), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        Assert.Equal("Rain.", second.Text);
        AssertJson(
            """
            [ { "role": "user", "content": [ { "type": "text", "text": "Weather?" } ] },
              { "role": "assistant", "content": [
                { "type": "thinking", "thinking": "I should look it up.", "signature": "sig-1" }, { "type": "redacted_thinking", "data": "cmVkYWN0ZWQ=" },
                { "type": "text", "text": "One moment." }, { "type": "tool_use", "id": "toolu_1", "name": "weather", "input": { "city": "Köln", "days": [1, 2] } },
                { "type": "tool_use", "id": "toolu_2", "name": "time", "input": {} } ] },
              { "role": "user", "content": [ { "type": "tool_result", "tool_use_id": "toolu_1", "content": "wet" },
                { "type": "tool_result", "tool_use_id": "toolu_2", "content": "{\"hour\":5}" }, { "type": "text", "text": "Short, please." } ] } ]
            """,
            Sent()["messages"]);
        AssertJson("""{ "type": "enabled", "budget_tokens": 2000 }""", Sent()["thinking"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Details_of_the_chat_wire_and_the_forms_of_the_SDKs_own_adapter_go_back_as_blocks_and_foreign_reasoning_does_not(bool streaming)
    {
        Server.Then(MessagesAnswer.Text("Yes."));
        var assistant = new ChatMessage(ChatRole.Assistant,
        [
            new TextReasoningContent("ignored") { ProtectedData = """[{"type":"reasoning.text","text":"a","signature":"sig-a","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"b"}]""" },
            new TextReasoningContent("c") { ProtectedData = "sig-c" },
            new TextReasoningContent("") { ProtectedData = "d" },
            new TextReasoningContent("unsigned"),
            new TextReasoningContent("of another") { ProtectedData = """[{"type":"reasoning.encrypted","data":"x","format":"openai-responses-v1"}]""" },
            new TextContent("Hm."),
        ]);

        await AskAsync(streaming, [new(ChatRole.User, "?"), assistant, new(ChatRole.User, "So?")]);

        AssertJson(
            """
            [ { "type": "thinking", "thinking": "a", "signature": "sig-a" }, { "type": "redacted_thinking", "data": "b" },
              { "type": "thinking", "thinking": "c", "signature": "sig-c" }, { "type": "redacted_thinking", "data": "d" }, { "type": "text", "text": "Hm." } ]
            """,
            Sent()["messages"]![1]!["content"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_of_tools_keep_their_images_their_failure_and_their_cache_mark(bool streaming)
    {
        Server.Then(MessagesAnswer.Text("Seen."));
        var marked = new FunctionResultContent("a", new List<AIContent> { new TextContent("a map"), new DataContent(new byte[] { 1, 2, 3 }, "image/png") })
        {
            AdditionalProperties = new() { ["extra_body"] = new JsonObject { ["cache_control"] = new JsonObject { ["type"] = "ephemeral", ["ttl"] = "1h" } } },
        };

        await AskAsync(streaming,
        [
            new(ChatRole.User, "?"),
            new(ChatRole.Assistant, [new FunctionCallContent("a", "map"), new FunctionCallContent("b", "map"), new FunctionCallContent("c", "map")]),
            new(ChatRole.Tool, [marked]),
            new(ChatRole.Tool, [new FunctionResultContent("b", null) { Exception = new InvalidOperationException("No paper.") }, new FunctionResultContent("c", null)]),
        ]);

        AssertJson(
            """
            [ { "type": "tool_result", "tool_use_id": "a", "cache_control": { "type": "ephemeral", "ttl": "1h" }, "content": [ { "type": "text", "text": "a map" },
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AQID" } } ] },
              { "type": "tool_result", "tool_use_id": "b", "is_error": true, "content": "No paper." }, { "type": "tool_result", "tool_use_id": "c" } ]
            """,
            Sent()["messages"]![2]!["content"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Instructions_system_messages_images_documents_and_cache_marks_are_where_Anthropic_wants_them(bool streaming)
    {
        Server.Then(MessagesAnswer.Text("Yes."));
        var mark = new AdditionalPropertiesDictionary { ["extra_body"] = new JsonObject { ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } } };
        var options = new ChatOptions { Instructions = "Be brief." };

        await AskAsync(
            streaming,
            [
                new(ChatRole.System, [new TextContent("Be kind.") { AdditionalProperties = mark }]),
                new(ChatRole.User,
                [
                    new TextContent(""),
                    new UriContent("https://example.com/a.png", "image/png"),
                    new DataContent(new byte[] { 1 }, "application/pdf") { Name = "Report" },
                    new UriContent("https://example.com/a.pdf", "application/pdf"),
                    new DataContent("Words"u8.ToArray(), "text/markdown"),
                    new HostedFileContent("file_1"),
                ]),
                new(ChatRole.User, "Read."),
                new(ChatRole.Assistant, "I read  \n"),
            ],
            options);

        AssertJson("""[ { "type": "text", "text": "Be brief." }, { "type": "text", "text": "Be kind.", "cache_control": { "type": "ephemeral" } } ]""", Sent()["system"]);
        AssertJson(
            """
            [ { "role": "user", "content": [
                { "type": "image", "source": { "type": "url", "url": "https://example.com/a.png" } },
                { "type": "document", "title": "Report", "source": { "type": "base64", "media_type": "application/pdf", "data": "AQ==" } },
                { "type": "document", "source": { "type": "url", "url": "https://example.com/a.pdf" } },
                { "type": "document", "source": { "type": "text", "media_type": "text/plain", "data": "Words" } },
                { "type": "document", "source": { "type": "file", "file_id": "file_1" } }, { "type": "text", "text": "Read." } ] },
              { "role": "assistant", "content": [ { "type": "text", "text": "I read" } ] } ]
            """,
            Sent()["messages"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Citations_and_the_stop_sequence_are_kept(bool streaming)
    {
        Server.Then(MessagesAnswer.Of(
            """{"type":"text","text":"Grass is green","citations":[{"type":"char_location","cited_text":"The grass is green.","document_index":0,"document_title":"Nature","start_char_index":0,"end_char_index":19}]}""",
            """{"type":"text","text":" and so on","citations":[{"type":"web_search_result_location","url":"https://example.com/","title":"Example","cited_text":"so on","encrypted_index":"x"}]}""") with
        {
            StopReason = "stop_sequence",
            StopSequence = "END",
        });

        var response = await AskAsync(streaming, "Colours?", new() { StopSequences = ["END"] });

        Assert.Equal("Grass is green and so on", response.Text);
        var citations = response.Messages[0].Contents.SelectMany(content => content.Annotations ?? []).Cast<CitationAnnotation>().ToList();
        Assert.Equal(
            [("Nature", "The grass is green.", null), ("Example", "so on", "https://example.com/")],
            citations.Select(citation => (citation.Title, citation.Snippet, citation.Url?.ToString())));
        Assert.Equal((ChatFinishReason.Stop, "stop_sequence", "END"),
            (response.FinishReason, Fact(response, AnswerProperties.NativeFinishReason), Fact(response, "stop_sequence")));
        AssertJson("""["END"]""", Sent()["stop_sequences"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Blocks_of_the_providers_own_tools_are_carried_and_go_back_as_they_came(bool streaming)
    {
        const string Use = """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"weather"}}""";
        Server.Then(MessagesAnswer.Of(Use, MessagesAnswer.Block("text", "Rain.")));

        var response = await AskAsync(streaming, "Weather?", new() { Tools = [new HostedWebSearchTool()] });

        Assert.Equal(("Rain.", ChatFinishReason.Stop), (response.Text, response.FinishReason));
        var carried = Assert.IsType<JsonElement>(response.Messages[0].Contents.Single(content => content.GetType() == typeof(AIContent)).RawRepresentation);
        AssertJson(Use, JsonNode.Parse(carried.GetRawText()));
        AssertJson("""[{"type":"web_search_20250305","name":"web_search"}]""", Sent()["tools"]);
    }

    [Theory]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("refusal", "content_filter")]
    [InlineData("pause_turn", "stop")]
    [InlineData("something_new", "something_new")]
    public async Task Every_stop_reason_is_read_and_kept(string native, string expected)
    {
        foreach (var streaming in (bool[])[false, true])
        {
            Server.Then(MessagesAnswer.Text("Hm") with { StopReason = native });

            var response = await AskAsync(streaming, "?");

            Assert.Equal((expected, native), (response.FinishReason!.Value.Value, Fact(response, AnswerProperties.NativeFinishReason)));
        }
    }

    [Fact]
    public async Task A_call_whose_input_was_cut_off_keeps_what_came_of_it()
    {
        var whole = MessagesAnswer.Of(MessagesAnswer.ToolUse("toolu_1", "f", """{"text":"long long"}""")) with { StopReason = "max_tokens" };
        var cut = whole.Events(Model).Where((_, i) => i is not (5 or 6)).ToList();
        using var client = new AnthropicMessagesChatClient(
            new AnthropicMessagesOptions { DefaultModelId = Model }, new HttpClient(new FixedAnswer(string.Concat(cut.Select(MessagesAnswer.Sse)))));

        var response = await AskAsync(client, streaming: true, [new(ChatRole.User, "?")]);

        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages[0].Contents));
        Assert.NotNull(call.Exception);
        Assert.StartsWith("{\"tex", Assert.IsType<string>(call.RawRepresentation), StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
    }
}
