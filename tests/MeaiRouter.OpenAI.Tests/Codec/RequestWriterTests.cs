using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;
using NSubstitute;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class RequestWriterTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    [Fact]
    public void Every_option_has_its_field()
    {
        var options = new ChatOptions
        {
            ModelId = "m",
            Temperature = 0.7f,
            TopP = 0.9f,
            TopK = 40,
            FrequencyPenalty = 0.1f,
            PresencePenalty = -0.2f,
            Seed = 42,
            MaxOutputTokens = 100,
            StopSequences = ["END", "STOP"],
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh },
        };

        Wire.EqualJson(
            """
            {"model":"m","max_tokens":100,"temperature":0.7,"top_p":0.9,"top_k":40,"frequency_penalty":0.1,"presence_penalty":-0.2,
             "seed":42,"stop":["END","STOP"],"reasoning_effort":"xhigh"}
            """,
            Wire.WrittenOptions(options));
        Wire.EqualJson(
            """{"max_completion_tokens":100}""",
            Wire.WrittenOptions(new() { MaxOutputTokens = 100 }, new RequestSpelling { MaxCompletionTokens = true }));
    }

    [Fact]
    public void A_stream_is_asked_for_together_with_its_usage()
    {
        var request = RequestWriter.Write([new(ChatRole.User, "Hello")], options: null, stream: true);

        Wire.EqualJson(
            """{"messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}""", Wire.Text(request));
    }

    [Fact]
    public void Messages_keep_their_roles_names_and_order_and_instructions_lead()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, "Be brief"), new(new ChatRole("developer"), "Be kind"),
            new(ChatRole.User, "Hi") { AuthorName = "Zoë O'Neil_7" }, new(ChatRole.Assistant, "Hello"), new(ChatRole.User, []),
        ];

        Wire.EqualJson(
            """
            {"messages":[{"role":"system","content":"Be first"},{"role":"system","content":"Be brief"},{"role":"developer","content":"Be kind"},
             {"role":"user","content":"Hi","name":"ZoONeil_7"},{"role":"assistant","content":"Hello"},{"role":"user","content":""}]}
            """,
            Wire.Written(messages, new() { Instructions = "Be first" }));
    }

    [Fact]
    public void Every_kind_of_content_has_its_part()
    {
        var message = new ChatMessage(ChatRole.User,
        [
            new TextContent("Look") { AdditionalProperties = Extra("""{"cache_control":{"type":"ephemeral"}}""") },
            new UriContent("https://a.example/i.png", "image/png") { AdditionalProperties = new() { ["detail"] = "high" } },
            new DataContent(Bytes, "image/jpeg"),
            new DataContent(Bytes, "audio/wav"),
            new DataContent(Bytes, "audio/mpeg"),
            new DataContent(Bytes, "application/pdf") { Name = "a.pdf" },
            new DataContent(Bytes, "application/pdf"),
            new UriContent("https://a.example/b.pdf", "application/pdf"),
            new HostedFileContent("file-1"),
            new AIContent(),
        ]);

        Wire.EqualJson(
            """
            [{"role":"user","content":[{"type":"text","text":"Look","cache_control":{"type":"ephemeral"}},
             {"type":"image_url","image_url":{"url":"https://a.example/i.png","detail":"high"}},
             {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AQID"}},
             {"type":"input_audio","input_audio":{"data":"AQID","format":"wav"}},
             {"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}},
             {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}},
             {"type":"file","file":{"filename":"file.pdf","file_data":"data:application/pdf;base64,AQID"}},
             {"type":"file","file":{"filename":"file.pdf","file_data":"https://a.example/b.pdf"}},
             {"type":"file","file":{"file_id":"file-1"}}]}]
            """,
            Wire.WrittenMessages(message));
    }

    [Fact]
    public void Calls_and_results_of_tools_become_the_wire_s_messages()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.Assistant,
            [
                new TextContent("One "), new TextContent("moment"),
                new FunctionCallContent("a", "f", new Dictionary<string, object?> { ["city"] = "Zürich", ["n"] = 2, ["deep"] = JsonElement.Parse("[1,2]") }),
                new FunctionCallContent("b", "g"),
            ]),
            new(ChatRole.Tool,
            [
                new FunctionResultContent("a", "plain"), new FunctionResultContent("b", new Dictionary<string, object?> { ["t"] = 21.5 }),
            ]),
            new(ChatRole.User, [new FunctionResultContent("c", null), new TextContent("Thanks")]),
            new(ChatRole.Tool, [new FunctionResultContent("d", new List<AIContent> { new TextContent("x"), new DataContent(Bytes, "image/png") })]),
        ];

        Wire.EqualJson(
            """
            [{"role":"assistant","content":"One moment","tool_calls":[
               {"id":"a","type":"function","function":{"name":"f","arguments":"{\"city\":\"Zürich\",\"n\":2,\"deep\":[1,2]}"}},
               {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","content":"plain","tool_call_id":"a"},{"role":"tool","content":"{\"t\":21.5}","tool_call_id":"b"},
             {"role":"tool","content":"","tool_call_id":"c"},{"role":"user","content":"Thanks"},
             {"role":"tool","tool_call_id":"d","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]}]
            """,
            Wire.WrittenMessages(messages));
    }

    [Fact]
    public void A_refusal_goes_back_as_one() => Wire.EqualJson(
        """[{"role":"assistant","content":null,"refusal":"I cannot"}]""",
        Wire.WrittenMessages(new ChatMessage(ChatRole.Assistant, [new ErrorContent("I cannot") { ErrorCode = "Refusal" }])));

    [Fact]
    public void Tools_are_declared_with_their_schemas()
    {
        var tool = AIFunctionFactory.Create((string city, int days = 1) => city, "weather", "The weather");
        var strict = AIFunctionFactory.Create(
            (string city) => city, new AIFunctionFactoryOptions { Name = "strict", AdditionalProperties = new Dictionary<string, object?> { ["strict"] = true } });

        var written = JsonElement.Parse(Wire.WrittenOptions(new()
        {
            Tools = [tool, strict],
            ToolMode = ChatToolMode.RequireSpecific("weather"),
            AllowMultipleToolCalls = false,
        }));

        var tools = written.GetProperty("tools");
        Assert.Equal(2, tools.GetArrayLength());
        Assert.Equal("function", tools[0].GetProperty("type").GetString());
        var function = tools[0].GetProperty("function");
        Assert.Equal(("weather", "The weather"), (function.GetProperty("name").GetString(), function.GetProperty("description").GetString()));
        Assert.True(JsonElement.DeepEquals(tool.JsonSchema, function.GetProperty("parameters")));
        Assert.False(function.TryGetProperty("strict", out _));
        Assert.True(tools[1].GetProperty("function").GetProperty("strict").GetBoolean());
        Assert.False(tools[1].GetProperty("function").GetProperty("parameters").GetProperty("additionalProperties").GetBoolean());
        Wire.EqualJson("""{"type":"function","function":{"name":"weather"}}""", written.GetProperty("tool_choice").GetRawText());
        Assert.False(written.GetProperty("parallel_tool_calls").GetBoolean());
    }

    public static TheoryData<ChatToolMode, string> ToolModes => new()
    {
        { ChatToolMode.Auto, "auto" }, { ChatToolMode.None, "none" }, { ChatToolMode.RequireAny, "required" },
    };

    [Theory, MemberData(nameof(ToolModes))]
    public void Tool_choice_is_sent_only_with_tools(ChatToolMode mode, string word)
    {
        var tool = AIFunctionFactory.Create(() => 1, "f");

        var with = JsonElement.Parse(Wire.WrittenOptions(new() { Tools = [tool], ToolMode = mode }));
        Assert.Equal(word, with.GetProperty("tool_choice").GetString());
        Wire.EqualJson("""{"seed":1}""", Wire.WrittenOptions(new() { Seed = 1, ToolMode = mode, AllowMultipleToolCalls = true }));
    }

    [Fact]
    public void Response_formats_have_their_objects()
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"string"}}}""");
        Wire.EqualJson("""{"response_format":{"type":"text"}}""", Wire.WrittenOptions(new() { ResponseFormat = ChatResponseFormat.Text }));
        Wire.EqualJson("""{"response_format":{"type":"json_object"}}""", Wire.WrittenOptions(new() { ResponseFormat = ChatResponseFormat.Json }));
        Wire.EqualJson(
            """{"response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{"type":"object","properties":{"a":{"type":"string"}}}}}}""",
            Wire.WrittenOptions(new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "n", "d") }));
        Wire.EqualJson(
            """
            {"response_format":{"type":"json_schema","json_schema":{"name":"json_schema","strict":true,
             "schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}}}
            """,
            Wire.WrittenOptions(new()
            {
                ResponseFormat = ChatResponseFormat.ForJsonSchema(schema),
                AdditionalProperties = new() { ["strict"] = true },
            }));
    }

    [Fact]
    public void Only_the_extra_body_of_the_additional_properties_is_sent()
    {
        var options = new ChatOptions { Temperature = 1, TopP = 0.5f, AdditionalProperties = Extra("""{"user":"u","logit_bias":{"1":-100},"top_p":0.25,"min_p":0.1}""") };
        options.AdditionalProperties!["meairouter.context"] = new object();
        options.AdditionalProperties["something"] = "else";

        Wire.EqualJson("""{"temperature":1,"top_p":0.25,"user":"u","logit_bias":{"1":-100},"min_p":0.1}""", Wire.WrittenOptions(options));

        options.AdditionalProperties["extra_body"] = new JsonObject { ["user"] = "v" };
        Wire.EqualJson("""{"temperature":1,"top_p":0.5,"user":"v"}""", Wire.WrittenOptions(options));

        options.AdditionalProperties["extra_body"] = "user=v";
        var failure = Assert.Throws<RouterException>(() => Wire.WrittenOptions(options));
        Assert.Equal(
            (FailureKind.InvalidRequest, "AdditionalProperties[\"extra_body\"] must be a JSON object: a JsonElement or a JsonObject."),
            (failure.Kind, failure.Message));
    }

    [Fact]
    public void Members_of_the_raw_request_win_and_its_lists_grow()
    {
        var client = Substitute.For<IChatClient>();
        IChatClient? asked = null;
        var options = new ChatOptions
        {
            ModelId = "mine",
            Temperature = 1,
            Seed = 3,
            StopSequences = ["b"],
            AdditionalProperties = Extra("""{"user":"u","seed":7}"""),
            RawRepresentationFactory = c =>
            {
                asked = c;
                return new ChatCompletionRequest { Temperature = 0.5f, Stop = ["a"], Provider = JsonElement.Parse("""{"sort":"price"}"""), Messages = [], Stream = true };
            },
        };

        var request = RequestWriter.Write([new(ChatRole.User, "Hi")], options, stream: false, client);

        Assert.Same(client, asked);
        Wire.EqualJson(
            """{"model":"mine","messages":[{"role":"user","content":"Hi"}],"temperature":0.5,"seed":7,"stop":["a","b"],"user":"u","provider":{"sort":"price"}}""",
            Wire.Text(request));
        Assert.Equal(["b"], options.StopSequences);
    }

    private static AdditionalPropertiesDictionary Extra(string json) => new() { [RequestProperties.ExtraBody] = JsonElement.Parse(json) };
}
