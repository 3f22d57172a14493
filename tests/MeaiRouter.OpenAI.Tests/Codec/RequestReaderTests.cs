using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class RequestReaderTests
{
    // Everything at once, in the form in which this library writes it, so that reading and writing must give the same text.
    private const string Everything = """
        {"model":"acme/small","messages":[
          {"role":"system","content":"Be brief"},
          {"role":"developer","content":"Be kind"},
          {"role":"user","name":"zoe","content":[
            {"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
            {"type":"image_url","image_url":{"url":"https://a.example/i.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
            {"type":"input_audio","input_audio":{"data":"AQID","format":"wav"}},
            {"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}},
            {"type":"file","file":{"file_id":"file-1"}},
            {"type":"video_url","video_url":{"url":"https://a.example/v.mp4"}}]},
          {"role":"assistant","content":"Thinking","reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm","signature":"s","index":0}],
           "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1.50}"},"extra_content":{"k":1}},
                         {"id":"b","type":"function","function":{"name":"g","arguments":"not json"}}]},
          {"role":"tool","content":"42","tool_call_id":"a"},
          {"role":"tool","content":[{"type":"text","text":"p"},{"type":"text","text":"q"}],"tool_call_id":"b"},
          {"role":"assistant","content":"Answer","reasoning_content":"Deep","audio":{"id":"audio-1"}},
          {"role":"assistant","content":null,"refusal":"No"},
          {"role":"user","content":"Go on","cache_control":{"type":"ephemeral"}}],
         "max_tokens":64,"temperature":0.7,"top_p":0.9,"top_k":5,"frequency_penalty":0.5,"presence_penalty":-0.5,"seed":9007199254740993,
         "stop":["END"],"parallel_tool_calls":false,"reasoning_effort":"high",
         "tools":[
          {"type":"function","function":{"name":"f","description":"F","parameters":{"type":"object","properties":{"x":{"type":"number"}}},"strict":false},"cache_control":{"type":"ephemeral"}},
          {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}},
          {"type":"openrouter:web_search","parameters":{"max_results":3}}],
         "tool_choice":{"type":"function","function":{"name":"f"}},
         "response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object","properties":{},"required":[],"additionalProperties":false},"strict":true}},
         "user":"u","logit_bias":{"50256":-100},"logprobs":true,"top_logprobs":2,"verbosity":"low","prediction":{"type":"content","content":"x"},
         "metadata":{"k":"v"},"min_p":0.05,"repetition_penalty":1.1,"service_tier":"flex","modalities":["text"]}
        """;

    [Fact]
    public void A_request_that_was_read_is_written_as_it_was()
    {
        var (messages, options) = Wire.Request(Everything);
        var written = Wire.Written(messages, options);

        Wire.EqualJson(Everything, written);

        var (again, optionsAgain) = Wire.Request(written);
        Assert.Equal(written, Wire.Written(again, optionsAgain));
    }

    [Fact]
    public void Messages_and_options_are_what_Microsoft_Extensions_AI_means_by_them()
    {
        var (messages, options) = Wire.Request(Everything);

        Assert.Equal(
            ["system", "developer", "user", "assistant", "tool", "tool", "assistant", "assistant", "user"], messages.Select(static m => m.Role.Value));
        Assert.Equal("zoe", messages[2].AuthorName);
        Assert.Equal(
            [
                typeof(TextContent), typeof(UriContent), typeof(DataContent), typeof(DataContent), typeof(DataContent), typeof(DataContent),
                typeof(HostedFileContent), typeof(UriContent),
            ],
            messages[2].Contents.Select(static c => c.GetType()));
        Assert.Equal(["image/png", "audio/wav", "audio/mpeg", "application/pdf"], messages[2].Contents.OfType<DataContent>().Select(static d => d.MediaType));
        Assert.Equal([1, 2, 3], messages[2].Contents.OfType<DataContent>().First().Data.ToArray());
        Assert.Equal("video/*", Assert.IsType<UriContent>(messages[2].Contents[^1]).MediaType);

        Assert.Equal(
            [typeof(TextReasoningContent), typeof(TextContent), typeof(FunctionCallContent), typeof(FunctionCallContent)],
            messages[3].Contents.Select(static c => c.GetType()));
        Assert.Equal("42", Assert.IsType<FunctionResultContent>(Assert.Single(messages[4].Contents)).Result);
        Assert.Equal("Refusal", Assert.IsType<ErrorContent>(Assert.Single(messages[7].Contents)).ErrorCode);

        Assert.Equal(("acme/small", 64, 0.7f, 0.9f, 5), (options.ModelId, options.MaxOutputTokens, options.Temperature, options.TopP, options.TopK));
        Assert.Equal((0.5f, -0.5f, 9007199254740993L), (options.FrequencyPenalty, options.PresencePenalty, options.Seed));
        Assert.Equal(["END"], options.StopSequences);
        Assert.Equal((false, ReasoningEffort.High), (options.AllowMultipleToolCalls, options.Reasoning?.Effort));
        Assert.Equal("f", Assert.IsType<RequiredChatToolMode>(options.ToolMode).RequiredFunctionName);
        Assert.Equal(["f", "g", "openrouter:web_search"], options.Tools!.Select(static t => t.Name));
        Assert.All(options.Tools!, static tool => Assert.False(tool is AIFunction));
        Assert.Equal("n", Assert.IsType<ChatResponseFormatJson>(options.ResponseFormat).SchemaName);
    }

    [Fact]
    public void Routing_fields_stay_with_the_request_and_go_to_no_provider()
    {
        const string Json = """
            {"model":"a","models":["b","c"],"provider":{"order":["x"]},"route":"fallback","preset":"p","plugins":[{"id":"web"}],"session_id":"s",
             "trace":{"t":1},"usage":{"include":true},"transforms":["middle-out"],"debug":{"echo":true},"stream":true,"stream_options":{"include_usage":false},
             "messages":[{"role":"user","content":"Hi"}]}
            """;
        var request = RequestReader.Parse(Encoding.UTF8.GetBytes(Json));

        Assert.Equal(["b", "c"], request.Models!.Select(entry => entry.Model));
        Assert.Equal("x", request.Provider?.GetProperty("order")[0].GetString());
        Assert.Equal((true, false), (request.Stream, request.StreamOptions?.IncludeUsage));
        Assert.Equal("p", request.Preset?.GetString());

        var (messages, options) = RequestReader.Read(request);
        Wire.EqualJson("""{"model":"a","messages":[{"role":"user","content":"Hi"}]}""", Wire.Written(messages, options));
    }

    [Theory]
    [InlineData("""{"stop":"END"}""", """{"stop":["END"]}""")]
    [InlineData("""{"max_completion_tokens":5,"max_tokens":9}""", """{"max_tokens":5}""")]
    [InlineData("""{"reasoning":{"effort":"low"}}""", """{"reasoning_effort":"low"}""")]
    [InlineData("""{"reasoning":{"effort":"low","exclude":true}}""", """{"reasoning":{"effort":"low","exclude":true}}""")]
    [InlineData("""{"reasoning":{"max_tokens":1000}}""", """{"reasoning":{"max_tokens":1000}}""")]
    [InlineData("""{"reasoning_effort":"minimal"}""", """{"reasoning_effort":"minimal"}""")]
    [InlineData("""{"response_format":{"type":"grammar","grammar":"g"}}""", """{"response_format":{"type":"grammar","grammar":"g"}}""")]
    [InlineData("""{"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto"}}}""", """{"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto"}}}""")]
    [InlineData("""{"n":1,"temperature":null,"tools":null,"stop":null,"provider":null}""", "{}")]
    public void Other_forms_of_the_same_are_understood(string fields, string expected)
    {
        var (messages, options) = Wire.Request(With(fields));

        Wire.EqualJson(With(expected), Wire.Written(messages, options));
    }

    [Theory]
    [InlineData("""{"model":7}""", "`model` is 7: it must be a string such as \"openai/gpt-4o\".")]
    [InlineData("""{"temperature":"hot"}""", "`temperature` is a string: it must be a number.")]
    [InlineData("""{"max_tokens":1.5}""", "`max_tokens` is 1.5: it must be a whole number of at least 1.")]
    [InlineData("""{"max_tokens":-1}""", "`max_tokens` is -1: it must be a whole number of at least 1.")]
    [InlineData("""{"max_completion_tokens":0,"max_tokens":5}""", "`max_completion_tokens` is 0: it must be a whole number of at least 1.")]
    [InlineData("""{"stream":"yes"}""", "`stream` is a string: it must be true or false.")]
    [InlineData("""{"stop":5}""", "`stop` is 5: it must be a string or an array of strings.")]
    [InlineData("""{"models":"a"}""", "`models` is a string: it must be an array of model names.")]
    [InlineData("""{"messages":"Hello"}""", "`messages` is a string: it must be an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"messages":[]}""", "`messages` is empty: it must be an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"messages":null}""", "`messages` is missing: it must be an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"messages":["Hello"]}""", "`messages[0]` is a string: it must be an item of an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"messages":[null]}""", "`messages[0]` is null: it must be an item of an array of messages such as {\"role\":\"user\",\"content\":\"Hello\"}.")]
    [InlineData("""{"messages":[{"content":"Hi"}]}""", "`messages[0].role` is missing: it must be \"system\", \"developer\", \"user\", \"assistant\" or \"tool\".")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "`messages[0].content` is missing: it must be a string or an array of content parts.")]
    [InlineData("""{"messages":[{"role":"user","content":7}]}""", "`messages[0].content` is 7: it must be a string or an array of content parts.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}]}""", "`messages[0].content[0].type` is missing: it must be a string.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":7}]}]}""", "`messages[0].content[0].text` is 7: it must be a string.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":{}}}]}]}""", "`messages[0].content[0].image_url.url` is an object: it must be a string.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"https://a.example"}]}]}""", "`messages[0].content[0].image_url` has no url: it must be an object such as {\"url\":\"https://...\"}.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"i.png"}}]}]}""", "`messages[0].content[0].image_url` holds neither an absolute URI nor valid base64: it must be an object such as {\"url\":\"https://...\"}.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"%%","format":"wav"}}]}]}""", "`messages[0].content[0].input_audio` holds neither an absolute URI nor valid base64: it must be an object with \"data\" in base64 and \"format\".")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}""", "`messages[0].content[0].file` has neither file_data nor file_id: it must be an object with \"file_data\" or \"file_id\".")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "`messages[0].tool_call_id` is missing: it must be a string.")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{}}]}]}""", "`messages[0].tool_calls[0].function` is missing or has no name: it must be an object with a name.")]
    [InlineData("""{"tools":[{"function":{"name":"f"}}]}""", "`tools[0].type` is missing: it must be a string.")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":""}}]}""", "`tools[0].function` is missing or has no name: it must be an object with a name.")]
    [InlineData("""{"tool_choice":"any"}""", "`tool_choice` is not a known word: it must be \"auto\", \"none\", \"required\" or an object that names a function.")]
    [InlineData("""{"response_format":{"type":"json_schema"}}""", "`response_format.json_schema` is missing: it must be an object with \"name\" and \"schema\".")]
    [InlineData("""{"reasoning":"high"}""", "`reasoning` must be an object such as {\"effort\":\"low\"}.")]
    [InlineData("""{"n":2}""", "`n` must be 1: ask several times for several answers.")]
    public void A_wrong_field_is_named_with_what_it_holds_and_what_it_must_hold(string fields, string message)
    {
        var failure = Assert.Throws<RouterException>(() => Wire.Request(With(fields)));

        Assert.Equal((FailureKind.InvalidRequest, message), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("[]", "The request's body is an array: it must be a JSON object.")]
    [InlineData("\"hi\"", "The request's body is a string: it must be a JSON object.")]
    [InlineData("null", "The request's body is null: it must be a JSON object.")]
    public void A_body_that_is_no_object_is_refused(string body, string message) =>
        Assert.Equal(message, Assert.Throws<RouterException>(() => Wire.Request(body)).Message);

    [Theory, InlineData(""), InlineData("{"), InlineData("hello"), InlineData("""{"model":"a",}""")]
    public void A_body_that_is_no_json_is_refused(string body)
    {
        var failure = Assert.Throws<RouterException>(() => Wire.Request(body));

        Assert.Equal(FailureKind.InvalidRequest, failure.Kind);
        Assert.StartsWith("The request's body is not valid JSON: ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A good request with these fields added or replaced.</summary>
    private static string With(string fields)
    {
        var request = new Dictionary<string, JsonElement> { ["messages"] = JsonElement.Parse("""[{"role":"user","content":"Hi"}]""") };
        foreach (var field in JsonElement.Parse(fields).EnumerateObject())
            request[field.Name] = field.Value;
        return JsonSerializer.Serialize<IDictionary<string, JsonElement>>(request, WireJson.Strict.IDictionaryStringJsonElement);
    }
}
