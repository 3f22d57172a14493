using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Responses;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Responses;

public sealed class ResponseTermsTests
{
    [Theory]
    [InlineData("\"max_output_tokens\":99,\"temperature\":0.5,\"top_p\":0.25,\"top_k\":7", """{"max_tokens":99,"temperature":0.5,"top_p":0.25,"top_k":7}""")]
    [InlineData("\"frequency_penalty\":0.5,\"presence_penalty\":-0.5", """{"frequency_penalty":0.5,"presence_penalty":-0.5}""")]
    [InlineData("\"metadata\":{\"a\":\"b\"},\"user\":\"u\",\"service_tier\":\"flex\"", """{"metadata":{"a":"b"},"user":"u","service_tier":"flex"}""")]
    [InlineData("\"prompt_cache_key\":\"k\",\"safety_identifier\":\"s\",\"x_new\":[1]", """{"prompt_cache_key":"k","safety_identifier":"s","x_new":[1]}""")]
    [InlineData("\"text\":{\"verbosity\":\"low\"}", """{"verbosity":"low"}""")]
    [InlineData("\"text\":{\"format\":{\"type\":\"text\"}}", """{"response_format":{"type":"text"}}""")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_object\"}}", """{"response_format":{"type":"json_object"}}""")]
    [InlineData(
        "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"description\":\"d\",\"strict\":true,\"schema\":{\"type\":\"object\"}}}",
        """{"response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","strict":true,"schema":{"type":"object"}}}}""")]
    [InlineData("\"include\":[\"message.output_text.logprobs\"],\"top_logprobs\":3", """{"logprobs":true,"top_logprobs":3}""")]
    [InlineData("\"include\":[\"reasoning.encrypted_content\"],\"truncation\":\"disabled\",\"store\":false,\"background\":false,\"max_tool_calls\":3,\"stream_options\":{\"include_obfuscation\":false}", "{}")]
    [InlineData("\"previous_response_id\":null,\"conversation\":null,\"prompt\":null,\"tools\":null,\"tool_choice\":null,\"reasoning\":null,\"text\":null,\"include\":null,\"metadata\":null,\"user\":null", "{}")]
    public void Fields_have_their_counterparts_in_chat_completions(string fields, string sent) => Codec.Wire.EqualJson(sent, ResponseWire.SentFields(fields));

    [Theory]
    [InlineData("\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}", ReasoningEffort.Low, ReasoningOutput.Summary)]
    [InlineData("\"reasoning\":{\"effort\":\"high\",\"summary\":\"detailed\"}", ReasoningEffort.High, ReasoningOutput.Full)]
    [InlineData("\"reasoning\":{\"generate_summary\":\"concise\"}", null, ReasoningOutput.Summary)]
    [InlineData("\"reasoning\":{\"effort\":\"none\"}", ReasoningEffort.None, null)]
    [InlineData("\"reasoning\":{}", null, null)]
    public void Effort_and_summary_are_options(string fields, ReasoningEffort? effort, ReasoningOutput? output)
    {
        var options = ResponseWire.Read($$"""{"model":"m","input":"Hello",{{fields}}}""").Options;

        Assert.Equal((effort, output), (options.Reasoning?.Effort, options.Reasoning?.Output));
    }

    [Theory]
    [InlineData("\"reasoning\":{\"max_tokens\":2000}", "max_tokens", "2000")]
    [InlineData("\"reasoning\":{\"enabled\":true,\"summary\":\"auto\"}", "enabled", "true")]
    public void A_budget_and_a_switch_reach_whoever_adapts_the_request_and_the_summary_no_provider(string fields, string name, string value)
    {
        var options = ResponseWire.Read($$"""{"model":"m","input":"Hello",{{fields}}}""").Options;

        var reasoning = ((JsonElement)options.AdditionalProperties![RequestProperties.ExtraBody]!).GetProperty("reasoning");
        Codec.Wire.EqualJson($$"""{"{{name}}":{{value}}}""", reasoning.GetRawText());
    }

    [Fact]
    public void Functions_are_declared_to_the_letter() => Codec.Wire.EqualJson(
        """
        {"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string","default":"x"}}},"strict":true},"cache_control":{"type":"ephemeral"}},
                  {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],
         "tool_choice":{"type":"function","function":{"name":"g"}},"parallel_tool_calls":false}
        """,
        ResponseWire.SentFields(
            """
            "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string","default":"x"}}},"strict":true,"cache_control":{"type":"ephemeral"}},
                     {"type":"function","name":"g","parameters":null,"strict":null}],
            "tool_choice":{"type":"function","name":"g"},"parallel_tool_calls":false
            """));

    [Theory]
    [InlineData("\"auto\"", "\"auto\"", "[\"f\",\"g\"]")]
    [InlineData("\"none\"", "\"none\"", "[\"f\",\"g\"]")]
    [InlineData("\"required\"", "\"required\"", "[\"f\",\"g\"]")]
    [InlineData("""{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}""", "\"required\"", "[\"g\"]")]
    [InlineData("""{"type":"allowed_tools","tools":[{"type":"function","name":"g"},{"type":"function","name":"f"}]}""", "\"auto\"", "[\"f\",\"g\"]")]
    public void A_choice_is_a_word_a_function_or_some_of_the_tools(string choice, string sentChoice, string sentTools)
    {
        using var sent = JsonDocument.Parse(
            ResponseWire.SentFields($$"""" "tools":[{"type":"function","name":"f"},{"type":"function","name":"g"}],"tool_choice":{{choice}} """"));

        Assert.Equal(sentChoice, sent.RootElement.GetProperty("tool_choice").GetRawText());
        Assert.Equal(
            JsonSerializer.Deserialize<string[]>(sentTools)!,
            sent.RootElement.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
    }

    [Fact]
    public void Routing_fields_stay_behind_for_whoever_routes()
    {
        var terms = ResponseRequestReader.ReadTerms(ResponseWire.Parse(
            """
            {"model":"m","models":["n"],"provider":{"sort":"price"},"route":"fallback","preset":"p","plugins":[{"id":"response-healing"}],"session_id":"s",
             "trace":{"a":1},"debug":{"echo_upstream_body":true},"stream":true,"input":"Hello"}
            """));

        Assert.Equal(("m", "n", true), (terms.Model, Assert.Single(terms.Models!).Model, terms.Stream));
        Assert.Equal(
            ["""{"sort":"price"}""", "\"fallback\"", "\"p\"", """[{"id":"response-healing"}]""", "\"s\"", """{"a":1}""", """{"echo_upstream_body":true}"""],
            new[] { terms.Provider, terms.Route, terms.Preset, terms.Plugins, terms.SessionId, terms.Trace, terms.Debug }.Select(field => field!.Value.GetRawText()));
        Assert.Null(terms.Extra);
    }

    [Theory]
    [InlineData("auto", "", """[{"id":"context-compression"}]""")]
    [InlineData("auto", "\"plugins\":[{\"id\":\"response-healing\"}],", """[{"id":"context-compression"},{"id":"response-healing"}]""")]
    [InlineData("disabled", "", """[{"id":"context-compression","enabled":false}]""")]
    public void Truncation_is_OpenRouters_context_compression(string truncation, string plugins, string expected)
    {
        var terms = ResponseRequestReader.ReadTerms(ResponseWire.Parse($$"""{"model":"m",{{plugins}}"truncation":"{{truncation}}","input":"Hello"}"""));

        Codec.Wire.EqualJson(expected, terms.Plugins!.Value.GetRawText());
    }

    [Theory]
    [InlineData("\"store\":true", "`store` is true: nothing is kept here. Leave it out or send false, and send the whole conversation as `input`.")]
    [InlineData("\"background\":true", "`background` is true: answers cannot be fetched later here. Leave it out, or stream the answer.")]
    [InlineData("\"previous_response_id\":\"resp_1\"", "`previous_response_id` is set: nothing is kept here. Send the whole conversation as `input`.")]
    [InlineData("\"conversation\":{\"id\":\"c\"}", "`conversation` is set: nothing is kept here. Send the whole conversation as `input`.")]
    [InlineData("\"prompt\":{\"id\":\"p\"}", "`prompt` is set: nothing is kept here. Send the prompt's text as `instructions` or `input`, or use a `preset`.")]
    [InlineData("\"truncation\":\"middle\"", "`truncation` is \"middle\": it must be \"auto\" or \"disabled\".")]
    [InlineData("\"include\":[\"file_search_call.results\"]", "`include` holds \"file_search_call.results\": it may hold \"reasoning.encrypted_content\" and \"message.output_text.logprobs\".")]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", "`tools[0].type` is \"web_search\": this gateway runs no tools of its own. Declare a \"function\" and answer its calls.")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "`tools[0].name` is missing: it must be a string.")]
    [InlineData("\"tool_choice\":\"any\"", "`tool_choice` is \"any\": it must be \"auto\", \"none\" or \"required\".")]
    [InlineData("\"tool_choice\":{\"type\":\"mcp\"}", "`tool_choice.type` is \"mcp\": it must be \"function\" or \"allowed_tools\".")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}", "`tool_choice.tools` names \"f\", which is not among `tools`.")]
    [InlineData("\"text\":{\"format\":{\"type\":\"grammar\"}}", "`text.format.type` is \"grammar\": it must be \"text\", \"json_object\" or \"json_schema\".")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\"}}", "`text.format.schema` is missing: it must be a JSON schema, which is an object.")]
    [InlineData("\"max_output_tokens\":0", "`max_output_tokens` is 0: it must be a whole number of at least 1.")]
    [InlineData("\"max_output_tokens\":\"many\"", "`max_output_tokens` is a string: it must be a whole number of at least 1.")]
    [InlineData("\"temperature\":1e400", "`temperature` is out of range: it must be a number.")]
    [InlineData("\"top_logprobs\":21", "`top_logprobs` is 21: it must be a whole number from 0 to 20.")]
    [InlineData("\"reasoning\":\"low\"", "`reasoning` is a string: it must be an object such as {\"effort\":\"low\"}.")]
    [InlineData("\"reasoning\":{\"effort\":3}", "`reasoning.effort` is 3: it must be \"none\", \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\" or \"max\".")]
    [InlineData("\"reasoning\":{\"max_tokens\":0}", "`reasoning.max_tokens` is 0: it must be a whole number of at least 1.")]
    [InlineData("\"tools\":{}", "`tools` is an object: it must be an array of tools such as {\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}.")]
    [InlineData("\"text\":\"short\"", "`text` is a string: it must be an object such as {\"format\":{\"type\":\"text\"}}.")]
    [InlineData("\"text\":{\"format\":\"json\"}", "`text.format` is a string: it must be an object such as {\"type\":\"json_object\"}.")]
    [InlineData("\"stream\":\"yes\"", "`stream` is a string: it must be true or false.")]
    [InlineData("\"instructions\":[1]", "`instructions` is an array: it must be a string.")]
    public void What_cannot_be_honoured_is_refused_by_name(string fields, string message)
    {
        var exception = Assert.Throws<RouterException>(() => ResponseWire.Read($$"""{"model":"m","input":"Hello",{{fields}}}"""));

        Assert.Equal((FailureKind.InvalidRequest, message), (exception.Kind, exception.Message));
    }
}
