#pragma warning disable OPENAI001, SCME0001 // Experimental in the SDK.
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using OpenAI.Responses;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The Responses client of the official OpenAI SDK for .NET, of which only the base URL and the key were changed.</summary>
public sealed class OpenAISdkResponsesTests : GatewayTest
{
    private static readonly FunctionTool Weather = ResponseTool.CreateFunctionTool(
        "weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""),
        strictModeEnabled: true, functionDescription: "The weather in a city.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_text_status_and_usage(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithUsage(prompt: 1000, completion: 200, cached: 300, reasoning: 50));

        var answer = await AskAsync(
            streaming, Options(ResponseItem.CreateUserMessageItem("Hi")), options =>
            {
                options.Instructions = "Be kind.";
                options.Temperature = 0.5f;
                options.MaxOutputTokenCount = 99;
                options.StoredOutputEnabled = false;
                options.Metadata["a"] = "b";
                options.TruncationMode = ResponseTruncationMode.Disabled;
                options.ParallelToolCallsEnabled = false;
            });

        Assert.Equal(
            ("Hello, wörld 🙂", ResponseStatus.Completed, Model, 0.5f, 99, false),
            (answer.GetOutputText(), answer.Status, answer.Model, answer.Temperature, answer.MaxOutputTokenCount, answer.ParallelToolCallsEnabled));
        Assert.Equal(
            (1000, 200, 1200, 300, 50),
            (answer.Usage.InputTokenCount, answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount, answer.Usage.InputTokenDetails.CachedTokenCount,
                answer.Usage.OutputTokenDetails.ReasoningTokenCount));
        Assert.Equal((await Gateway.Ledger.SingleAsync()).Id, answer.Id);
        Assert.Equal("b", answer.Metadata["a"]);
        Assert.Equal(ResponseTruncationMode.Disabled, answer.TruncationMode);
        Assert.Null(answer.Error);
        HttpAnswer.AssertJson(
            """[ { "role": "system", "content": "Be kind." }, { "role": "user", "content": "Hi" } ]""",
            JsonNode.Parse(First.Requests.Single().Body.GetProperty("messages").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_loop_goes_round_and_ends(bool streaming)
    {
        FirstScript
            .Next(Reply.Text("Let me look.").WithReasoning("Where?").WithToolCall("weather", new { city = "Oslo" }, "call_a").WithToolCall("weather", new { city = "Łódź" }, "call_b"))
            .Next(Reply.Text("Oslo: rain. Łódź: sun."));
        var options = Options(ResponseItem.CreateUserMessageItem("How is the weather in Oslo and Łódź?"));
        options.Tools.Add(Weather);
        options.ToolChoice = ResponseToolChoice.CreateAutoChoice();

        var asks = await AskAsync(streaming, options);
        var calls = asks.OutputItems.OfType<FunctionCallResponseItem>().ToList();
        Assert.Equal(
            [("call_a", "weather", """{"city":"Oslo"}"""), ("call_b", "weather", """{"city":"Łódź"}""")],
            calls.Select(call => (call.CallId, call.FunctionName, call.FunctionArguments.ToString())));
        Assert.Equal("weather", Assert.IsType<FunctionTool>(Assert.Single(asks.Tools)).FunctionName);
        foreach (var item in asks.OutputItems)
            options.InputItems.Add(item);
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem("call_a", "rain"));
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem("call_b", "sun"));
        var ends = await AskAsync(streaming, options);

        Assert.Equal("Oslo: rain. Łódź: sun.", ends.GetOutputText());
        HttpAnswer.AssertJson(
            """
            [ { "role": "user", "content": "How is the weather in Oslo and Łódź?" },
              { "role": "assistant", "content": "Let me look.", "reasoning": "Where?", "tool_calls": [
                { "id": "call_a", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
                { "id": "call_b", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Łódź\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_a", "content": "rain" },
              { "role": "tool", "tool_call_id": "call_b", "content": "sun" } ]
            """,
            JsonNode.Parse(First.Requests[1].Body.GetProperty("messages").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_reasoning_goes_back_to_its_maker(bool streaming)
    {
        const string details = """[{"type":"reasoning.text","text":"Hm.","signature":"sig","format":"anthropic-claude-v1","index":0}]""";
        FirstScript
            .Next(streaming
                ? Reply.Sse(
                    $$"""data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","reasoning":"Hm.","reasoning_details":{{details}}},"finish_reason":null}]}""" + "\n\n",
                    """data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n")
                : Reply.Json($$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning":"Hm.","reasoning_details":{{details}}},"finish_reason":"stop"}]}"""))
            .Next(Reply.Text("Still hi."));
        var options = Options(ResponseItem.CreateUserMessageItem("Hi"));

        var first = await AskAsync(streaming, options);
        foreach (var item in first.OutputItems)
            options.InputItems.Add(item);
        options.InputItems.Add(ResponseItem.CreateUserMessageItem("And now?"));
        await AskAsync(streaming, options);

        Assert.IsType<ReasoningResponseItem>(first.OutputItems[0]);
        HttpAnswer.AssertJson(
            $$"""[ { "role": "user", "content": "Hi" }, { "role": "assistant", "content": "Hi", "reasoning_details": {{details}} }, { "role": "user", "content": "And now?" } ]""",
            JsonNode.Parse(First.Requests[1].Body.GetProperty("messages").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_json_schema_reaches_the_provider_and_the_answer_fits_it(bool streaming)
    {
        const string schema = """{"type":"object","properties":{"city":{"type":"string"},"degrees":{"type":"integer"}},"required":["city","degrees"],"additionalProperties":false}""";
        FirstScript.Answers("""{"city":"Oslo","degrees":-4}""");

        var answer = await AskAsync(
            streaming, Options(ResponseItem.CreateUserMessageItem("Weather?")),
            options => options.TextOptions = new() { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("weather", BinaryData.FromString(schema), "The weather.", jsonSchemaIsStrict: true) });

        Assert.Equal(-4, JsonDocument.Parse(answer.GetOutputText()).RootElement.GetProperty("degrees").GetInt32());
        Assert.Equal(ResponseTextFormatKind.JsonSchema, answer.TextOptions.TextFormat.Kind);
        HttpAnswer.AssertJson(
            $$"""{ "type": "json_schema", "json_schema": { "name": "weather", "description": "The weather.", "strict": true, "schema": {{schema}} } }""",
            JsonNode.Parse(First.Requests.Single().Body.GetProperty("response_format").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_and_files_reach_the_provider(bool streaming)
    {
        FirstScript.Answers("A cat.");
        byte[] bytes = [0x89, 0x50, 0x4e, 0x47];

        var answer = await AskAsync(streaming, Options(ResponseItem.CreateUserMessageItem(
        [
            ResponseContentPart.CreateInputTextPart("What is it?"),
            ResponseContentPart.CreateInputImagePart(new Uri("https://example.com/cat.png"), ResponseImageDetailLevel.Low),
            ResponseContentPart.CreateInputImagePart(BinaryData.FromBytes(bytes, "image/png")),
            ResponseContentPart.CreateInputFilePart(BinaryData.FromBytes(bytes), "application/pdf", "a.pdf"),
        ])));

        Assert.Equal("A cat.", answer.GetOutputText());
        HttpAnswer.AssertJson(
            $$"""
            [ { "type": "text", "text": "What is it?" },
              { "type": "image_url", "image_url": { "url": "https://example.com/cat.png", "detail": "low" } },
              { "type": "image_url", "image_url": { "url": "data:image/png;base64,{{Convert.ToBase64String(bytes)}}" } },
              { "type": "file", "file": { "filename": "a.pdf", "file_data": "data:application/pdf;base64,{{Convert.ToBase64String(bytes)}}" } } ]
            """,
            JsonNode.Parse(First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_reasoning_effort_reaches_the_provider_and_the_summary_comes_back(bool streaming)
    {
        const string details = """[{"type":"reasoning.summary","summary":"Six times seven.","id":"rs_1","format":"openai-responses-v1","index":0},{"type":"reasoning.encrypted","data":"gAAA","id":"rs_1","format":"openai-responses-v1","index":1}]""";
        FirstScript.Always(streaming
            ? Reply.Sse(
                $$"""data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","reasoning_details":{{details}}},"finish_reason":null}]}""" + "\n\n",
                """data: {"id":"c","choices":[{"index":0,"delta":{"content":"42"},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n")
            : Reply.Json($$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"42","reasoning_details":{{details}}},"finish_reason":"stop"}]}"""));

        var answer = await AskAsync(
            streaming, Options(ResponseItem.CreateUserMessageItem("6 x 7?")),
            options => options.ReasoningOptions = new()
            {
                ReasoningEffortLevel = ResponseReasoningEffortLevel.Low, ReasoningSummaryVerbosity = ResponseReasoningSummaryVerbosity.Auto,
            });

        var reasoning = Assert.IsType<ReasoningResponseItem>(answer.OutputItems[0]);
        Assert.Equal(("rs_1", "Six times seven.", "gAAA", "42"), (reasoning.Id, reasoning.GetSummaryText(), reasoning.EncryptedContent, answer.GetOutputText()));
        Assert.Equal(ResponseReasoningEffortLevel.Low, answer.ReasoningOptions.ReasoningEffortLevel);
        Assert.Equal("low", First.Requests.Single().Body.GetProperty("reasoning_effort").GetString());
        Assert.False(First.Requests.Single().Body.TryGetProperty("reasoning", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_is_a_part_of_the_message(bool streaming)
    {
        FirstScript.Always(Reply.Refusal("I would rather not."));

        var answer = await AskAsync(streaming);

        var part = Assert.Single(Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(answer.OutputItems)).Content);
        Assert.Equal((ResponseContentPartKind.Refusal, "I would rather not."), (part.Kind, part.Refusal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_citation_is_an_annotation_of_the_text(bool streaming)
    {
        const string annotations = """[{"type":"url_citation","url_citation":{"url":"https://a.example/x","title":"T","start_index":3,"end_index":8}}]""";
        FirstScript.Always(streaming
            ? Reply.Sse(
                """data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"It rains."},"finish_reason":null}]}""" + "\n\n",
                $$"""data: {"id":"c","choices":[{"index":0,"delta":{"annotations":{{annotations}}},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n")
            : Reply.Json($$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"It rains.","annotations":{{annotations}}},"finish_reason":"stop"}]}"""));

        var answer = await AskAsync(streaming);

        var part = Assert.Single(Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(answer.OutputItems)).Content);
        var citation = Assert.IsType<UriCitationMessageAnnotation>(Assert.Single(part.OutputTextAnnotations));
        Assert.Equal(("https://a.example/x", "T", 3, 8), (citation.Uri.ToString(), citation.Title, citation.StartIndex, citation.EndIndex));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_ran_out_of_tokens_says_why_it_is_incomplete(bool streaming)
    {
        FirstScript.Always(Reply.Text("Half an ans").WithFinishReason("length"));

        var answer = await AskAsync(streaming);

        Assert.Equal(
            (ResponseStatus.Incomplete, ResponseIncompleteStatusReason.MaxOutputTokens, "Half an ans"),
            (answer.Status, answer.IncompleteStatusDetails.Reason, answer.GetOutputText()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_does_not_fit_the_context_is_an_incomplete_answer_without_output(bool streaming)
    {
        FirstScript.Always(Fault.ContextLengthExceeded());
        SecondScript.Always(Fault.ContextLengthExceeded());

        var answer = await AskAsync(streaming);

        Assert.Equal((ResponseStatus.Incomplete, ResponseIncompleteStatusReason.MaxOutputTokens), (answer.Status, answer.IncompleteStatusDetails.Reason));
        Assert.Empty(answer.OutputItems);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_that_the_model_made_is_an_item_of_its_own(bool streaming)
    {
        const string images = """[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]""";
        FirstScript.Always(streaming
            ? Reply.Sse(
                """data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"Here:"},"finish_reason":null}]}""" + "\n\n",
                $$"""data: {"id":"c","choices":[{"index":0,"delta":{"images":{{images}}},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n")
            : Reply.Json($$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Here:","images":{{images}}},"finish_reason":"stop"}]}"""));

        var answer = await AskAsync(streaming);

        var image = Assert.IsType<ImageGenerationCallResponseItem>(answer.OutputItems[1]);
        Assert.Equal("Here:", answer.GetOutputText());
        Assert.Equal([1, 2, 3], image.ImageResultBytes.ToArray());
    }

    [Fact]
    public async Task A_stream_that_breaks_for_good_is_an_error_and_failed()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 70), "two").CutAfter(1));
        SecondScript.Answers("something else");
        var updates = new List<StreamingResponseUpdate>();

        await foreach (var update in await Client().CreateResponseStreamingAsync(Streamed(Options(ResponseItem.CreateUserMessageItem("Hi")))))
            updates.Add(update);

        var error = Assert.IsType<StreamingResponseErrorUpdate>(updates[^2]);
        var failed = Assert.IsType<StreamingResponseFailedUpdate>(updates[^1]).Response;
        Assert.StartsWith("The stream broke after 70 characters had been delivered.", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ("server_error", ResponseStatus.Failed, ResponseErrorCode.ServerError, error.Message, new string('a', 70)),
            (error.Code, failed.Status, failed.Error.Code, failed.Error.Message, failed.GetOutputText()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failures_are_exceptions_with_status_and_reason(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, message: "Under repair."));
        SecondScript.Always(Fault.Status(502, message: "On fire."));

        var down = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming));
        var unknown = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming, configure: options => options.Model = "acme/smal"));
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming, key: "sk-wrong-key"));
        var remembered = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(streaming, configure: options => options.PreviousResponseId = "resp_1"));

        Assert.Equal((503, 400, 401, 400), (down.Status, unknown.Status, refused.Status, remembered.Status));
        Assert.Contains("second/small-2: Unavailable (HTTP 502), second answered 502: second: On fire.", down.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'acme/small'?", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("The key is not known here.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("`previous_response_id` is set", remembered.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaving_closes_the_providers_connection(bool streaming)
    {
        FirstScript.Always(streaming ? Reply.Chunks("one ", "two").StallAfter(1) : Reply.Text("never").StallAfter(0));
        using var cancellation = new CancellationTokenSource();

        var asked = AskAsync(streaming, onText: cancellation.Cancel, cancellationToken: cancellation.Token);
        await First.WaitForRequestsAsync(1).WaitAsync(Patience);
        if (!streaming)
            await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        // Not at once: between two reads the SDK's transport first drains the stream for up to two seconds before it closes its connection.
        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.Equal(0, Second.RequestCount);
    }

    private static CreateResponseOptions Options(params ReadOnlySpan<ResponseItem> items) => new(Model, items.ToArray());

    private static CreateResponseOptions Streamed(CreateResponseOptions options)
    {
        options.StreamingEnabled = true;
        return options;
    }

    private ResponsesClient Client(string key = Key) =>
        new(new ApiKeyCredential(key), new ResponsesClientOptions { Endpoint = Gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) });

    /// <summary>Asks; of a stream every event is read, and what the deltas say is what the answer says.</summary>
    private async Task<ResponseResult> AskAsync(
        bool streaming, CreateResponseOptions? options = null, Action<CreateResponseOptions>? configure = null, string key = Key, Action? onText = null,
        CancellationToken cancellationToken = default)
    {
        options ??= Options(ResponseItem.CreateUserMessageItem("Hi"));
        configure?.Invoke(options);
        if (!streaming)
        {
            options.StreamingEnabled = null;
            return await Client(key).CreateResponseAsync(options, cancellationToken);
        }

        var text = "";
        var done = new List<ResponseItem>();
        ResponseResult? answer = null;
        await foreach (var update in await Client(key).CreateResponseStreamingAsync(Streamed(options), cancellationToken))
        {
            switch (update)
            {
                case StreamingResponseOutputTextDeltaUpdate delta:
                    text += delta.Delta;
                    onText?.Invoke();
                    break;
                case StreamingResponseOutputItemDoneUpdate item:
                    done.Add(item.Item);
                    break;
                case StreamingResponseCompletedUpdate completed:
                    answer = completed.Response;
                    break;
                case StreamingResponseIncompleteUpdate incomplete:
                    answer = incomplete.Response;
                    break;
            }
        }

        Assert.Equal(text, answer!.GetOutputText() ?? "");
        Assert.Equal(answer.OutputItems.Select(item => (item.Id, item.GetType())), done.Select(item => (item.Id, item.GetType())));
        return answer;
    }
}
